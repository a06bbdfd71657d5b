/** The calls to Vendure in the words of the adapter. */
import type { IsoDate, JsonValue } from '../../order/order';
import { isoTime } from '../payload';
import { ACCESS, ADD_FULFILLMENT, ADD_NOTE, CANCEL_ORDER, MOVE_FULFILLMENT, notes, ORDER_VERSIONS, orders, PARCELS, SET_CUSTOM_FIELDS, SETTLE_PAYMENT } from './documents';
import { accepted, type Graphql, type Result } from './graphql';

/** As Vendure gives it, with the number of decimals that its amounts have. */
export interface RawVendureOrder {
	id: string;
	state: string;
	type: string;
	orderPlacedAt: string | null;
	moneyPrecision: number;
	[field: string]: unknown;
}

export interface Quantity {
	[key: string]: JsonValue;
	orderLineId: string;
	quantity: number;
}

export interface Fulfillment {
	id: string;
	state: string;
	trackingCode: string | null;
	lines: Quantity[];
}

export interface VendureParcels {
	state: string;
	lines: Array<{ id: string; quantity: number }>;
	payments: Array<{ id: string; state: string }> | null;
	fulfillments: Fulfillment[] | null;
}

export interface VendureNotes extends Omit<VendureParcels, 'payments'> {
	customFields?: Record<string, unknown> | null;
	notes: string[];
}

/** Any shop takes so many at once: 100 is the lowest of Vendure's own limits. */
export const MAX_PER_PAGE = 100;

export class VendureApi {
	constructor(
		private readonly graphql: Graphql,
		private readonly customFields: readonly string[],
	) {}

	/** Orders placed at or after a moment, the first one first. The filter leaves the moment itself out. */
	async placedSince(since: IsoDate, page: number, pageSize: number): Promise<{ orders: RawVendureOrder[]; more: boolean }> {
		const after = new Date(Date.parse(since) - 1).toISOString();
		const { items, total } = await this.list({ filter: { active: { eq: false }, orderPlacedAt: { after } }, sort: { orderPlacedAt: 'ASC' }, take: pageSize, skip: (page - 1) * pageSize });
		return { orders: items, more: page * pageSize < total };
	}

	async byIds(ids: readonly string[]): Promise<RawVendureOrder[]> {
		return ids.length === 0 ? [] : (await this.list({ filter: { id: { in: [...ids] } }, take: ids.length })).items;
	}

	async byCode(code: string): Promise<RawVendureOrder | null> {
		return (await this.list({ filter: { code: { eq: code } }, take: 1 })).items[0] ?? null;
	}

	/** The time by Vendure's clock. */
	async now(): Promise<IsoDate> {
		let now: IsoDate | null = null;
		await this.graphql(ACCESS, {}, ({ headers }) => {
			now = isoTime(headers.date ?? '');
		});
		return now ?? new Date().toISOString();
	}

	/** Only what `versionOf` looks at. */
	async versions(ids: readonly string[]): Promise<Array<{ id: string; [field: string]: unknown }>> {
		const options = { filter: { id: { in: [...ids] } }, take: ids.length };
		return (await this.graphql<{ orders: { items: Array<{ id: string }> } }>(ORDER_VERSIONS, { options })).orders.items;
	}

	async parcels(id: string): Promise<VendureParcels | null> {
		return (await this.graphql<{ order: VendureParcels | null }>(PARCELS, { id })).order;
	}

	async addFulfillment(what: string, lines: Quantity[], handler: string, values: { method: string; trackingCode: string }): Promise<string> {
		const input = { lines, handler: { code: handler, arguments: Object.entries(values).map(([name, value]) => ({ name, value })) } };
		const { addFulfillmentToOrder } = await this.graphql<{ addFulfillmentToOrder: Result<{ id: string }> }>(ADD_FULFILLMENT, { input });
		return accepted(what, addFulfillmentToOrder).id;
	}

	async moveFulfillment(what: string, id: string, state: 'Shipped' | 'Cancelled'): Promise<void> {
		const { transitionFulfillmentToState } = await this.graphql<{ transitionFulfillmentToState: Result<{ id: string }> }>(MOVE_FULFILLMENT, { id, state });
		accepted(what, transitionFulfillmentToState);
	}

	async settle(paymentId: string): Promise<void> {
		const { settlePayment } = await this.graphql<{ settlePayment: Result<{ id: string }> }>(SETTLE_PAYMENT, { id: paymentId });
		accepted('to settle the payment', settlePayment);
	}

	/** @param field a field of the shop's own that is read as well */
	async notes(id: string, field: string | null): Promise<VendureNotes | null> {
		const { order } = await this.graphql<{ order: (Omit<VendureNotes, 'notes'> & { history: { items: Array<{ data: { note?: unknown } | null }> } }) | null }>(notes(field), { id });
		return order === null ? null : { ...order, notes: order.history.items.map(({ data }) => String(data?.note ?? '')) };
	}

	async addNote(id: string, note: string): Promise<void> {
		await this.graphql(ADD_NOTE, { input: { id, note, isPublic: false } });
	}

	async setCustomField(id: string, field: string, value: string): Promise<void> {
		await this.graphql(SET_CUSTOM_FIELDS, { input: { id, customFields: { [field]: value } } });
	}

	/** @param lines null = the whole order with its shipping */
	async cancel(orderId: string, reason: string, lines: Quantity[] | null): Promise<void> {
		const input = { orderId, reason, ...(lines === null ? { cancelShipping: true } : { lines }) };
		const { cancelOrder } = await this.graphql<{ cancelOrder: Result<{ id: string }> }>(CANCEL_ORDER, { input });
		accepted('to cancel the order', cancelOrder);
	}

	private async list(options: JsonValue): Promise<{ items: RawVendureOrder[]; total: number }> {
		const data = await this.graphql<{
			globalSettings: { serverConfig: { moneyStrategyPrecision: number } };
			orders: { items: Array<Omit<RawVendureOrder, 'moneyPrecision'>>; totalItems: number };
		}>(orders(this.customFields), { options });
		const moneyPrecision = data.globalSettings.serverConfig.moneyStrategyPrecision;
		return { items: data.orders.items.map((order) => ({ ...order, moneyPrecision }) as RawVendureOrder), total: data.orders.totalItems };
	}
}
