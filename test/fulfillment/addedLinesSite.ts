/** A shop that adds lines to an order which is closed, the operator that works on it, and what the cart is told. */
import { sendAddedLines } from '../../lib/fulfillment/sendAddedLines';
import type { ImportedOrder, Order, OrderContent, Shipment } from '../../lib/order/order';
import { sourceQuantities } from '../../lib/order/sourceLines';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, line } from '../store/fixtures';
import type { TestStore } from '../store/harness';
import { Operator } from './operator';

export const MUG = line('L1', 'RED-MUG', 2);
export const TEE = line('L2', 'TEE-L', 1);
export const CAP = line('L3', 'CAP', 1);
export const PEN = line('L4', 'PEN', 3);

export const saying = (
	lines: OrderContent['lines'],
	more: Partial<ImportedOrder> = {},
	changes: Partial<OrderContent> = {},
): ImportedOrder => imported('1', { lines, ...changes }, more);

/** A cart that keeps what it was told. */
interface Told {
	externalId: string;
	tracking: string;
	lines: Array<{ externalId: string; quantity: number }>;
}

export class Site extends Operator {
	readonly toldOf: Told[] = [];

	constructor(test: TestStore) {
		super(test);
		const upload = this.cart.uploadTracking;
		this.cart.uploadTracking = async (order: Order, shipment: Shipment, options) => {
			this.toldOf.push({ externalId: order.externalId, tracking: shipment.externalId, lines: sourceQuantities(order, shipment) });
			return await upload(order, shipment, options);
		};
	}

	/** An order that is closed, to which the cart added a cap. */
	async offered(lines = [MUG, TEE, CAP]): Promise<Order> {
		const order = await this.closed();
		await this.importsAgain(saying(lines));
		return await this.get(order.id);
	}

	async closed(): Promise<Order> {
		const { id } = await this.sent(saying([MUG, TEE]));
		await this.goesOn();
		this.toldOf.length = 0;
		const order = await this.get(id);
		expect([order.status, order.alerts]).toEqual(['closed', []]);
		return order;
	}

	async sendsAdded({ id }: Pick<Order, 'id'>, orderStore: OrderStore = this.orderStore): Promise<Order> {
		return await sendAddedLines({ orderStore, orderId: id, actor });
	}

	async added({ id }: Pick<Order, 'id'>): Promise<Order[]> {
		return await this.orderStore.parts([id]);
	}

	async messages({ id }: Pick<Order, 'id'>): Promise<string[]> {
		return (await this.get(id)).alerts.map(({ code, message }) => `${code}: ${message}`);
	}
}

export const shown = ({ status, description, reference }: Order): string => `${reference} ${status}: ${description}`;
