/** When people may do what with an order: every case of `permission()` in `lib/order/operations.ts`, asked and written down. */
import { mayEditLines, OPERATIONS, permission, type Operation, type OperationSubject, type Permission } from '../../lib/order/operations';
import { ORDER_STATUSES, statusLabel, type OrderStatus } from '../../lib/order/status';
import { table } from './markdown';

interface Case {
	when: string;
	subject: Omit<OperationSubject, 'status'>;
}

const sent = { wmsOrderId: 'W1', sentAt: '2026-11-23T20:27:00.000Z' };
const NEVER_SENT: Case = { when: 'the warehouse never had it', subject: { wmsOrderId: null, sentAt: null, shipments: [] } };
const AT_WAREHOUSE: Case = { when: 'the warehouse has it', subject: { ...sent, shipments: [] } };
const SHIPPED: Case = { when: 'it has a shipment', subject: { ...sent, shipments: [{}] } };
const CANCELED: Case = { when: 'the warehouse had it', subject: { ...sent, wmsOrderId: null, shipments: [] } };

/** What an order in a status can be like. */
const CASES: Readonly<Record<OrderStatus, readonly Case[]>> = {
	new: [NEVER_SENT],
	routed: [NEVER_SENT],
	queued: [NEVER_SENT],
	open: [AT_WAREHOUSE],
	partially_shipped: [SHIPPED],
	closed: [SHIPPED],
	bundled: [NEVER_SENT],
	delayed: [NEVER_SENT],
	skipped: [NEVER_SENT],
	error: [NEVER_SENT, AT_WAREHOUSE, SHIPPED],
	canceled: [NEVER_SENT, CANCELED, SHIPPED],
	archived: [NEVER_SENT, AT_WAREHOUSE, SHIPPED],
	abandoned: [NEVER_SENT, AT_WAREHOUSE, SHIPPED],
	deleted: [NEVER_SENT],
};

const EXISTING = ORDER_STATUSES.filter((status) => status !== 'deleted');

const ask = (operation: Operation, status: OrderStatus, { subject }: Case, force = false): Permission =>
	permission(operation, { status, ...subject }, { force });

/** "→ New; → Open if the warehouse has it": what the operation does to an order in this status. */
function outcome(operation: Operation, status: OrderStatus): string {
	const text = (result: Permission): string => (!result.allowed ? '–' : result.to === status ? '✓' : `→ ${statusLabel(result.to)}`);
	const byText = new Map<string, string[]>();
	for (const one of CASES[status]) {
		let found = text(ask(operation, status, one));
		if (found === '–' && ask(operation, status, one, true).allowed) found = `${text(ask(operation, status, one, true))} with Force`;
		byText.set(found, [...(byText.get(found) ?? []), one.when]);
	}
	const found = [...byText];
	return found.length === 1 ? found[0]![0] : found.map(([what, when]) => `${what} if ${when.join(' or ')}`).join('; ');
}

/** Statuses down, operations across. */
export function operationMatrix(): string {
	return table(
		['status', ...OPERATIONS],
		EXISTING.map((status) => [`**${statusLabel(status)}**`, ...OPERATIONS.map((operation) => outcome(operation, status))]),
	);
}

/** Each refusal with its reason and what to do instead. */
export function refusalTable(): string {
	const rows = new Map<string, { operation: Operation; why: string; remedy: string; force: boolean; statuses: string[] }>();
	for (const operation of OPERATIONS) {
		for (const status of EXISTING) {
			for (const one of CASES[status]) {
				const result = ask(operation, status, one);
				if (result.allowed) continue;
				const force = ask(operation, status, one, true).allowed;
				const key = JSON.stringify([operation, result.why, result.remedy, force]);
				const row = rows.get(key) ?? { operation, why: result.why, remedy: result.remedy, force, statuses: [] };
				const label = statusLabel(status);
				if (!row.statuses.includes(label)) row.statuses.push(label);
				rows.set(key, row);
			}
		}
	}
	return table(
		['operation', 'status', 'refused because', 'do this instead'],
		[...rows.values()].map(({ operation, why, remedy, force, statuses }) => [operation, statuses.join(', '), why, remedy + (force ? ' *(Force lifts it.)*' : '')]),
	);
}

/** In which statuses quantities and SKUs may be edited. */
export function lineEditNote(): string {
	const may = EXISTING.filter((status) => CASES[status].some((one) => ask('edit', status, one).allowed && mayEditLines({ status, ...one.subject })));
	return `Quantities and SKUs can be edited as long as the warehouse does not have the order: ${may.map(statusLabel).join(', ')}.`;
}
