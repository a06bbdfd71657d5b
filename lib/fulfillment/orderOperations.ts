/** What people do with orders: edit, reprocess, reset, archive, delete. Each is checked against the contract's table. */
import { deriveStatus, pendingUploads } from '../order/derive';
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import { changesOf, currentContent, withValue, type OrderEdits } from '../order/layers';
import { mayEditLines, permission, type Operation } from '../order/operations';
import type { Order } from '../order/order';
import { mayMove, type OrderStatus } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { OrderFields, OrderStore, Transition } from '../store/OrderStore';
import { nextReference } from '../store/reference';
import { refusedAsBundle, refusedInBundle } from './bundles';

export interface OperationRequest {
	store: OrderStore;
	orderId: string;
	actor: Actor;
	/** Lifts the refusals that the contract lets a person lift. */
	force?: boolean;
}

/** Somebody else may be writing the same order; a decision made on old data is made again this often. */
const TRIES = 3;

async function decide<T>(request: OperationRequest, body: (order: Order) => Promise<T>): Promise<T> {
	for (let tried = 1; ; tried += 1) {
		const order = await request.store.get(request.orderId);
		if (order === null) {
			throw new FulfillmentError(
				'order_not_found',
				`The order store has no order ${request.orderId}.`,
				'Check the ID; the order may have been deleted.',
			);
		}
		try {
			return await body(order);
		} catch (error) {
			if (!(error instanceof StaleOrderError) || tried >= TRIES) throw asError(error);
		}
	}
}

function permit(operation: Operation, order: Order, force = false): OrderStatus {
	const result = permission(operation, order, { force });
	if (result.allowed) return result.to;
	throw new FulfillmentError(
		'operation_refused',
		`Order ${order.orderNumber} cannot be changed by "${operation}": ${result.why}`,
		result.remedy,
	);
}

async function readBack({ store, orderId }: OperationRequest): Promise<Order> {
	return (await store.get(orderId))!;
}

/** Moves an order, or writes the fields in place when it has that status already. */
async function moveOrAmend({ store, actor }: OperationRequest, order: Order, to: OrderStatus, reason: string, set: OrderFields, more: Pick<Transition, 'unsplit'> = {}) {
	const common = { orderId: order.id, version: order.version, actor, set };
	if (order.status === to) await store.amend({ ...common, entries: [entry('note', actor, { text: reason })] });
	else await store.transition({ ...common, ...more, from: order.status, to, reason });
}

/**
 * Changes fields of an order; each change is in the timeline with old and new value. Edits stay when the cart changes the
 * order and when it is reprocessed; only a reset drops them.
 *
 * @param edits path → value, `{ 'shippingAddress.address1': '5 Elm St', 'lines.L1.quantity': 2 }`
 */
export const editOrder = async (request: OperationRequest & { edits: OrderEdits }): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseInBundle(request.store, order, 'edit');
		permit('edit', order);
		await refuseWithParts(request.store, order, 'Its parts are what is sent. Edit those; or reprocess the order, and edit it before the rules run.');
		const touched = Object.keys(request.edits).filter((path) => path.startsWith('lines.'));
		if (touched.length > 0 && !mayEditLines(order)) {
			throw new FulfillmentError(
				'operation_refused',
				`Lines of order ${order.orderNumber} cannot be changed (${touched.join(', ')}): the warehouse has the order.`,
				'Cancel the order at the warehouse first, or change other fields.',
			);
		}
		const layers = (await request.store.layers([order.id])).get(order.id);
		if (!layers) throw new StaleOrderError(order.id, order.status);
		const changes = changesOf(currentContent(layers), request.edits);
		if (changes.length === 0) return order;
		const edits = { ...layers.edits, ...Object.fromEntries(changes.map(({ path, after }) => [path, after])) };
		// What the rules made of the order is shown and sent until they run again, so the edit must be visible there too.
		const result = layers.result && changes.reduce((content, { path, after }) => withValue(content, path, after), layers.result);
		await request.store.amend({
			orderId: order.id,
			version: order.version,
			actor: request.actor,
			set: { edits, result },
			entries: [entry('edited', request.actor, { changes })],
		});
		return await readBack(request);
	});

/**
 * A reference that the WMS saw and let go of (rejected, canceled, or gone by a person's word) would be refused there, or taken
 * for a repeat, and the order would never be shipped.
 */
const freshReference = (order: Order): Pick<OrderFields, 'reference' | 'wmsOrderId' | 'wms'> =>
	order.sentAt === null ? {} : { reference: nextReference(order.reference), wmsOrderId: null, wms: null };

/** Due at once: a person waits for it, and no import hands it on. */
const FORGOTTEN: OrderFields = {
	result: null,
	servedHolds: [],
	attempts: 0,
	alert: null,
	heldUntil: null,
	retryAt: null,
	statusReason: null,
	dueAt: 'now',
};

/** What the warehouse canceled is to be shipped after all; what it shipped stays shipped. */
const nothingCanceled = ({ lines }: Order): OrderFields['progress'] =>
	Object.fromEntries(lines.map(({ id, quantityShipped }) => [id, { shipped: quantityShipped, canceled: 0 }]));

/**
 * Where reprocessing leads. A shipment that arrived late proves that the warehouse had the order, whatever it said: the cart is
 * told, and nothing is sent again. The table allows no way from Canceled but to New, so such an order stays.
 */
function reprocessed(order: Order): OrderStatus {
	const late = order.shipments.some(({ uploadHeldBack }) => uploadHeldBack);
	if (late && order.status === 'canceled') return 'canceled';
	if (late && mayMove(order.status, 'partially_shipped')) return 'partially_shipped';
	return permit('reprocess', order);
}

/** An order that was closed before it was put away has nothing left to ship or to upload that would close it again. */
async function closeIfDone({ store, actor }: OperationRequest, order: Order): Promise<Order> {
	const pending = pendingUploads(order.shipments).length;
	if (order.status === 'closed' || deriveStatus(order.status, order.lines, { pending }) !== 'closed') return order;
	const reason = 'All is shipped, and the cart was told.';
	await store.transition({ orderId: order.id, from: order.status, to: 'closed', version: order.version, actor, reason });
	return (await store.get(order.id))!;
}

/**
 * As if the order had just been imported; edits are kept. An order that the WMS has goes back to Open or Partially shipped
 * instead, and shipments that were held back are uploaded. The abandon clock starts again either way.
 */
export const reprocessOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseDecided(request.store, order);
		await refuseInBundle(request.store, order, 'reprocess');
		if (order.status === 'partially_shipped') await refuseWithParts(request.store, order, 'Reprocess those of its parts that need it.');
		const to = reprocessed(order);
		const fields: OrderFields =
			to === 'new'
				? { ...FORGOTTEN, ...freshReference(order), progress: nothingCanceled(order), abandonAt: 'restart' }
				: { alert: null, statusReason: null, abandonAt: 'restart', releaseUploads: true };
		await moveOrAmend(request, order, to, 'Reprocessed.', fields, await unsplit(request.store, order));
		return await closeIfDone(request, await readBack(request));
	});

/** Back to the imported snapshot: edits, results of rules, attempts and alert are dropped. */
export const resetOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseDecided(request.store, order);
		await refuseInBundle(request.store, order, 'reset');
		const to = permit('reset', order, request.force);
		// With Force the person has made sure that the warehouse does not have it any more.
		await moveOrAmend(request, order, to, 'Reset to what the cart sent.', {
			...FORGOTTEN,
			...freshReference(order),
			progress: nothingCanceled(order),
			edits: {},
			abandonAt: 'restart',
		}, await unsplit(request.store, order));
		return await readBack(request);
	});

/** What is New starts over, and so the parts that the order was split into go; the store refuses when the warehouse has one of them. */
async function unsplit(store: OrderStore, order: Order): Promise<Pick<Transition, 'unsplit'>> {
	return (await partsOf(store, order)).length > 0 ? { unsplit: true } : {};
}

const partsOf = async (store: OrderStore, { id, parentId }: Order): Promise<Order[]> => (parentId === null ? await store.parts([id]) : []);

async function refuseWithParts(store: OrderStore, order: Order, remedy: string): Promise<void> {
	const parts = await partsOf(store, order);
	if (parts.length === 0) return;
	const references = parts.map(({ reference }) => reference).join(', ');
	throw new FulfillmentError('operation_refused', `Order ${order.orderNumber} is split into ${references}.`, remedy);
}

async function refuseInBundle(store: OrderStore, order: Order, operation: 'edit' | 'reprocess' | 'reset' | 'archive'): Promise<void> {
	const refused = await refusedInBundle(store, order, operation);
	if (refused === null) return;
	throw new FulfillmentError('operation_refused', `Order ${order.orderNumber} cannot be changed by "${operation}": ${refused.why}`, refused.remedy);
}

/** A part lives only as long as its order does, and a bundle as long as its orders. */
async function refuseDecided(store: OrderStore, order: Order): Promise<void> {
	const ended = refusedAsBundle(order);
	if (ended !== null) throw new FulfillmentError('operation_refused', ended.why, ended.remedy);
	const { parentId, reference } = order;
	if (parentId === null) return;
	const parent = await store.get(parentId);
	if (parent === null || parent.status !== 'canceled') return;
	throw new FulfillmentError('operation_refused', `${reference} is a part of order ${parent.orderNumber}, which is Canceled.`, 'Reprocess that order; it is then split anew.');
}

/** Puts an order away; it is not imported again. Its parts are put away with it. */
export const archiveOrder = async (request: OperationRequest & { reason?: string }): Promise<Order> =>
	await decide(request, async (order) => {
		await refuseInBundle(request.store, order, 'archive');
		const to = permit('archive', order);
		// The parts first: what a crash leaves here is put away by a repeat.
		for (const part of await partsOf(request.store, order)) await archiveOrder({ ...request, orderId: part.id });
		if (order.status === to) return order;
		await request.store.transition({
			orderId: order.id,
			from: order.status,
			to,
			version: order.version,
			actor: request.actor,
			reason: request.reason ?? 'Archived.',
			set: { statusReason: request.reason ?? null },
		});
		return await readBack(request);
	});

/** Purges an order; the cart may import it again. Gives the order as it was. */
export const deleteOrder = async (request: OperationRequest): Promise<Order> =>
	await decide(request, async (order) => {
		permit('delete', order, request.force);
		if (order.parentId !== null) {
			throw new FulfillmentError('operation_refused', `${order.reference} is a part of an order.`, 'Delete the order; its parts go with it. Or archive the part.');
		}
		for (const part of await partsOf(request.store, order)) permit('delete', part, request.force);
		await request.store.purge({ orderId: order.id, from: order.status, version: order.version, actor: request.actor });
		return order;
	});

export type BulkResult = { orderId: string; ok: true; order: Order } | { orderId: string; ok: false; error: Error };

/** Runs an operation on many orders; one bad order never stops the others. */
export async function onEach(orderIds: readonly string[], operation: (orderId: string) => Promise<Order>): Promise<BulkResult[]> {
	const results: BulkResult[] = [];
	for (const orderId of orderIds) {
		try {
			results.push({ orderId, ok: true, order: await operation(orderId) });
		} catch (error) {
			results.push({ orderId, ok: false, error: error instanceof Error ? error : new Error(String(error)) });
		}
	}
	return results;
}
