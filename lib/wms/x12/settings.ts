/** What two partners agree on before the first interchange. */
import { readingOf } from '../../files/inbox';
import { FulfillmentError, shown } from '../../order/errors';

export interface X12Settings {
	/** ISA05, ISA06: we. */
	ourQualifier: string;
	ourId: string;
	/** ISA07, ISA08: the warehouse. */
	theirQualifier: string;
	theirId: string;
	/** GS02, GS03. Default: the ids. */
	ourGroupId?: string;
	theirGroupId?: string;
	/** ISA15. Default P. */
	usage?: 'P' | 'T';
	/** What stands between elements, behind segments, and between components. Default * ~ >. */
	elementSeparator?: string;
	segmentTerminator?: string;
	componentSeparator?: string;
	/** A line break behind each segment. Default false. */
	lineBreaks?: boolean;
	/** Letters outside ASCII are spelled in ASCII, since many translators take no other. Default true. */
	ascii?: boolean;
	/** W01-04 and W12-07: what kind of key the SKU is. Default VN. */
	skuQualifier?: string;
	/** Where the warehouse writes the tracking number, first found first: "MAN*CP" (second element of such a segment), "W06-05". */
	trackingAt?: string;
	/** What becomes of pieces that a 945 leaves out. Default: what its W12-01 says. */
	shortShipments?: 'by_status' | 'canceled' | 'follow';
	/** Each group that the warehouse sends is answered with a 997. Default true. */
	acknowledge?: boolean;
	/** A 997 that has not come after so many hours is told. 0 = none is expected. Default 24. */
	acknowledgementHours?: number;
	/** Where control numbers begin. Default 1. */
	firstControlNumber?: number;
	/** Where files for the warehouse are put, and where it puts its own. Default "to-warehouse", "from-warehouse". */
	outgoing?: string;
	incoming?: string;
	/** See `SettleSettings`. Default 2000. */
	settleMs?: number;
}

export interface TrackingPlace {
	segment: string;
	/** Value of the first element that the segment must have. */
	qualifier: string | null;
	/** Counts from 1. */
	element: number;
}

export type X12Partner = Required<Omit<X12Settings, 'settleMs' | 'trackingAt'>> & { trackingAt: TrackingPlace[]; settleMs?: number };

const DEFAULT_TRACKING_AT = 'MAN*CP, MAN*GM, N9*2I, N9*CN';

const refuse = (what: string, value: string, remedy: string): never => {
	throw new FulfillmentError('invalid_input', `EDI partner: ${what} (value: ${shown(value)}).`, remedy);
};

/** Fills in what is not said. Throws FulfillmentError `invalid_input` for what no interchange can be made with. */
export function partnerOf(settings: X12Settings): X12Partner {
	const text = (value: string | undefined, fallback: string): string =>
		value === undefined || value.trim() === '' ? fallback : value.trim();
	const separator = (value: string | undefined, fallback: string): string => (value === undefined || value === '' ? fallback : value);
	const partner: X12Partner = {
		ourQualifier: text(settings.ourQualifier, 'ZZ'),
		ourId: text(settings.ourId, ''),
		theirQualifier: text(settings.theirQualifier, 'ZZ'),
		theirId: text(settings.theirId, ''),
		ourGroupId: text(settings.ourGroupId, text(settings.ourId, '')),
		theirGroupId: text(settings.theirGroupId, text(settings.theirId, '')),
		usage: settings.usage ?? 'P',
		elementSeparator: separator(settings.elementSeparator, '*'),
		segmentTerminator: separator(settings.segmentTerminator, '~'),
		componentSeparator: separator(settings.componentSeparator, '>'),
		lineBreaks: settings.lineBreaks ?? false,
		ascii: settings.ascii ?? true,
		skuQualifier: text(settings.skuQualifier, 'VN'),
		trackingAt: placesOf(text(settings.trackingAt, DEFAULT_TRACKING_AT)),
		shortShipments: settings.shortShipments ?? 'by_status',
		acknowledge: settings.acknowledge ?? true,
		acknowledgementHours: Math.max(0, settings.acknowledgementHours ?? 24),
		firstControlNumber: Math.max(1, Math.trunc(settings.firstControlNumber ?? 1)),
		outgoing: text(settings.outgoing, 'to-warehouse'),
		incoming: text(settings.incoming, 'from-warehouse'),
		...(settings.settleMs === undefined ? {} : { settleMs: settings.settleMs }),
	};
	for (const [what, id] of [
		['our ID', partner.ourId],
		["the warehouse's ID", partner.theirId],
		['our group ID', partner.ourGroupId],
		["the warehouse's group ID", partner.theirGroupId],
	] as const) {
		if (!/^[\x21-\x7e]([\x20-\x7e]{0,13}[\x21-\x7e])?$/.test(id))
			refuse(`${what} is not 1 to 15 characters of ASCII`, id, 'Enter the IDs that you and the warehouse agreed on.');
	}
	for (const qualifier of [partner.ourQualifier, partner.theirQualifier, partner.skuQualifier]) {
		if (!/^[A-Z0-9]{2}$/.test(qualifier))
			refuse(
				'a qualifier is not two capital letters or digits',
				qualifier,
				'ZZ is mutually defined, 01 a D-U-N-S number, 12 a phone number; for SKUs VN, BP, SK or UP.',
			);
	}
	const separators = [partner.elementSeparator, partner.segmentTerminator, partner.componentSeparator];
	for (const one of separators)
		if (one.length !== 1 || /[A-Za-z0-9 \r]/.test(one))
			refuse(
				'a separator is not one character other than letters, digits and blanks',
				one,
				'Usual are * between elements, ~ behind segments and > between components.',
			);
	if (new Set(separators).size !== 3)
		refuse(
			'separators are not different from each other',
			separators.join(' '),
			'Usual are * between elements, ~ behind segments and > between components.',
		);
	if ([partner.ourId, partner.theirId, partner.ourGroupId, partner.theirGroupId].some((id) => separators.some((one) => id.includes(one))))
		refuse('an ID contains a separator', separators.join(' '), 'Agree on another separator.');
	if ([partner.incoming, readingOf(partner.incoming)].includes(partner.outgoing))
		refuse('both directions have the same directory', partner.outgoing, 'Choose one for each direction.');
	return partner;
}

function placesOf(text: string): TrackingPlace[] {
	return text
		.split(/[,;]/)
		.map((each) => each.trim())
		.filter((each) => each !== '')
		.map((each) => {
			const [, segment, qualifier, element] = /^([A-Z][A-Z0-9]{1,2})(?:\*([A-Z0-9]{1,3})|-(\d{1,2}))$/.exec(each) ?? [];
			if (segment !== undefined && qualifier !== undefined) return { segment, qualifier, element: 2 };
			if (segment !== undefined && Number(element) > 0) return { segment, qualifier: null, element: Number(element) };
			return refuse(
				'a place of the tracking number cannot be read',
				each,
				'Write MAN*CP for the second element of a segment MAN whose first is CP, or W06-05 for the fifth element of W06; several separated by commas.',
			);
		});
}

/** Which sequence of control numbers partner and direction share. */
export const sequenceOf = ({ ourQualifier, ourId, theirQualifier, theirId, usage }: X12Partner): string =>
	`x12:${ourQualifier}/${ourId}>${theirQualifier}/${theirId}:${usage}`;
