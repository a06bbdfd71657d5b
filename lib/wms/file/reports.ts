/**
 * What the warehouse writes: three directories of CSV files (comma, semicolon or tab; UTF-8 or, by a setting, Windows-1252; columns by name, in any order,
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
 * still outstanding; beside rows of the same shipment_id, one package more of it. A quantity of 0 = nothing of that line. Columns are also known by their
 * usual words (`columns.ts`).
 * shipped_at is 2026-11-23T18:00:00Z or with an offset; without one it is UTC. A file is written under another name (or a
 * name that ends in .tmp) and renamed, and never changed afterwards; we take it aside, read it, and move it to `archive` once it is recorded.
 */
import { DateTime } from 'luxon';
import { inColumn, openCsv, type CsvRow } from '../../files/csv';
import type { TextEncoding } from '../../files/text';
import { shortHash } from '../../files/names';
import { asError, MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { IsoDate } from '../../order/order';
import { sharedKeyOf } from '../../order/shipmentIdentity';
import type { ReportedCancellation, ReportedLine, ReportedShipment, WmsEvent } from '../../order/wmsEvent';
import { assertWholeNumbers, formProblem, reportTable } from './columns';

export type ReportKind = 'acknowledgements' | 'shipments' | 'cancellations';

export interface Report {
	events: WmsEvent[];
	failures: NewImportFailure[];
	/** Columns that were found by other words than ours: theirs → ours. */
	columns: Record<string, string>;
}

const MAX_QUANTITY = 1_000_000;
const CORRECT = 'Correct the row and have it reported again.';

/** Reads one file. @param origin for people: "shipments/2026-11.csv". Throws MappingError when it cannot be read as a whole; a bad row is a failure, the rest goes on. */
export async function readReport(
	bytes: AsyncIterable<Uint8Array>,
	origin: string,
	kind: ReportKind,
	encoding?: TextEncoding,
): Promise<Report> {
	const file = await openCsv(bytes, { origin, encoding, mayLeaveOutEnd: true });
	try {
		const table = reportTable(file);
		for (const [needed, ...others] of REQUIRED[kind]) {
			if (needed !== undefined && ![needed, ...others].some(table.has)) {
				throw new MappingError(
					origin,
					file.header.slice(0, 12).join(', '),
					`the header has no column ${[needed, ...others].join(' or ')}`,
					'Have the warehouse write the columns that the documentation lists, or call them by their usual words.',
				);
			}
		}
		const report: Report = { events: [], failures: [], columns: table.found };
		/** Shipments and cancellations by their key; rows of one need not stand together. */
		const open = new Map<string, Collected>();
		for await (const given of file.rows) {
			const row = table.row(given);
			try {
				const problem = formProblem(row);
				if (problem !== null) throw new MappingError(row.origin, '', problem, CORRECT);
				assertWholeNumbers(row);
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
			const name = shipmentName(group.row);
			const problem = group.broken ? null : groupProblem(group, kind);
			if (problem !== null) report.failures.push(rowFailure(group.row, problem));
			else if (!group.broken && kind === 'shipments')
				report.events.push(shipment(group, numbers.get(name) ?? [], group.everything && described.has(name)));
			else if (!group.broken && (group.everything || group.lines.length > 0)) report.events.push(cancellation(group));
			if (group.row.cell('shipment_id') !== '') described.add(name);
		}
		return report;
	} finally {
		await file.close();
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

/** Null = it can be recorded. */
function groupProblem({ row, lines, everything }: Collected, kind: ReportKind): MappingError | null {
	if (everything && lines.length > 0)
		return new MappingError(
			row.origin,
			'',
			'some rows name what was in it, others name nothing',
			'Name line_id or sku and quantity in every row, or in none.',
		);
	if (kind === 'shipments' && !everything && lines.length === 0)
		return new MappingError(inColumn(row, 'quantity'), row.cell('quantity'), 'says that nothing is in the parcel', 'Write what was in it.');
	return null;
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
	// Nothing of this line is in it.
	else if (line.quantity > 0) group.lines.push(line);
	open.set(key, group);
}

/** null = the row names nothing: everything that is outstanding. */
function reportedLine(row: CsvRow): ReportedLine | null {
	const [lineId, sku, quantity] = [row.cell('line_id'), row.cell('sku'), row.cell('quantity')];
	if (lineId === '' && sku === '' && quantity === '') return null;
	if (lineId === '' && sku === '') {
		throw new MappingError(inColumn(row, 'sku'), '', 'a quantity without line_id or sku', 'Fill sku (or line_id).');
	}
	if (!/^\d{1,7}([.,]0+)?$/.test(quantity) || Number.parseInt(quantity, 10) > MAX_QUANTITY) {
		throw new MappingError(
			inColumn(row, 'quantity'),
			quantity,
			'is not a whole number from 0',
			'Write the number of pieces in the parcel.',
		);
	}
	return { lineId: lineId || null, sku: sku || null, quantity: Number.parseInt(quantity, 10) };
}

const LONGEST_DATE = 60;

/** With its day: an hour alone, such as 1123, would be one of today. */
const BEGINS_WITH_DAY = /^\d{4}-?\d\d-?\d\d/;

function dateOf(row: CsvRow): IsoDate | null {
	const text = row.cell('shipped_at');
	if (text === '') return null;
	const candidates =
		text.length > LONGEST_DATE || !BEGINS_WITH_DAY.test(text)
			? []
			: [DateTime.fromISO(text, { zone: 'utc' }), DateTime.fromSQL(text, { zone: 'utc' })];
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
