/**
 * Reads what changed in Tryton in two passes: shipments, and packages, whose tracking numbers may come after the shipment left. Positions are
 * moments of Tryton's own database, which keeps them in UTC.
 */
import { pageLimit } from '../../http/pages';
import type { ReadingClock } from '../../http/readingClock';
import { MappingError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import type { JsonValue } from '../../order/order';
import { reportsOf } from '../common/entries';
import { isObject, textOf, type JsonObject } from '../common/json';
import type { WmsEventPage } from '../Wms';
import type { Company, Records } from './records';
import { CARRIER_FIELD, isOneTooMany, PACKAGE_MOVE_FIELD, REMEDY, reportOf, SHIPMENT_FIELDS } from './reports';
import { entriesOf, recordsOf } from './rpc';
import { CODE_PREFIX, hasLeft, referenceOf } from './shipments';
import { dateTimeValue, earlier, isMoment, momentFrom, momentText, timeOf } from './values';

const NAMES = ['shipments', 'packages'] as const;

type Position = Partial<Record<(typeof NAMES)[number], string>>;

const PAGE_SIZE = 100;
/** A change bears the time at which its transaction began, and is seen when that ends. */
const OVERLAP_MS = 5 * 60_000;

interface PollingOptions {
	/** The field of a shipment with a tracking number, for what is in no package. */
	trackingField: string | null;
	/** Leaves one live shipment of an order; see `Sending.find`. */
	settle(reference: string): Promise<unknown>;
}

/** @param records asks through the clock */
export async function* changes(
	records: Records,
	clock: ReadingClock,
	cursor: Cursor | null,
	{ trackingField, settle }: PollingOptions,
): AsyncGenerator<WmsEventPage> {
	const company = await records.company();
	const { rpc } = company;
	const modules = await records.modules();
	const known = positionOf(cursor);
	const reached: Position = {};
	const fields = [
		...SHIPMENT_FIELDS,
		...(modules.packages ? [PACKAGE_MOVE_FIELD] : []),
		...(modules.carrier ? [CARRIER_FIELD] : []),
		...(trackingField === null ? [] : [trackingField]),
	];

	/** @param entries of the list that was read */
	function reach(name: keyof Position, entries: readonly unknown[]): void {
		const times = [reached[name], ...entries.filter(isObject).map(({ write_date: written }) => momentText(written))].filter(
			(moment) => typeof moment === 'string',
		);
		if (known[name] === undefined && times.length === 0) return;
		// Its microseconds are lost, in what the next run reads again anyway.
		reached[name] = momentFrom(clock.position(known[name] === undefined ? null : timeOf(known[name]), times.map(timeOf)));
	}

	async function page(entries: readonly unknown[]): Promise<WmsEventPage> {
		const shipments = entries.filter(isObject);
		const packages = modules.packages
			? await packagesOf(company, shipments.filter(hasLeft), modules.tracking)
			: new Map<number, JsonObject>();
		const customers = [...new Set(shipments.map(({ customer }) => customer).filter(isId))];
		const family =
			customers.length === 0
				? []
				: await recordsOf(rpc, 'stock.shipment.out.search_read', [
						[
							['customer', 'in', customers],
							['company', '=', company.id],
						],
						0,
						null,
						null,
						['customer', 'state'],
					]);
		const { events, failures } = await reportsOf(entries, { code: 'tryton', label: 'Tryton', what: 'shipment' }, async (shipment) => {
			for (const name of ['id', 'customer'] as const)
				if (!isId(shipment[name])) throw new MappingError(name, shipment[name] ?? null, 'is no id of Tryton', REMEDY);
			const siblings = family.filter(({ id, customer }) => isId(id) && customer === shipment.customer);
			if (!isOneTooMany(shipment, siblings)) return reportOf(shipment, { packages, trackingField, siblings });
			// A request that the network delivered late, when its order had a shipment already.
			await settle(referenceOf(shipment) ?? '');
			return { events: [], failures: [] };
		});
		// Of both lists: when a clock was set back, none of the positions may stay where it was.
		for (const name of NAMES) reach(name, []);
		return { events, failures, next: { ...reached, ...clock.mark() } };
	}

	const ours: JsonValue[] = [
		['customer.code', 'like', `${CODE_PREFIX}%`],
		['company', '=', company.id],
	];
	for await (const shipments of walk(company, { model: 'stock.shipment.out', domain: ours, fields, since: known.shipments })) {
		reach('shipments', shipments);
		yield await page(shipments);
	}

	if (!modules.tracking) return;
	const shipped: JsonValue[] = [
		['shipment.state', 'in', ['done'], 'stock.shipment.out'],
		['shipment.customer.code', 'like', `${CODE_PREFIX}%`, 'stock.shipment.out'],
		['company', '=', company.id],
	];
	for await (const packages of walk(company, {
		model: 'stock.package',
		domain: shipped,
		fields: ['shipment', 'write_date'],
		since: known.packages,
	})) {
		reach('packages', packages);
		const ids = [...new Set(packages.map((one) => Number(isObject(one) ? textOf(one.shipment)?.split(',')[1] : null)).filter(isId))];
		yield await page(await entriesOf(rpc, 'stock.shipment.out.search_read', [[['id', 'in', ids]], 0, null, [['id', 'ASC']], fields]));
	}
}

async function packagesOf({ rpc }: Company, shipments: readonly JsonObject[], tracking: boolean): Promise<Map<number, JsonObject>> {
	const owners = shipments.filter(({ id }) => isId(id)).map(({ id }) => `stock.shipment.out,${String(id)}`);
	if (owners.length === 0) return new Map();
	const found = await recordsOf(rpc, 'stock.package.search_read', [
		[['shipment', 'in', owners]],
		0,
		null,
		null,
		['code', 'parent', ...(tracking ? ['shipping_reference', 'shipping_tracking_url'] : [])],
	]);
	return new Map(found.flatMap((box) => (isId(box.id) ? [[box.id, box] as const] : [])));
}

interface Walk {
	model: string;
	domain: JsonValue[];
	fields: string[];
	since: string | undefined;
}

/**
 * Page by page, oldest change first. Each page begins after the last entry of the one before, not at a number: entries that change meanwhile
 * move to the end, and numbers would skip what follows them.
 */
async function* walk({ rpc }: Company, { model, domain, fields, since }: Walk): AsyncGenerator<unknown[]> {
	// Everything of ours was written after it was made: a shipment got its lines, a package its tracking number.
	let from: JsonValue =
		since === undefined ? [['write_date', '!=', null]] : [['write_date', '>=', dateTimeValue(earlier(since, OVERLAP_MS))]];
	const anotherPage = pageLimit('Tryton');
	for (;;) {
		anotherPage();
		const found = await entriesOf(rpc, `${model}.search_read`, [
			[...domain, from],
			0,
			PAGE_SIZE,
			[
				['write_date', 'ASC'],
				['id', 'ASC'],
			],
			[...fields],
		]);
		if (found.length > 0) yield found;
		const last = found.filter(isObject).findLast(({ id, write_date: at }) => isId(id) && momentText(at) !== null);
		const reached = momentText(last?.write_date);
		if (found.length < PAGE_SIZE || last === undefined || reached === null) return;
		const at = dateTimeValue(reached);
		from = [
			'OR',
			[['write_date', '>', at]],
			[
				['write_date', '=', at],
				['id', '>', Number(last.id)],
			],
		];
	}
}

/** Of a record. */
const isId = (id: unknown): id is number => Number.isSafeInteger(id);

function positionOf(cursor: Cursor | null): Position {
	const position: Position = {};
	for (const name of NAMES) {
		const moment = isObject(cursor) ? textOf(cursor[name]) : null;
		if (moment !== null && isMoment(moment)) position[name] = moment;
	}
	return position;
}
