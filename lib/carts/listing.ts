/** From what a cart lists to pages for the import, the same way for every cart that is polled for changes. */
import { asError, MappingError, shown } from '../order/errors';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder, JsonValue } from '../order/order';
import type { RawOrderPage } from './Cart';
import type { ChangePage } from './changes';

/** Separates orders that cannot be mapped; each is known by the cart's key, so that the import of a corrected one resolves it. */
export function toPage({ orders, next }: ChangePage, toOrder: (raw: unknown) => ImportedOrder): RawOrderPage {
	const page: RawOrderPage = { orders: [], failures: [], next };
	for (const { id, raw } of orders) {
		try {
			toOrder(raw);
			page.orders.push(raw);
		} catch (error) {
			if (!(error instanceof MappingError)) throw asError(error);
			page.failures.push(failureOf(id, raw, error));
		}
	}
	return page;
}

const failureOf = (id: string, raw: unknown, { path, message, remedy }: MappingError): NewImportFailure => ({
	subject: 'order',
	key: id,
	origin: `order ${shown(id)}, ${path}`,
	message,
	remedy,
	payload: raw as JsonValue,
});
