/** One poll of each kind of inbox, as a trigger does it. For a child process, too, where nothing of the test runner is. */
import { fileCart } from '../../lib/carts/file';
import type { Folder } from '../../lib/files/Folder';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import type { OrderStore } from '../../lib/store/OrderStore';
import { fileWms } from '../../lib/wms/file';
import type { WmsSession } from '../../lib/wms/Wms';
import { controlNumbersOf, partnerOf, x12Wms } from '../../lib/wms/x12';
import { PARTNER } from '../wms/x12CrashWork';

export type SceneName = 'shop' | 'shopByOrder' | 'warehouse' | 'edi';

const actor = { kind: 'node', name: 'test' } as const;
const BUDGET_MS = 60_000;
const AT_ONCE = { settleMs: 0 };

const shop =
	(pageSize: number) =>
	async (orderStore: OrderStore, folder: Folder): Promise<void> => {
		const session = fileCart.open(folder, { store: 'acme', format: 'auto', ...AT_ONCE });
		const filter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize };
		await importOrders({
			orderStore,
			cart: fileCart,
			session,
			storeName: 'acme',
			filter,
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			handOutLimit: 100,
			budgetMs: BUDGET_MS,
		});
	};

export const warehouse = (folder: Folder): WmsSession<never> => fileWms.open(folder, AT_ONCE);
export const edi = (orderStore: OrderStore, folder: Folder): WmsSession<never> =>
	x12Wms.open({ folder, numbers: controlNumbersOf(partnerOf(PARTNER), orderStore) }, PARTNER);

export const POLLS: Readonly<Record<SceneName, (orderStore: OrderStore, folder: Folder) => Promise<void>>> = {
	shop: shop(100),
	// A page an order, so that a file is left half recorded.
	shopByOrder: shop(1),
	warehouse: async (orderStore, folder) =>
		void (await pollShipments({ orderStore, wms: 'file', session: warehouse(folder), stores: [], actor, budgetMs: BUDGET_MS })),
	edi: async (orderStore, folder) =>
		void (await pollShipments({ orderStore, wms: 'file', session: edi(orderStore, folder), stores: [], actor, budgetMs: BUDGET_MS })),
};
