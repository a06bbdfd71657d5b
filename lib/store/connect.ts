/** Opens order stores, and keeps one per target for the whole process. */
import packageJson from '../../package.json';
import { asError, FulfillmentError } from '../order/errors';
import type { OrderStore } from './OrderStore';
import type { StoreConfig } from './StoreConfig';
import {
	checkConfig,
	identify,
	migrate,
	openDatabase,
	openDataSource,
	POSTGRES,
	SQLITE,
	tableNames,
	targetOf,
	translated,
} from './database';
import { orderStoreOn } from './orderStoreOn';
import { DEFAULT_SKIP, enterRecovery, recovery } from './upkeep';

export type { StoreConfig } from './StoreConfig';

/**
 * Connects, creates or updates the tables, and gives a store of its own; the caller closes it.
 * Throws FulfillmentError `store_configuration`, `store_unavailable`, `newer_schema`.
 *
 * @example const store = await openOrderStore({ kind: 'sqlite', file: '/home/node/.n8n/orders/orders.sqlite' });
 */
export async function openOrderStore(config: StoreConfig): Promise<OrderStore> {
	try {
		const { dataSource, file } = await openDataSource(config);
		const database = openDatabase(dataSource, config.kind === 'postgres' ? POSTGRES : SQLITE, tableNames(config));
		try {
			await migrate(dataSource, config);
			await identify(database);
			await file?.begin(
				database,
				async (transaction) => await enterRecovery(transaction, { by: 'Order Store', skipControlNumbers: DEFAULT_SKIP }),
			);
			// Begins it, if that was asked for while nobody had the store open.
			await recovery(database)();
		} catch (error) {
			await dataSource.destroy().catch(() => undefined);
			throw asError(error);
		}
		let closing: Promise<void> | undefined;
		const close = async () =>
			await (closing ??= (async () => {
				await file?.settle();
				await dataSource.destroy();
			})());
		return orderStoreOn(database, close);
	} catch (error) {
		throw opened(translated(error));
	}
}

/** Nothing of the driver's own error is shown: it may hold the user's name or a connection string. */
function opened(error: unknown): unknown {
	if (error instanceof FulfillmentError) return error;
	const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
	return new FulfillmentError(
		'store_configuration',
		`The order store could not be opened${code}.`,
		'Check the credential of the order store: host, port, database, user, password, TLS; for the embedded store the file and its folder.',
	);
}

interface Shared {
	version: string;
	store: Promise<OrderStore>;
}

/** On globalThis: n8n may load our files more than once, and two writers of one SQLite file in a process lock each other out. */
const KEY = Symbol.for('n8n-nodes-order-fulfillment.stores');

function sharedStores(): Map<string, Shared> {
	const holder = globalThis as { [KEY]?: Map<string, Shared> };
	return (holder[KEY] ??= new Map());
}

/**
 * The store of this process for a target; opened on first use. A store that could not be opened is tried again by the next
 * call. After an update of the package the older version's store is closed.
 */
export async function getOrderStore(config: StoreConfig): Promise<OrderStore> {
	checkConfig(config);
	const stores = sharedStores();
	const target = targetOf(config);
	const known = stores.get(target);
	if (known?.version === packageJson.version) return await known.store;

	const opening: Promise<OrderStore> = (async () => {
		if (known) await known.store.then(async (older) => await older.close()).catch(() => undefined);
		const orderStore = await openOrderStore(config);
		const forget = () => {
			if (stores.get(target)?.store === opening) stores.delete(target);
		};
		return {
			...orderStore,
			close: async () => {
				forget();
				await orderStore.close();
			},
		};
	})();
	stores.set(target, { version: packageJson.version, store: opening });
	try {
		return await opening;
	} catch (error) {
		if (stores.get(target)?.store === opening) stores.delete(target);
		throw asError(error);
	}
}

/** For the credential's test: connects, makes the tables, reads, closes. Throws FulfillmentError. */
export async function testConnection(config: StoreConfig): Promise<void> {
	// An embedded store that is in use is read through the connection that is there.
	const known = sharedStores().get(targetOf(config));
	const orderStore = known ? await known.store : await openOrderStore(config);
	try {
		await orderStore.recovery();
	} finally {
		if (!known) await orderStore.close();
	}
}
