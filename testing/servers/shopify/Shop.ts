/** The state of a shop, and what its writes do to it. */
export interface ShopLine {
	id: string;
	sku: string | null;
	name: string;
	quantity: number;
	removed: number;
	price: string;
	grams: number;
	requiresShipping: boolean;
	variantTitle: string | null;
	vendor: string | null;
	attributes: Array<{ key: string; value: string | null }>;
}

export interface ShopFulfillmentOrder {
	id: string;
	status: 'OPEN' | 'IN_PROGRESS' | 'ON_HOLD' | 'SCHEDULED' | 'CLOSED' | 'CANCELLED' | 'INCOMPLETE';
	holds: string[];
	location: string;
	method: 'SHIPPING' | 'PICKUP_POINT' | 'LOCAL' | 'PICK_UP' | 'RETAIL' | 'NONE' | null;
	/** Seconds since 1970. */
	fulfillAt: number | null;
	/** What a fulfillment service was asked, and answered. */
	request: 'UNSUBMITTED' | 'SUBMITTED' | 'ACCEPTED';
	lines: Array<{ id: string; lineId: string; remaining: number }>;
}

export interface ShopFulfillment {
	id: string;
	status: 'SUCCESS' | 'CANCELLED' | 'ERROR' | 'FAILURE';
	location: string;
	tracking: Array<{ company: string | null; number: string | null; url: string | null }>;
	lines: Array<{ lineId: string; quantity: number }>;
	notified: boolean;
}

export interface ShopOrder {
	id: string;
	name: string;
	/** Seconds since 1970. */
	processedAt: number;
	updatedAt: number;
	cancelledAt: number | null;
	cancelReason: string | null;
	/** Not in any list before. */
	visibleFrom: number;
	test: boolean;
	financial: string;
	email: string | null;
	note: string | null;
	tags: string[];
	discountCodes: string[];
	attributes: Array<{ key: string; value: string | null }>;
	country: string | null;
	shippingTitle: string;
	lines: ShopLine[];
	fulfillmentOrders: ShopFulfillmentOrder[];
	fulfillments: ShopFulfillment[];
	staffNote: string | null;
	refunded: boolean;
}

export interface NewOrder {
	name?: string;
	lines?: Array<Partial<Omit<ShopLine, 'id'>>>;
	/** The location of each line, by its place; default: Main. */
	locations?: string[];
	at?: number;
	more?: Partial<ShopOrder>;
}

export const LOCATIONS = [
	{ id: 'gid://shopify/Location/1', name: 'Main' },
	{ id: 'gid://shopify/Location/2', name: 'Berlin' },
	{ id: 'gid://shopify/Location/3', name: 'Printful', isService: true },
];

/** Of a fulfillment service of others. */
export const isOfService = ({ location }: ShopFulfillmentOrder): boolean =>
	LOCATIONS.some(({ name, isService }) => name === location && isService === true);

export const EPOCH = Date.parse('2026-11-01T00:00:00Z') / 1000;

export class Shop {
	readonly orders: ShopOrder[] = [];
	/** Jobs that are not done yet: each look at one brings it nearer. */
	readonly jobs = new Map<string, { looks: number; finish(): void }>();
	/** The shop's clock, seconds; every write takes one second unless it is told to stand still. */
	now = EPOCH;
	standing = false;
	scopes = ['read_orders', 'write_orders', 'read_merchant_managed_fulfillment_orders', 'write_merchant_managed_fulfillment_orders'];
	/** How many lists it gave. */
	lists = 0;
	private ids = 1000;

	id(type: string): string {
		return `gid://shopify/${type}/${(this.ids += 1)}`;
	}

	tick(): number {
		if (!this.standing) this.now += 1;
		return this.now;
	}

	touch(order: ShopOrder): void {
		order.updatedAt = this.tick();
	}

	order(id: string): ShopOrder | undefined {
		return this.orders.find((one) => one.id === id);
	}

	named(name: string): ShopOrder {
		const found = this.orders.find((one) => one.name === name);
		if (!found) throw new Error(`no order ${name}`);
		return found;
	}

	place({ name, lines = [{}], locations = [], at, more = {} }: NewOrder = {}): ShopOrder {
		const when = at ?? this.tick();
		const full = lines.map((line, index): ShopLine => ({
			id: this.id('LineItem'),
			sku: `SKU-${index + 1}`,
			name: `Item ${index + 1}`,
			quantity: 1,
			removed: 0,
			price: '10.00',
			grams: 250,
			requiresShipping: true,
			variantTitle: null,
			vendor: null,
			attributes: [],
			...line,
		}));
		const places = [...new Set(full.map((_, index) => locations[index] ?? 'Main'))];
		const order: ShopOrder = {
			id: this.id('Order'),
			name: name ?? `#${1000 + this.orders.length + 1}`,
			processedAt: when,
			updatedAt: when,
			cancelledAt: null,
			cancelReason: null,
			visibleFrom: 0,
			test: false,
			financial: 'PAID',
			email: 'ada@example.com',
			note: null,
			tags: [],
			discountCodes: [],
			attributes: [],
			country: 'US',
			shippingTitle: 'Standard',
			lines: full,
			fulfillments: [],
			staffNote: null,
			refunded: false,
			fulfillmentOrders: places.map((location) =>
				this.fulfillmentOrder(
					location,
					full
						.filter((_, index) => (locations[index] ?? 'Main') === location)
						.map(({ id, quantity }) => ({ lineId: id, remaining: quantity })),
				),
			),
			...more,
		};
		this.orders.push(order);
		return order;
	}

	fulfillmentOrder(location: string, lines: Array<{ lineId: string; remaining: number }>): ShopFulfillmentOrder {
		return {
			id: this.id('FulfillmentOrder'),
			status: 'OPEN',
			holds: [],
			location,
			method: 'SHIPPING',
			fulfillAt: null,
			request: 'UNSUBMITTED',
			lines: lines.map((line) => ({ id: this.id('FulfillmentOrderLineItem'), ...line })),
		};
	}

	/** What the scopes of the app let it see. */
	isVisible(one: ShopFulfillmentOrder): boolean {
		const owner = isOfService(one) ? 'third_party' : 'merchant_managed';
		return this.scopes.some((scope) => scope === `read_${owner}_fulfillment_orders` || scope === `write_${owner}_fulfillment_orders`);
	}

	/** A person deletes the order. */
	remove(order: ShopOrder): void {
		this.orders.splice(this.orders.indexOf(order), 1);
	}

	/** A line is added by an edit, an upsell or an exchange: another fulfillment order. */
	add(order: ShopOrder, line: Partial<Omit<ShopLine, 'id'>>, location = 'Main'): ShopLine {
		const full: ShopLine = {
			id: this.id('LineItem'),
			sku: 'ADDED',
			name: 'Added',
			quantity: 1,
			removed: 0,
			price: '10.00',
			grams: 250,
			requiresShipping: true,
			variantTitle: null,
			vendor: null,
			attributes: [],
			...line,
		};
		order.lines.push(full);
		order.fulfillmentOrders.push(this.fulfillmentOrder(location, [{ lineId: full.id, remaining: full.quantity }]));
		this.touch(order);
		return full;
	}

	/** A person moves what remains to another location: new fulfillment orders, the old ones are closed. */
	move(order: ShopOrder, location: string): void {
		for (const old of order.fulfillmentOrders.filter(({ status }) => status === 'OPEN' || status === 'IN_PROGRESS')) {
			order.fulfillmentOrders.push(
				this.fulfillmentOrder(
					location,
					old.lines.filter(({ remaining }) => remaining > 0).map(({ lineId, remaining }) => ({ lineId, remaining })),
				),
			);
			old.status = 'CLOSED';
		}
		this.touch(order);
	}

	/** A person edits the order: another quantity of a line, under a new fulfillment order. */
	edit(order: ShopOrder, lineIndex: number, quantity: number): void {
		const line = order.lines[lineIndex]!;
		const change = quantity - (line.quantity - line.removed);
		if (change >= 0) line.quantity += change;
		else line.removed -= change;
		for (const each of order.fulfillmentOrders)
			for (const one of each.lines) if (one.lineId === line.id && each.status !== 'CLOSED') one.remaining += change;
		this.touch(order);
	}

	hold(order: ShopOrder, reason: string, { touch = true } = {}): void {
		for (const each of order.fulfillmentOrders) Object.assign(each, { status: 'ON_HOLD', holds: [reason] });
		if (touch) this.touch(order);
	}

	release(order: ShopOrder, { touch = true } = {}): void {
		for (const each of order.fulfillmentOrders) Object.assign(each, { status: 'OPEN', holds: [] });
		if (touch) this.touch(order);
	}

	fulfil(
		takes: Array<{ one: ShopFulfillmentOrder; line: string; quantity: number }>,
		order: ShopOrder,
		tracking: ShopFulfillment['tracking'],
		notified: boolean,
	): ShopFulfillment {
		for (const { one, line, quantity } of takes) {
			one.lines.find(({ id }) => id === line)!.remaining -= quantity;
			one.status = one.lines.every(({ remaining }) => remaining === 0) ? 'CLOSED' : 'IN_PROGRESS';
		}
		const lines = takes.map(({ one, line, quantity }) => ({ lineId: one.lines.find(({ id }) => id === line)!.lineId, quantity }));
		const fulfillment: ShopFulfillment = {
			id: this.id('Fulfillment'),
			status: 'SUCCESS',
			location: takes[0]!.one.location,
			tracking,
			lines,
			notified,
		};
		order.fulfillments.push(fulfillment);
		this.touch(order);
		return fulfillment;
	}

	/** Everything that remains, by hand, without tracking. */
	fulfilByHand(order: ShopOrder): void {
		const takes = order.fulfillmentOrders.flatMap((one) =>
			one.lines.filter(({ remaining }) => remaining > 0).map(({ id, remaining }) => ({ one, line: id, quantity: remaining })),
		);
		this.fulfil(takes, order, [], false);
	}

	cancel(order: ShopOrder, refunded: boolean, reason = 'OTHER'): void {
		order.cancelReason = reason;
		order.cancelledAt = this.tick();
		order.refunded = refunded;
		for (const each of order.fulfillmentOrders)
			if (each.status !== 'CLOSED')
				Object.assign(each, { status: 'CANCELLED', lines: each.lines.map((line) => ({ ...line, remaining: 0 })) });
		for (const line of order.lines) line.removed = line.quantity;
		order.updatedAt = order.cancelledAt;
	}
}
