/** What the shop answers: queries and mutations by the names of the schema. */
import { isOfService, type Shop, type ShopFulfillment, type ShopOrder } from './Shop';
import { untied } from '../Peer';
import { connection, fulfillmentOrderView, fulfillmentView, orderView } from './views';

type UserError = { field: string[] | null; message: string };

interface FulfillmentInput {
	lineItemsByFulfillmentOrder: Array<{
		fulfillmentOrderId: string;
		fulfillmentOrderLineItems?: Array<{ id: string; quantity: number }> | null;
	}>;
	notifyCustomer?: boolean;
	trackingInfo?: TrackingInput | null;
}

interface TrackingInput {
	company?: string | null;
	number?: string | null;
	numbers?: string[] | null;
	url?: string | null;
	urls?: string[] | null;
}

export const rootOf = (shop: Shop) => ({
	shop: { name: 'Acme' },
	currentAppInstallation: { accessScopes: () => shop.scopes.map((handle) => ({ handle })) },
	orders({
		query,
		first,
		after,
		reverse,
		sortKey,
	}: {
		query?: string | null;
		first?: number;
		after?: string | null;
		reverse?: boolean;
		sortKey?: string;
	}) {
		if (sortKey !== 'UPDATED_AT' && sortKey !== 'PROCESSED_AT' && sortKey !== 'ID')
			throw new Error(`peer: sort key ${sortKey} is not modelled`);
		const sorted = ({ updatedAt, processedAt }: ShopOrder): number =>
			({ UPDATED_AT: updatedAt, PROCESSED_AT: processedAt, ID: 0 })[sortKey];
		const keyOf = (order: ShopOrder): string => `${String(sorted(order)).padStart(12, '0')} ${order.id}`;
		const ties = untied((shop.lists += 1));
		const found = shop.orders
			.filter((order) => shop.now >= order.visibleFrom && matches(order, query ?? ''))
			.sort((left, right) => sorted(left) - sorted(right) || (sortKey === 'ID' ? (left.id < right.id ? -1 : 1) : ties(left.id, right.id)));
		if (reverse) found.reverse();
		return connection(found, { first, after }, keyOf, (order) => orderView(shop, order));
	},
	order: ({ id }: { id: string }) => viewOf(shop, id),
	nodes: ({ ids }: { ids: string[] }) => ids.map((id) => viewOf(shop, id)),
	fulfillmentOrder: ({ id }: { id: string }) => {
		const order = shop.orders.find(({ fulfillmentOrders }) => fulfillmentOrders.some((one) => one.id === id));
		return order
			? fulfillmentOrderView(
					shop,
					order,
					order.fulfillmentOrders.find((one) => one.id === id)!,
				)
			: null;
	},
	fulfillment: ({ id }: { id: string }) => {
		const found = parcel(shop, id);
		return found ? fulfillmentView(found.order, found.one) : null;
	},
	job: ({ id }: { id: string }) => {
		const job = shop.jobs.get(id);
		if (job === undefined) return null;
		job.looks -= 1;
		if (job.looks === 0) job.finish();
		return { id, done: job.looks <= 0 };
	},

	fulfillmentCreate: ({ fulfillment }: { fulfillment: FulfillmentInput }) => createFulfillment(shop, fulfillment),
	fulfillmentTrackingInfoUpdate({
		fulfillmentId,
		trackingInfoInput,
		notifyCustomer,
	}: {
		fulfillmentId: string;
		trackingInfoInput: TrackingInput;
		notifyCustomer?: boolean;
	}) {
		const found = parcel(shop, fulfillmentId);
		if (!found) return { fulfillment: null, userErrors: [{ field: ['fulfillmentId'], message: 'Fulfillment does not exist.' }] };
		found.one.tracking = trackingOf(trackingInfoInput);
		found.one.notified ||= notifyCustomer === true;
		shop.touch(found.order);
		return { fulfillment: fulfillmentView(found.order, found.one), userErrors: [] };
	},
	tagsAdd({ id, tags }: { id: string; tags: string[] }) {
		const order = shop.order(id);
		if (!order) return { node: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
		order.tags = [...new Set([...order.tags, ...tags])];
		shop.touch(order);
		return { node: orderView(shop, order), userErrors: [] };
	},
	orderUpdate({ input }: { input: { id: string; note?: string } }) {
		const { id, note, ...others } = input;
		if (Object.keys(others).length > 0) throw new Error(`peer: orderUpdate of ${Object.keys(others).join()} is not modelled`);
		const order = shop.order(id);
		if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
		if (note !== undefined) order.note = note;
		shop.touch(order);
		return { order: orderView(shop, order), userErrors: [] };
	},
	orderCancel({
		orderId,
		refundMethod,
		staffNote,
	}: {
		orderId: string;
		refundMethod?: { originalPaymentMethodsRefund?: boolean } | null;
		staffNote?: string | null;
	}) {
		const order = shop.order(orderId);
		const refuse = (message: string) => ({ job: null, orderCancelUserErrors: [{ field: ['orderId'], message, code: 'INVALID' }] });
		if (!order) return refuse('Order does not exist');
		if (order.cancelledAt !== null) return refuse('Order has already been cancelled');
		if ((staffNote ?? '').length > 255) return refuse('Staff note is too long (maximum is 255 characters)');
		const id = shop.id('Job');
		order.staffNote = staffNote ?? null;
		shop.jobs.set(id, { looks: 2, finish: () => shop.cancel(order, refundMethod?.originalPaymentMethodsRefund === true) });
		return { job: { id, done: false }, orderCancelUserErrors: [] };
	},
});

const viewOf = (shop: Shop, id: string): object | null => {
	const order = shop.order(id);
	return order ? orderView(shop, order) : null;
};

function parcel(shop: Shop, id: string): { order: ShopOrder; one: ShopFulfillment } | null {
	for (const order of shop.orders) for (const one of order.fulfillments) if (one.id === id) return { order, one };
	return null;
}

function createFulfillment(shop: Shop, { lineItemsByFulfillmentOrder, trackingInfo, notifyCustomer }: FulfillmentInput) {
	const errors: UserError[] = [];
	const refuse = (message: string): void => void errors.push({ field: ['fulfillment'], message });
	const takes: Array<{ order: ShopOrder; one: ShopOrder['fulfillmentOrders'][number]; line: string; quantity: number }> = [];
	for (const { fulfillmentOrderId, fulfillmentOrderLineItems } of lineItemsByFulfillmentOrder) {
		const order = shop.orders.find(({ fulfillmentOrders }) => fulfillmentOrders.some(({ id }) => id === fulfillmentOrderId));
		const one = order?.fulfillmentOrders.find(({ id }) => id === fulfillmentOrderId);
		if (!order || !one) {
			refuse('Fulfillment order does not exist.');
			continue;
		}
		if (one.status !== 'OPEN' && one.status !== 'IN_PROGRESS')
			refuse(`Fulfillment order ${one.id} has an unfulfillable status= ${one.status.toLowerCase()}.`);
		if (isOfService(one)) refuse(`Fulfillment order ${one.id} is assigned to another fulfillment service.`);
		// What is not named is everything.
		const lines =
			fulfillmentOrderLineItems ??
			one.lines.filter(({ remaining }) => remaining > 0).map(({ id, remaining }) => ({ id, quantity: remaining }));
		for (const { id, quantity } of lines) {
			const line = one.lines.find((each) => each.id === id);
			if (!line) refuse(`Fulfillment order line item ${id} does not exist.`);
			else if (quantity < 1 || quantity > line.remaining) refuse('Invalid fulfillment order line item quantity requested.');
			takes.push({ order, one, line: id, quantity });
		}
	}
	if (new Set(takes.map(({ order }) => order.id)).size > 1) refuse('All fulfillment orders must belong to the same order.');
	if (new Set(takes.map(({ one }) => one.location)).size > 1) refuse('All fulfillment orders must be assigned to the same location.');
	if (errors.length > 0 || takes.length === 0)
		return { fulfillment: null, userErrors: errors.length > 0 ? errors : [{ field: ['fulfillment'], message: 'Nothing to fulfill.' }] };
	const [{ order }] = takes as [(typeof takes)[number]];
	const one = shop.fulfil(takes, order, trackingInfo ? trackingOf(trackingInfo) : [], notifyCustomer === true);
	return { fulfillment: fulfillmentView(order, one), userErrors: [] };
}

function trackingOf({ company = null, number, numbers, url, urls }: TrackingInput): ShopFulfillment['tracking'] {
	const all = numbers ?? (number ? [number] : []);
	const links = urls ?? (url ? [url] : []);
	return all.length === 0
		? company === null
			? []
			: [{ company, number: null, url: null }]
		: all.map((each, index) => ({ company, number: each, url: links[index] ?? null }));
}

/** The few filters that are modelled; any other is an error, where Shopify would silently ignore it. */
function matches(order: ShopOrder, query: string): boolean {
	if (query === '') return true;
	const time = /^updated_at:>='(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)'(?: updated_at:<'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)')?$/.exec(query);
	if (time)
		return order.updatedAt >= Date.parse(time[1]!) / 1000 && (time[2] === undefined || order.updatedAt < Date.parse(time[2]) / 1000);
	const name = /^name:'((?:[^'\\]|\\.)*)'$/.exec(query);
	if (name) return order.name.replace(/^#/, '').startsWith(name[1]!.replace(/\\(.)/g, '$1').replace(/^#/, ''));
	throw new Error(`peer: the search ${query} is not modelled`);
}
