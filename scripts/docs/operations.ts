/** When people may do what with an order: every case of `permission()` in `lib/order/operations.ts`, asked and written down. */
import { mayEditLines, OPERATION_LABELS, OPERATIONS, permission, type Operation, type OperationSubject, type Permission } from '../../lib/order/operations';
import { EXISTING_STATUSES, statusLabel, type OrderStatus } from '../../lib/order/status';
import { table } from './markdown';

interface Case {
	when: string;
	subject: Omit<OperationSubject, 'status'>;
}

const sent = { sending: 'there', sentAt: '2026-11-23T20:27:00.000Z' } as const;
const NEVER_SENT: Case = { when: 'the warehouse never had it', subject: { sending: 'none', sentAt: null, shipments: [] } };
const AT_WAREHOUSE: Case = { when: 'the warehouse has it', subject: { ...sent, shipments: [] } };
const SHIPPED: Case = { when: 'it has a shipment', subject: { ...sent, shipments: [{}] } };
const ADDED: Case = { when: 'lines were added to it', subject: { ...sent, shipments: [{}], alerts: [{ code: 'lines_added' }] } };
const CANCELED: Case = { when: 'the warehouse had it', subject: { ...sent, sending: 'canceled_there', shipments: [] } };
const MAYBE: Case = { when: 'the warehouse may have it', subject: { sending: 'may_be_there', sentAt: null, shipments: [] } };

/** What an order in a status can be like. */
const CASES: Readonly<Record<OrderStatus, readonly Case[]>> = {
	new: [NEVER_SENT, MAYBE],
	routed: [NEVER_SENT, MAYBE],
	queued: [MAYBE],
	open: [AT_WAREHOUSE],
	partially_shipped: [SHIPPED],
	closed: [{ ...SHIPPED, when: 'nothing was added to it' }, ADDED],
	bundled: [NEVER_SENT],
	delayed: [NEVER_SENT, MAYBE],
	skipped: [NEVER_SENT],
	error: [NEVER_SENT, MAYBE, AT_WAREHOUSE, SHIPPED],
	canceled: [NEVER_SENT, CANCELED, SHIPPED],
	archived: [NEVER_SENT, MAYBE, AT_WAREHOUSE, SHIPPED],
	abandoned: [NEVER_SENT, MAYBE, AT_WAREHOUSE, SHIPPED],
	deleted: [NEVER_SENT],
};

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
		['status', ...OPERATIONS.map((operation) => OPERATION_LABELS[operation])],
		EXISTING_STATUSES.map((status) => [`**${statusLabel(status)}**`, ...OPERATIONS.map((operation) => outcome(operation, status))]),
	);
}

/** Each refusal with its reason and what to do instead. */
export function refusalTable(): string {
	const rows = new Map<string, { operation: Operation; why: string; remedy: string; force: boolean; statuses: string[] }>();
	for (const operation of OPERATIONS) {
		for (const status of EXISTING_STATUSES) {
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
		[...rows.values()].map(({ operation, why, remedy, force, statuses }) => [OPERATION_LABELS[operation], statuses.join(', '), why, remedy + (force ? ' *(Force lifts it.)*' : '')]),
	);
}

/** In which statuses quantities and SKUs may be edited. */
export function lineEditNote(): string {
	const may = EXISTING_STATUSES.filter((status) => CASES[status].some((one) => ask('edit', status, one).allowed && mayEditLines(one.subject)));
	return `Quantities and SKUs can be edited as long as the warehouse does not have the order: ${may.map(statusLabel).join(', ')}.`;
}
