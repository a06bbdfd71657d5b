import { shown } from '../../order/errors';
import type { Package } from '../../order/order';
import type { RuleAction, RunAction } from '../actions/common/action';
import type { Field } from '../actions/common/field';
import { caseSensitive } from '../actions/common/fields';
import { ruleLabel, ruleProblem } from '../problem';
import { boolean, list, nullable, object, oneOf, otherwise, text, type Shape } from '../ruleSet/shape';
import type { JudgedShipment, OnShipments } from '../subjects/shipment';

export interface CarrierMap {
	/** False = letter case and the amount of white space do not matter. */
	caseSensitive: boolean;
	/** The first entry that fits counts. Null leaves a field as it is; `{trackingNumber}` in a link stands for the number. */
	entries: Array<{ carrier: string; cartCarrier: string; serviceLevel: string | null; trackingUrl: string | null }>;
	unmapped: 'leave' | 'error';
}

const carrierMap: Shape<CarrierMap> = object<CarrierMap>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<CarrierMap['entries'][number]>({
			carrier: text({ description: 'As the warehouse says it; empty = shipments without a carrier.' }),
			cartCarrier: text({ least: 1 }),
			serviceLevel: nullable(text()),
			trackingUrl: nullable(text({ description: '{trackingNumber} stands for the number.' })),
		}),
		{ most: 5_000 },
	),
	unmapped: otherwise(oneOf('leave', 'error'), 'leave'),
});

const ROW: readonly Field[] = [
	{
		displayName: 'Carrier of the Warehouse',
		name: 'carrier',
		type: 'string',
		default: '',
		placeholder: 'DHL_EXPRESS',
		description: 'Empty = shipments without a carrier',
	},
	{ displayName: 'Carrier of the Cart', name: 'cartCarrier', type: 'string', default: '', placeholder: 'DHL Express' },
	{ displayName: 'Service Level', name: 'serviceLevel', type: 'string', default: '', description: 'Empty = as the warehouse says it' },
	{
		displayName: 'Tracking Link',
		name: 'trackingUrl',
		type: 'string',
		default: '',
		placeholder: 'https://example.com/track/{trackingNumber}',
		description: 'Empty = as the warehouse says it',
	},
];

/** Says the carrier in the cart's spelling. */
export const mapCarrier: RuleAction<{ map: CarrierMap }, OnShipments> = {
	option: { name: 'Map Carrier', action: 'Map the carrier', description: 'From the warehouse’s spelling to the cart’s' },
	shape: object<{ map: CarrierMap }>({ map: carrierMap }),
	fields: [
		{
			displayName: 'Carriers',
			name: 'carriers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Carrier',
			default: {},
			options: [{ displayName: 'Carrier', name: 'list', values: ROW }],
		},
		{
			displayName: 'When a Carrier Is Not in the Table',
			name: 'unmappedCarrier',
			type: 'options',
			options: [
				{ name: 'Leave It as It Is', value: 'leave' },
				{ name: 'Put the Upload in Error', value: 'error' },
			],
			default: 'leave',
			belowTables: true,
		},
		caseSensitive,
	],
	read: (given) => ({
		map: {
			caseSensitive: given.boolean('caseSensitive'),
			unmapped: given.choice('unmappedCarrier'),
			entries: given.rows('carriers').map((row) => ({
				carrier: row.text('carrier'),
				cartCarrier: row.text('cartCarrier'),
				serviceLevel: row.textOrNull('serviceLevel'),
				trackingUrl: row.textOrNull('trackingUrl'),
			})),
		},
	}),
	compile: ({ map }, rule) => compileMap(map, rule),
};

function compileMap(map: CarrierMap, rule: string): RunAction<OnShipments> {
	if (typeof map !== 'object' || map === null || !Array.isArray(map.entries)) {
		throw ruleProblem('The table of carriers cannot be read.', 'Enter the table of this rule again.');
	}
	const key = (carrier: string): string => {
		const text = carrier.normalize('NFKC').trim().replace(/\s+/g, ' ');
		return map.caseSensitive ? text : text.toLowerCase();
	};
	const table = new Map<string, CarrierMap['entries'][number]>();
	for (const [index, entry] of map.entries.entries()) {
		if (typeof entry?.carrier !== 'string' || typeof entry.cartCarrier !== 'string' || entry.cartCarrier.trim() === '') {
			throw ruleProblem(
				`Row ${index + 1} of the table of carriers is not complete.`,
				'Enter the carrier of the warehouse and that of the cart, or remove the row.',
			);
		}
		if (!table.has(key(entry.carrier))) table.set(key(entry.carrier), entry);
	}
	return (shipment) => {
		const entryFor = (carrier: string | null) => table.get(key(carrier ?? ''));
		const found = entryFor(shipment.carrier);
		const missing = [shipment, ...shipment.packages].find((each) => entryFor(each.carrier) === undefined);
		if (missing === undefined || map.unmapped === 'leave') {
			// One that is alone follows the shipment.
			const packages =
				shipment.packages.length < 2 ? shipment.packages : shipment.packages.map((one) => mappedPackage(one, entryFor(one.carrier)));
			return { content: { ...(found === undefined ? shipment : mapped(shipment, found)), packages } };
		}
		const { carrier } = missing;
		const named =
			carrier === null
				? 'The shipment has no carrier, and the table has no row for that'
				: `The carrier ${shown(carrier, 200)} is not in the table`;
		return {
			content: shipment,
			decision: { kind: 'error', rule, alert: { code: 'unmapped_shipping_method', message: `${ruleLabel(rule)}: ${named}.` } },
		};
	};
}

function mappedPackage(one: Package, entry: CarrierMap['entries'][number] | undefined): Package {
	if (entry === undefined) return one;
	const url = linkFor(entry.trackingUrl, one.trackingNumbers[0] ?? null);
	return {
		...one,
		carrier: entry.cartCarrier.trim(),
		serviceLevel: entry.serviceLevel ?? one.serviceLevel,
		trackingUrl: url !== '' ? url : one.trackingUrl,
	};
}

const linkFor = (template: string | null, number: string | null): string =>
	template?.replaceAll('{trackingNumber}', encodeURIComponent(number ?? '')) ?? '';

function mapped(shipment: JudgedShipment, { cartCarrier, serviceLevel, trackingUrl }: CarrierMap['entries'][number]): JudgedShipment {
	const url = linkFor(trackingUrl, shipment.trackingNumber);
	return {
		...shipment,
		carrier: cartCarrier.trim(),
		serviceLevel: serviceLevel ?? shipment.serviceLevel,
		trackingUrl: url !== '' ? url : shipment.trackingUrl,
	};
}
