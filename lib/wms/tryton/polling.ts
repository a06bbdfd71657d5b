/**
 * Reads what changed in Tryton in two passes: shipments, and packages, whose tracking numbers may come after the shipment left. Positions are
 * moments of Tryton's own database, which are compared with nothing else.
 */
import type { Cursor } from '../../order/wmsEvent';
import type { JsonValue } from '../../order/order';
import { isObject, textOf, type JsonObject } from '../json';
import type { WmsEventPage } from '../Wms';
import type { Company, Records } from './records';
import { CARRIER_FIELD, isOneTooMany, PACKAGE_MOVE_FIELD, reportOf, SHIPMENT_FIELDS, type Report } from './reports';
import { recordsOf } from './rpc';
import { CODE_PREFIX, hasLeft, referenceOf } from './sending';
import { dateTimeValue, earlier, isMoment, momentText } from './values';

interface Position {
	shipments?: string;
	packages?: string;
}

const PAGE_SIZE = 100;
/** A change bears the time at which its transaction began, and is seen when that ends. */
const OVERLAP_MS = 5 * 60_000;

export interface PollingOptions {
	/** The field of a shipment with a tracking number, for what is in no package. */
	trackingField: string | null;
	/** Leaves one live shipment of an order; see `Sending.find`. */
	settle(reference: string): Promise<unknown>;
}

export async function* changes(records: Records, cursor: Cursor | null, { trackingField, settle }: PollingOptions): AsyncGenerator<WmsEventPage> {
	const company = await records.company();
	const { rpc } = company;
	const modules = await records.modules();
	const position = positionOf(cursor);
	const fields = [...SHIPMENT_FIELDS, ...(modules.packages ? [PACKAGE_MOVE_FIELD] : []), ...(modules.carrier ? [CARRIER_FIELD] : []), ...(trackingField === null ? [] : [trackingField])];

	async function page(shipments: JsonObject[], next: Position): Promise<WmsEventPage> {
		const packages = modules.packages ? await packagesOf(company, shipments.filter(hasLeft), modules.tracking) : new Map<number, JsonObject>();
		const customers = [...new Set(shipments.map(({ customer }) => Number(customer)))];
		const family = customers.length === 0 ? [] : await recordsOf(rpc, 'stock.shipment.out.search_read', [[['customer', 'in', customers], ['company', '=', company.id]], 0, null, null, ['customer', 'state']]);
		const reports: Report[] = [];
		for (const shipment of shipments) {
			const siblings = family.filter(({ customer }) => customer === shipment.customer);
			// A request that the network delivered late, when its order had a shipment already.
			if (isOneTooMany(shipment, siblings)) await settle(referenceOf(shipment) ?? '');
			else reports.push(reportOf(shipment, { packages, trackingField, siblings }));
		}
		Object.assign(position, next);
		return { events: reports.flatMap(({ events }) => events), failures: reports.flatMap(({ failures }) => failures), next: { ...position } };
	}

	const ours: JsonValue[] = [['customer.code', 'like', `${CODE_PREFIX}%`], ['company', '=', company.id]];
	for await (const shipments of walk(company, { model: 'stock.shipment.out', domain: ours, fields, since: position.shipments })) {
		const reached = momentText(shipments.at(-1)?.write_date);
		yield await page(shipments, reached === null ? {} : { shipments: reached });
	}

	if (!modules.tracking) return;
	const shipped: JsonValue[] = [['shipment.state', 'in', ['done'], 'stock.shipment.out'], ['shipment.customer.code', 'like', `${CODE_PREFIX}%`, 'stock.shipment.out'], ['company', '=', company.id]];
	for await (const packages of walk(company, { model: 'stock.package', domain: shipped, fields: ['shipment', 'write_date'], since: position.packages })) {
		const ids = [...new Set(packages.map(({ shipment }) => Number(textOf(shipment)?.split(',')[1])))];
		const reached = momentText(packages.at(-1)?.write_date);
		yield await page(await recordsOf(rpc, 'stock.shipment.out.search_read', [[['id', 'in', ids]], 0, null, [['id', 'ASC']], fields]), reached === null ? {} : { packages: reached });
	}
}

async function packagesOf({ rpc }: Company, shipments: readonly JsonObject[], tracking: boolean): Promise<Map<number, JsonObject>> {
	if (shipments.length === 0) return new Map();
	const owners = shipments.map(({ id }) => `stock.shipment.out,${String(id)}`);
	const found = await recordsOf(rpc, 'stock.package.search_read', [[['shipment', 'in', owners]], 0, null, null, ['code', 'parent', ...(tracking ? ['shipping_reference', 'shipping_tracking_url'] : [])]]);
	return new Map(found.map((box) => [Number(box.id), box]));
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
async function* walk({ rpc }: Company, { model, domain, fields, since }: Walk): AsyncGenerator<JsonObject[]> {
	// Everything of ours was written after it was made: a shipment got its lines, a package its tracking number.
	let from: JsonValue = since === undefined ? [['write_date', '!=', null]] : [['write_date', '>=', dateTimeValue(earlier(since, OVERLAP_MS))]];
	for (;;) {
		const found = await recordsOf(rpc, `${model}.search_read`, [[...domain, from], 0, PAGE_SIZE, [['write_date', 'ASC'], ['id', 'ASC']], [...fields]]);
		if (found.length > 0) yield found;
		const last = found.at(-1);
		const reached = momentText(last?.write_date);
		if (found.length < PAGE_SIZE || last === undefined || reached === null) return;
		const at = dateTimeValue(reached);
		from = ['OR', [['write_date', '>', at]], [['write_date', '=', at], ['id', '>', Number(last.id)]]];
	}
}

function positionOf(cursor: Cursor | null): Position {
	const position: Position = {};
	for (const name of ['shipments', 'packages'] as const) {
		const moment = isObject(cursor) ? textOf(cursor[name]) : null;
		if (moment !== null && isMoment(moment)) position[name] = moment;
	}
	return position;
}
