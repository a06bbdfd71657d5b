import { carrierFor, type CarrierNames } from '../common/carriers';

/**
 * Carriers as Shopify spells them. The spelling counts: Shopify makes a link of the tracking number, and follows the shipment, only for names
 * of its own list (Admin API, FulfillmentTrackingInfo.company).
 */
const SPELLINGS: ReadonlyArray<readonly [spelling: string, ...also: string[]]> = [
	['4PX'],
	['Amazon', 'amazon logistics', 'amzl', 'amazon shipping'],
	['An Post'],
	['Aramex Australia'],
	['Australia Post', 'auspost'],
	['BRT', 'bartolini'],
	['BPost'],
	['Bring'],
	['Canada Post'],
	['Canpar'],
	['China Post'],
	['Chronopost'],
	['Colissimo', 'la poste'],
	['Correios'],
	['Correos'],
	['CTT'],
	['Deutsche Post', 'deutsche post ag'],
	['DHL eCommerce', 'dhl global mail'],
	['DHL Express', 'dhl worldwide express', 'dhl intl'],
	['DHL Parcel'],
	['DHL', 'dhl paket', 'dhl germany'],
	['DPD', 'dpd germany'],
	['DPD Local'],
	['DPD UK'],
	['Estes'],
	['Evri', 'hermes uk', 'myhermes'],
	['FedEx', 'federal express', 'fedex ground', 'fedex express', 'fedex home delivery', 'fdx'],
	['GLS', 'gls germany'],
	['Hermes'],
	['Inpost'],
	['Intelcom'],
	['Israel Post'],
	['Japan Post (EN)', 'japan post'],
	['Lasership'],
	['LSO'],
	['Mondial Relay'],
	['New Zealand Post', 'nz post'],
	['Old Dominion'],
	['OnTrac'],
	['Packeta', 'zasilkovna'],
	['Parcelforce'],
	['Pitney Bowes'],
	['PostNL'],
	['PostNord SE', 'postnord', 'postnord sweden'],
	['PostNord DK', 'postnord denmark'],
	['PostNord NO', 'postnord norway'],
	['Poste Italiane'],
	['Purolator'],
	['Royal Mail'],
	['Sendle'],
	['SEUR'],
	['SF Express'],
	['Singapore Post', 'singpost'],
	['StarTrack'],
	['Swiss Post', 'die post'],
	['TForce Final Mile'],
	['TNT'],
	['UPS', 'united parcel service', 'ups ground', 'ups mail innovations'],
	['USPS', 'us postal service', 'united states postal service', 'us mail'],
	['XPO Logistics', 'xpo'],
	['Yamato (EN)', 'yamato'],
	['Yodel'],
	['YunExpress', 'yun express'],
	['Österreichische Post', 'austrian post'],
];

const keyOf = (name: string): string =>
	name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '');

const BY_KEY: ReadonlyMap<string, string> = new Map(
	SPELLINGS.flatMap(([spelling, ...also]) => [spelling, ...also].map((name): [string, string] => [keyOf(name), spelling])),
);

/** "ups_ground" → "UPS"; a carrier that nobody knows keeps its name. @param own goes before our table */
export function spelled(carrier: string | null, own?: CarrierNames): string | null {
	const name = carrier?.trim() ?? '';
	if (name === '') return null;
	return carrierFor(own, name) ?? BY_KEY.get(keyOf(name)) ?? name;
}
