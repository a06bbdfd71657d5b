/** Tells WooCommerce that the warehouse has orders: by hidden meta, a status or a note. */
import { isObject, objectsIn } from '../../order/json';
import type { JsonValue, Order } from '../../order/order';
import type { CartOutcome } from '../Cart';
import { textIn } from '../common/listing';
import type { Refusal, WooApi, WooObject } from './api';
import { noteOnce } from './notes';
import type { WooCommerceSettings } from './settings';
import { ownStatus, plainStatus } from './states';
import { CLOSED, orderNotFound } from './tracking';

/** Hidden at the order: the reference under which the warehouse has it. */
const ACKNOWLEDGED_META = '_order_fulfillment_reference';

/** WooCommerce takes 100 in a call; each is saved with its hooks, and a slow host has 30 s. */
const MAX_PER_BATCH = 25;

type By = Pick<WooCommerceSettings, 'acknowledgeBy' | 'acknowledgeStatus'>;

export async function acknowledge(api: WooApi, settings: By, order: Order): Promise<CartOutcome> {
	if (settings.acknowledgeBy === 'note') return await noteOnce(api, order, `The warehouse has the order as ${order.reference}.`);
	const word = wordFor(settings, order, await api.order(order.externalId));
	if ('kind' in word) return word;
	await api.update(order.externalId, word.changes);
	return word.done;
}

/** Meta only: within a call with several orders WooCommerce does not look whether a status exists, and makes one that does not "pending". */
export const acknowledgesTogether = ({ acknowledgeBy = 'meta' }: By): boolean => acknowledgeBy === 'meta';

/** Two calls for 25 orders. Of what WooCommerce refuses within a call only that order hears. */
export async function acknowledgeMany(api: WooApi, settings: By, orders: readonly Order[]): Promise<CartOutcome[]> {
	const outcomes: CartOutcome[] = [];
	for (let start = 0; start < orders.length; start += MAX_PER_BATCH)
		outcomes.push(...(await acknowledgeBatch(api, settings, orders.slice(start, start + MAX_PER_BATCH))));
	return outcomes;
}

async function acknowledgeBatch(api: WooApi, settings: By, orders: readonly Order[]): Promise<CartOutcome[]> {
	const listed = new Map((await api.byKeys(orders.map(({ externalId }) => externalId))).map((raw) => [textIn(raw, 'id'), raw]));
	const told: Array<{ externalId: string; word: CartOutcome | Change }> = [];
	// A list may leave out what there is.
	for (const order of orders)
		told.push({
			externalId: order.externalId,
			word: wordFor(settings, order, listed.get(order.externalId) ?? (await api.order(order.externalId))),
		});
	const changes = told.flatMap(({ externalId: id, word }) => ('kind' in word ? [] : [{ id, body: word.changes }]));
	const refused = changes.length === 0 ? new Map<string, Refusal>() : await api.updateMany(changes);
	return told.map(({ externalId, word }): CartOutcome => {
		if ('kind' in word) return word;
		const refusal = refused.get(externalId);
		if (refusal === undefined) return word.done;
		const text = `WooCommerce refused it: ${refusal.why}`;
		return refusal.later ? { kind: 'unavailable', cause: text } : { kind: 'rejected', problem: text };
	});
}

interface Change {
	changes: { [name: string]: JsonValue };
	done: CartOutcome;
}

/** What is written at the order, or why nothing is. */
function wordFor({ acknowledgeBy = 'meta', acknowledgeStatus = '' }: By, order: Order, found: WooObject | null): CartOutcome | Change {
	if (!isObject(found)) return orderNotFound(order);
	if (acknowledgeBy === 'status') {
		const target = plainStatus(acknowledgeStatus);
		if (target === '')
			return { kind: 'rejected', problem: 'The status that acknowledges is not set. Enter it in the options of Cart Update.' };
		if (found.status === target) return { kind: 'already_done', message: null };
		if (CLOSED.has(String(found.status)))
			return { kind: 'already_done', message: `The order is ${String(found.status)} already; its status was left.` };
		return { changes: { status: target, meta_data: [ownStatus(target)] }, done: { kind: 'done', message: `Set the status to ${target}.` } };
	}
	const meta = objectsIn(found.meta_data);
	if (meta.some(({ key, value }) => key === ACKNOWLEDGED_META && value === order.reference)) return { kind: 'already_done', message: null };
	return { changes: { meta_data: [{ key: ACKNOWLEDGED_META, value: order.reference }] }, done: { kind: 'done', message: null } };
}
