/** The calls to Vendure in the words of the adapter. */
import { otherData, type PartnerError } from '../../http/partner';
import { presentIn } from '../../http/readingClock';
import type { IsoDate, JsonValue } from '../../order/order';
import {
	ACCESS,
	ADD_FULFILLMENT,
	ADD_NOTE,
	CANCEL_ORDER,
	MOVE_FULFILLMENT,
	notes,
	ORDER_VERSIONS,
	orders,
	ORDER_FULFILLMENTS,
	SET_CUSTOM_FIELDS,
	SETTLE_PAYMENT,
} from './documents';
import { accepted, LABEL, type Graphql, type Result } from './graphql';

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

export interface VendureFulfillments {
	state: string;
	lines: Array<{ id: string; quantity: number }>;
	payments: Array<{ id: string; state: string }> | null;
	fulfillments: Fulfillment[] | null;
}

interface VendureNotes extends Omit<VendureFulfillments, 'payments'> {
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

	/**
	 * The first orders placed at or after a moment, the first one first. The filter leaves the moment itself out. No second key: Vendure sorts by the fields in the order of its
	 * schema, where the id stands first.
	 */
	async placedSince(since: IsoDate, take: number): Promise<{ orders: unknown[]; total: number }> {
		const { items, total } = await this.list({
			filter: { active: { eq: false }, orderPlacedAt: { after: justBefore(since) } },
			sort: { orderPlacedAt: 'ASC' },
			take,
		});
		return { orders: items, total };
	}

	/** Orders placed from a moment on and before another one, by their keys. */
	async placedBetween(
		from: IsoDate,
		to: IsoDate,
		{ offset, limit, order }: { offset: number; limit: number; order: 'asc' | 'desc' },
	): Promise<{ orders: unknown[]; total: number }> {
		const filter = { active: { eq: false }, orderPlacedAt: { after: justBefore(from), before: to } };
		const { items, total } = await this.list({ filter, sort: { id: order === 'asc' ? 'ASC' : 'DESC' }, take: limit, skip: offset });
		return { orders: items, total };
	}

	/** The orders that were placed last, the newest first. */
	async newest(take: number): Promise<unknown[]> {
		return (await this.list({ filter: { active: { eq: false } }, sort: { orderPlacedAt: 'DESC' }, take })).items;
	}

	async byIds(ids: readonly string[]): Promise<unknown[]> {
		return ids.length === 0 ? [] : (await this.list({ filter: { id: { in: [...ids] } }, take: ids.length })).items;
	}

	async byCode(code: string): Promise<unknown> {
		return (await this.list({ filter: { code: { eq: code } }, take: 1 })).items[0] ?? null;
	}

	/** The time by Vendure's clock. */
	async now(): Promise<IsoDate> {
		let now = '';
		await this.graphql(ACCESS, {}, (response) => {
			now = presentIn(response);
		});
		return now;
	}

	/** Only what `versionOf` looks at. */
	async versions(ids: readonly string[]): Promise<unknown[]> {
		const options = { filter: { id: { in: [...ids] } }, take: ids.length };
		return listIn(await this.graphql<Orders>(ORDER_VERSIONS, { options })).items;
	}

	async fulfillments(id: string): Promise<VendureFulfillments | null> {
		return orderIn(await this.graphql<{ order: VendureFulfillments | null }>(ORDER_FULFILLMENTS, { id }));
	}

	async addFulfillment(
		what: string,
		lines: Quantity[],
		handler: string,
		values: { method: string; trackingCode: string },
	): Promise<string> {
		const input = { lines, handler: { code: handler, arguments: Object.entries(values).map(([name, value]) => ({ name, value })) } };
		const { addFulfillmentToOrder } = await this.graphql<{ addFulfillmentToOrder: Result<{ id: string }> }>(ADD_FULFILLMENT, { input });
		return accepted(what, addFulfillmentToOrder).id;
	}

	async moveFulfillment(what: string, id: string, state: 'Shipped' | 'Cancelled'): Promise<void> {
		const { transitionFulfillmentToState } = await this.graphql<{ transitionFulfillmentToState: Result<{ id: string }> }>(
			MOVE_FULFILLMENT,
			{ id, state },
		);
		accepted(what, transitionFulfillmentToState);
	}

	async settle(paymentId: string): Promise<void> {
		const { settlePayment } = await this.graphql<{ settlePayment: Result<{ id: string }> }>(SETTLE_PAYMENT, { id: paymentId });
		accepted('to settle the payment', settlePayment);
	}

	/** @param field a field of the shop's own that is read as well */
	async notes(id: string, field: string | null): Promise<VendureNotes | null> {
		const order = orderIn(
			await this.graphql<{
				order: (Omit<VendureNotes, 'notes'> & { history: { items: Array<{ data: { note?: unknown } | null }> } }) | null;
			}>(notes(field), { id }),
		);
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

	private async list(options: JsonValue): Promise<{ items: unknown[]; total: number }> {
		const data = await this.graphql<Orders & { globalSettings?: { serverConfig?: { moneyStrategyPrecision?: number } } | null }>(
			orders(this.customFields),
			{ options },
		);
		const moneyPrecision = data.globalSettings?.serverConfig?.moneyStrategyPrecision;
		const { items, totalItems: total } = listIn(data);
		if (typeof total !== 'number' || typeof moneyPrecision !== 'number') throw unexpected();
		return { items: items.map((order) => (typeof order === 'object' && order !== null ? { ...order, moneyPrecision } : order)), total };
	}
}

const justBefore = (time: IsoDate): IsoDate => new Date(Date.parse(time) - 1).toISOString();

interface Orders {
	orders: { items: unknown[]; totalItems?: number };
}

/** Throws when there is no list: that would be taken for "none". */
function listIn({ orders: list }: { orders?: Partial<Orders['orders']> | null }): { items: unknown[]; totalItems?: number } {
	if (!Array.isArray(list?.items)) throw unexpected();
	return { ...list, items: list.items };
}

/** Null = there is no such order, which Vendure says itself. */
function orderIn<Order extends object>({ order }: { order?: Order | null }): Order | null {
	if (order === undefined || typeof order !== 'object') throw unexpected();
	return order;
}

const unexpected = (): PartnerError => otherData(LABEL, 'Check that the address in the Vendure credential is that of the Admin API.');
