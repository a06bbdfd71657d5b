/** Opens a shop: by the name of its store, with the settings that its import trigger gave it. */
import { asError, FulfillmentError } from '../../lib/order/errors';
import type { CartSession } from '../../lib/carts/Cart';
import type { ImportSettings } from '../../lib/order/importSettings';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { CartPartner } from '../partners/Partner';
import type { NodeContext } from './context';
import { readImportOptions, type ImportOptions } from './importOptions';

/** What an import trigger is set to: its options, and the parameters that only its cart has. */
export interface ShopSettings {
	options: Readonly<Record<string, unknown>>;
	parameters: Readonly<Record<string, unknown>>;
}

export interface Shop extends Omit<ImportOptions, 'testOrderNumber'> {
	storeName: string;
	cart: CartPartner['cart'];
	session: CartSession;
}

/** The one way to a shop: with these settings under this name. */
export async function openShop(
	context: NodeContext,
	{ cart, open }: CartPartner,
	storeName: string,
	{ options, parameters }: ShopSettings,
): Promise<Shop> {
	const { filter, abandonAfterDays, onChange, handOutLimit } = readImportOptions(context, options);
	return {
		storeName,
		cart,
		session: await open(context, options, storeName, parameters),
		filter,
		abandonAfterDays,
		onChange,
		handOutLimit,
	};
}

/**
 * What a store was set to by its import trigger; null = no trigger has set it. Settings of another cart than the one that is asked for are none of it.
 * Throws FulfillmentError `operation_refused` for the old name of a store.
 */
export async function keptSettings(
	orderStore: OrderStore,
	{ cart }: Pick<CartPartner, 'cart'>,
	storeName: string,
): Promise<ShopSettings | null> {
	const connection = (await orderStore.connections({ stores: [storeName] })).find(({ role }) => role === 'import');
	if (connection === undefined) {
		const renamed = (await orderStore.renamedStores([storeName])).get(storeName);
		if (renamed !== undefined)
			throw new FulfillmentError(
				'operation_refused',
				`The store ${storeName} was renamed: it is ${renamed} now.`,
				`Enter ${renamed} under "Store".`,
			);
	}
	return connection?.trigger == null || connection.partner !== cart.code ? null : shopSettings(connection.trigger.settings);
}

/** Kept settings as they are opened with. */
function shopSettings({ options, ...parameters }: ImportSettings): ShopSettings {
	return { options: typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {}, parameters };
}

/** For the last problem of a connection. */
export const problemOf = (error: unknown): string => asError(error).message;
