/**
 * Which orders a workflow may work on. Several shops may share an n8n and an order store: an order belongs to its store, and a workflow only works on those of the
 * stores that it is for. What comes to a wrong one is refused and visible; nothing is sent, and nobody is told.
 */
import { FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { unlessStale } from './staleOrders';

/** What a node knows of the workflow that it is in. */
export interface WorkflowScope {
	/** n8n's ID of the workflow. */
	workflow: string;
	/** As people call it. */
	name: string;
}

/** The stores that a run may work for. */
export interface WorkScope extends WorkflowScope {
	/** Null = whichever come to it. */
	stores: readonly string[] | null;
}

/** For runs outside of a workflow. */
export const UNSCOPED: WorkScope = { workflow: '', name: '', stores: null };

/** The stores that the triggers of a workflow work for; null = it has none that said so, and takes what is handed to it. */
export async function storesOfWorkflow(orderStore: OrderStore, { workflow }: WorkflowScope): Promise<string[] | null> {
	const stores = workflow === '' ? [] : await orderStore.servedBy(workflow);
	return stores.length > 0 ? stores : null;
}

/** The present names of stores: one that was renamed is still meant by its former name. @example presentStoreNames(store, ['acme']) // ['acme-us'] */
export async function presentStoreNames(orderStore: OrderStore, names: readonly string[]): Promise<string[]> {
	if (names.length === 0) return [];
	const renamed = await orderStore.renamedStores([...names]);
	return [...new Set(names.map((name) => renamed.get(name) ?? name))];
}

/**
 * The stores whose due work is handed out.
 *
 * @param named the stores that the node names; [] = none
 * @param actor who says it at the orders that wait in vain
 * @param whenNothingIsOverdue what becomes of names that no store has yet: a workflow that was published before its first order is right, a typing error of a person is not
 * @returns null = all of them, since there is one at most
 * @throws FulfillmentError `operation_refused` when it names none and there are several, or only such that there are not
 */
export async function storesToServe(
	orderStore: OrderStore,
	scope: WorkflowScope,
	named: readonly string[],
	actor: Actor,
	whenNothingIsOverdue: 'serve' | 'refuse' = 'refuse',
): Promise<string[] | null> {
	const own = named.length > 0 ? await presentStoreNames(orderStore, named) : await storesOfWorkflow(orderStore, scope);
	const names = await orderStore.storeNames(NAMES_SHOWN);
	const list = names.length === NAMES_SHOWN ? `${names.slice(0, -1).join(', ')} and others` : names.join(' and ');
	// Before the first order there are none.
	if (own !== null && (names.length === 0 || names.some((name) => own.includes(name)) || (await orderStore.knowsStore(own)))) return own;
	if (own === null && names.length <= 1) return null;
	const waiting = await overdue(orderStore);
	if (own !== null && waiting.length === 0 && whenNothingIsOverdue === 'serve') return own;
	const refusal = new FulfillmentError(
		'operation_refused',
		own === null
			? `The order store has orders of ${list}, but the workflow "${scope.name}" names none of them, so it gets no orders.`
			: `The workflow "${scope.name}" is set up for ${own.join(', ')}, but the order store has orders of ${list}, so it gets no orders.`,
		'Enter the store under Only Stores, exactly as in its order import trigger, or put that import trigger into the same workflow.',
	);
	for (const order of waiting) await markWrongStore(orderStore, order, `${refusal.message} ${refusal.remedy}`, actor);
	throw refusal;
}

const NAMES_SHOWN = 4;

/** An order that waits longer than this is not about to be taken by another workflow. */
const OVERDUE_MS = 10 * 60_000;

/** Orders that get the alert in one run. */
const MARKED_AT_ONCE = 20;

const overdue = async (orderStore: OrderStore): Promise<Order[]> =>
	(await orderStore.search({ overdueMs: OVERDUE_MS, sort: { by: 'importedAt', direction: 'asc' }, limit: MARKED_AT_ONCE })).items;

/** What a run of a workflow may work on. */
export const workScopeOf = async (orderStore: OrderStore, scope: WorkflowScope): Promise<WorkScope> => ({
	...scope,
	stores: await storesOfWorkflow(orderStore, scope),
});

/** Why an order is not this workflow's; null = it is. */
export const wrongStoreReason = ({ stores, name }: WorkScope, order: Pick<Order, 'store'>): string | null =>
	stores === null || stores.includes(order.store)
		? null
		: `The order belongs to the store ${order.store}, but the workflow "${name}" is set up for ${stores.join(', ')}, so it was not processed. Process it in the workflow of ${order.store}, or add that store under Only Stores of the Order Store Trigger in this workflow.`;

/** Raises the alert `wrong_store` on the order, once. */
export async function markWrongStore(orderStore: OrderStore, order: Order, message: string, actor: Actor): Promise<void> {
	if (order.alerts.some((alert) => alert.code === 'wrong_store' && alert.message === message)) return;
	const raise = [{ code: 'wrong_store', message }] as const;
	// Changed at the same time: another run works on it, or the next try raises the alert.
	await unlessStale(
		async () => await orderStore.amend({ orderId: order.id, version: order.version, actor, set: { alerts: { raise } } }),
		() => undefined,
	);
}
