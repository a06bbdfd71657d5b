/** Asks a cart for orders that the store has, by their keys, and records what it says of them now, also that it does not have them any more. */
import type { Cart, CartSession, ImportFilter } from '../carts/Cart';
import { gone } from '../order/cartWord';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder } from '../order/order';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { recordOneByOne, unrecordedOrder } from './oneByOne';

interface ByKey {
	orderStore: OrderStore;
	cart: Pick<Cart<never>, 'code' | 'toOrder'>;
	session: Pick<CartSession, 'source'> & Required<Pick<CartSession, 'ordersByKey'>>;
	/** That of the import trigger: which statuses of the cart are ready. */
	filter: ImportFilter;
	abandonAfterDays: number;
	onChange: 'replace' | 'ignore';
	actor: Actor;
}

/** Gives what could not be read. Throws when the cart cannot be asked now; then nothing is recorded. @param keys as many as are asked for at once */
export async function recordByKey(request: ByKey, storeName: string, keys: readonly string[]): Promise<NewImportFailure[]> {
	const { orderStore, cart, session, filter, abandonAfterDays, onChange, actor } = request;
	const { orders, failures, gone: missing } = await session.ordersByKey(keys, filter);
	const absent = missing.length === 0 ? [] : await deletedInCart(request, storeName, missing);
	await recordOneByOne(
		[...orders, ...absent],
		async (some, unrecorded, last) =>
			await orderStore.importPage({
				source: session.source,
				cursorFrom: null,
				cursorTo: null,
				store: storeName,
				cart: cart.code,
				orders: [...some],
				translate: (raw) => cart.toOrder(raw),
				failures: last ? [...failures, ...unrecorded] : [],
				abandonAfterDays,
				onChange,
				actor,
			}),
		unrecordedOrder,
	);
	return failures;
}

/** What the store has of orders that the cart does not have any more, with the word that they are gone. */
async function deletedInCart({ orderStore }: ByKey, storeName: string, keys: readonly string[]): Promise<ImportedOrder[]> {
	const known = await orderStore.asImported(storeName, keys);
	return known.map(({ externalId, snapshot, payload }) => ({ externalId, word: gone('deleted'), content: snapshot, raw: payload }));
}
