/**
 * What the warehouse writes: three directories of CSV files (comma, semicolon or tab; UTF-8; columns by name, in any order,
 * others are ignored). `reference` is ours; `wms_order_id` alone is enough when the warehouse has its own key.
 *
 * | directory | columns |
 * |---|---|
 * | acknowledgements | reference, wms_order_id, status (accepted, rejected), message |
 * | shipments | reference, wms_order_id, shipment_id, carrier, service_level, tracking_number, tracking_url, shipped_at, line_id, sku, quantity |
 * | cancellations | reference, wms_order_id, cancellation_id, line_id, sku, quantity, reason |
 *
 * One row a line. Rows of one file with the same order, shipment_id and tracking_number are one package (several packages of one
 * shipment_id are kept apart by their tracking numbers; a tracking_number may hold several, "1Z1, 1Z2"). No line_id, sku and quantity = everything that is
 * still outstanding; beside rows of the same shipment_id, one package more of it.
 * shipped_at is 2026-11-23T18:00:00Z or with an offset; without one it is UTC. A file is written under another name (or a
 * name that ends in .tmp) and renamed, and never changed afterwards; we take it aside, read it, and move it to `archive` once it is recorded.
 */
import { DateTime } from 'luxon';
import { inColumn, openCsv, type CsvRow } from '../../files/csv';
import { shortHash } from '../../files/names';
import { asError, MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { IsoDate } from '../../order/order';
import { sharedKeyOf } from '../../order/shipmentIdentity';
import type { ReportedCancellation, ReportedLine, ReportedShipment, WmsEvent } from '../../order/wmsEvent';

export type ReportKind = 'acknowledgements' | 'shipments' | 'cancellations';

export interface Report {
	events: WmsEvent[];
	failures: NewImportFailure[];
}

const MAX_QUANTITY = 1_000_000;

/** Reads one file. @param origin for people: "shipments/2026-11.csv". Throws MappingError when it cannot be read as a whole; a bad row is a failure, the rest goes on. */
export async function readReport(bytes: AsyncIterable<Uint8Array>, origin: string, kind: ReportKind): Promise<Report> {
	const table = await openCsv(bytes, { origin });
	try {
		for (const [needed, ...others] of REQUIRED[kind]) {
			if (needed !== undefined && ![needed, ...others].some(table.has)) {
				throw new MappingError(
					origin,
					table.header.slice(0, 12).join(', '),
					`the header has no column ${[needed, ...others].join(' or ')}`,
					'Have the warehouse write the columns that the documentation lists.',
				);
			}
		}
		const report: Report = { events: [], failures: [] };
		/** Shipments and cancellations by their key; rows of one need not stand together. */
		const open = new Map<string, Collected>();
		for await (const row of table.rows) {
			try {
				if (row.problem !== null) throw new MappingError(row.origin, '', row.problem, 'Correct the row and have it reported again.');
				if (kind === 'acknowledgements') report.events.push(acknowledgement(row));
				else collect(open, row, kind);
			} catch (error) {
				if (!(error instanceof MappingError)) throw asError(error);
				report.failures.push(rowFailure(row, error));
				// A shipment of which one row is lost would be recorded too small, and could not be corrected later.
				if (kind !== 'acknowledgements')
					open.set(groupKey(row, kind), { ...(open.get(groupKey(row, kind)) ?? emptyGroup(row)), broken: true });
			}
		}
		/** The tracking numbers that this file names under each shipment. */
		const numbers = new Map<string, string[]>();
		for (const { row } of open.values()) {
			const named = numbers.get(shipmentName(row));
			if (named === undefined) numbers.set(shipmentName(row), [row.cell('tracking_number')]);
			else named.push(row.cell('tracking_number'));
		}
		/** Shipments of which a row says what was in them, or that stand for all that is outstanding: what else they have are packages. */
		const described = new Set<string>();
		for (const group of goodsFirst([...open.values()])) {
			if (!group.broken && group.everything && group.lines.length > 0) {
				const error = new MappingError(
					group.row.origin,
					'',
					'some rows name what was in it, others name nothing',
					'Name line_id or sku and quantity in every row, or in none.',
				);
				report.failures.push(rowFailure(group.row, error));
			} else if (!group.broken)
				report.events.push(
					kind === 'shipments'
						? shipment(group, numbers.get(shipmentName(group.row)) ?? [], group.everything && described.has(shipmentName(group.row)))
						: cancellation(group),
				);
			if (group.row.cell('shipment_id') !== '') described.add(shipmentName(group.row));
		}
		return report;
	} finally {
		await table.close();
	}
}

const REQUIRED: Readonly<Record<ReportKind, readonly string[][]>> = {
	acknowledgements: [['reference', 'wms_order_id'], ['status']],
	shipments: [
		['reference', 'wms_order_id'],
		['shipment_id', 'tracking_number'],
	],
	cancellations: [['reference', 'wms_order_id']],
};

const rowFailure = (row: CsvRow, error: MappingError): NewImportFailure => ({
	subject: 'shipment',
	// Where it stands and what it says: another file may have the same name.
	key: `${row.origin}:${shortHash(JSON.stringify(row.record()))}`,
	origin: row.origin,
	message: error.message,
	remedy: error.remedy,
	payload: Object.fromEntries(
		Object.entries(row.record())
			.slice(0, KEPT_COLUMNS)
			.map(([column, cell]) => [column.slice(0, KEPT_LENGTH), cell.slice(0, KEPT_LENGTH)]),
	),
});

/** What is kept of a row, of which a partner may make whatever it likes. */
const KEPT_COLUMNS = 200;
const KEPT_LENGTH = 2_000;

interface Named {
	reference: string | null;
	wmsOrderId: string | null;
	origin: string;
}

function named(row: CsvRow): Named {
	const reference = row.cell('reference') || null;
	const wmsOrderId = row.cell('wms_order_id') || null;
	if (reference === null && wmsOrderId === null) {
		throw new MappingError(
			inColumn(row, 'reference'),
			'',
			'the row does not say which order it is about',
			'Fill reference (or wms_order_id).',
		);
	}
	return { reference, wmsOrderId, origin: row.origin };
}

function acknowledgement(row: CsvRow): WmsEvent {
	const order = named(row);
	const status = row.cell('status').toLowerCase();
	if (status === 'accepted') return { kind: 'acknowledged', ...order };
	if (status === 'rejected') {
		const problem = row.cell('message') || 'The warehouse gave no reason.';
		return { kind: 'rejected', ...order, problems: [{ field: 'order', problem, code: 'rejected_by_wms' }] };
	}
	throw new MappingError(inColumn(row, 'status'), row.cell('status'), 'is neither accepted nor rejected', 'Write accepted or rejected.');
}

interface Collected {
	row: CsvRow;
	lines: ReportedLine[];
	everything: boolean;
	broken: boolean;
}

const emptyGroup = (row: CsvRow): Collected => ({ row, lines: [], everything: false, broken: false });

const orderName = (row: CsvRow): string => row.cell('reference') || row.cell('wms_order_id');

/** Of each order: what has no contents belongs to the goods. */
const goodsFirst = (groups: readonly Collected[]): Collected[] =>
	[...Map.groupBy(groups, ({ row }) => orderName(row)).values()].flatMap((ofOrder) =>
		ofOrder.toSorted((left, right) => Number(left.everything) - Number(right.everything)),
	);

const shipmentName = (row: CsvRow): string => JSON.stringify([orderName(row), row.cell('shipment_id')]);

const groupKey = (row: CsvRow, kind: ReportKind): string =>
	JSON.stringify([
		row.cell('reference') || row.cell('wms_order_id'),
		row.cell(kind === 'shipments' ? 'shipment_id' : 'cancellation_id'),
		kind === 'shipments' ? row.cell('tracking_number') : '',
	]);

function collect(open: Map<string, Collected>, row: CsvRow, kind: ReportKind): void {
	named(row);
	if (kind === 'shipments') {
		if (row.cell('shipment_id') === '' && row.cell('tracking_number') === '') {
			throw new MappingError(
				inColumn(row, 'shipment_id'),
				'',
				'neither shipment_id nor tracking_number is filled',
				'Fill shipment_id; it tells a repeat from a second parcel.',
			);
		}
		dateOf(row);
	}
	const key = groupKey(row, kind);
	const line = reportedLine(row);
	const group = open.get(key) ?? emptyGroup(row);
	if (line === null) group.everything = true;
	else group.lines.push(line);
	open.set(key, group);
}

/** null = the row names nothing: everything that is outstanding. */
function reportedLine(row: CsvRow): ReportedLine | null {
	const [lineId, sku, quantity] = [row.cell('line_id'), row.cell('sku'), row.cell('quantity')];
	if (lineId === '' && sku === '' && quantity === '') return null;
	if (lineId === '' && sku === '') {
		throw new MappingError(inColumn(row, 'sku'), '', 'a quantity without line_id or sku', 'Fill sku (or line_id).');
	}
	if (!/^\d{1,7}([.,]0+)?$/.test(quantity) || Number.parseInt(quantity, 10) < 1 || Number.parseInt(quantity, 10) > MAX_QUANTITY) {
		throw new MappingError(
			inColumn(row, 'quantity'),
			quantity,
			'is not a whole number from 1',
			'Write the number of pieces in the parcel.',
		);
	}
	return { lineId: lineId || null, sku: sku || null, quantity: Number.parseInt(quantity, 10) };
}

const LONGEST_DATE = 60;

function dateOf(row: CsvRow): IsoDate | null {
	const text = row.cell('shipped_at');
	if (text === '') return null;
	const candidates = text.length > LONGEST_DATE ? [] : [DateTime.fromISO(text, { zone: 'utc' }), DateTime.fromSQL(text, { zone: 'utc' })];
	const found = candidates.find(({ isValid, year }) => isValid && year >= 1970 && year < 2100);
	if (!found) {
		throw new MappingError(
			inColumn(row, 'shipped_at'),
			text,
			'is not a date that can be read without guessing',
			'Write 2026-11-23T18:00:00Z.',
		);
	}
	return found.toUTC().toISO();
}

/**
 * @param numbers all tracking numbers of the shipment in this file; "" = a package without one
 * @param isPackage its goods stand in other rows of the shipment
 */
function shipment({ row, lines, everything }: Collected, numbers: readonly string[], isPackage: boolean): ReportedShipment {
	const [id, tracking] = [row.cell('shipment_id'), row.cell('tracking_number')];
	return {
		kind: 'shipped',
		...named(row),
		// The same in every file, whatever stands beside it.
		externalId: id === '' ? tracking : tracking === '' ? id : `${id}/${tracking}`,
		...(id === '' ? {} : { sharedKey: sharedKeyOf(id, numbers) }),
		carrier: row.cell('carrier') || null,
		serviceLevel: row.cell('service_level') || null,
		trackingNumber: tracking || null,
		trackingUrl: row.cell('tracking_url') || null,
		shippedAt: dateOf(row),
		lines: isPackage ? [] : everything ? null : lines,
	};
}

function cancellation({ row, lines, everything }: Collected): ReportedCancellation {
	const order = named(row);
	const content = JSON.stringify([order.reference, order.wmsOrderId, lines]);
	return {
		kind: 'canceled',
		...order,
		externalId: row.cell('cancellation_id') || `cancel-${shortHash(content, 16)}`,
		reason: row.cell('reason') || null,
		lines: everything ? null : lines,
	};
}
