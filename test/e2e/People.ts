/** People who use the Order Store node: they correct what is in Error, put an order away, delete one. */
import type { Rest } from './n8n/Rest';

export type OrderJson = Record<string, unknown> & {
	id: string;
	status: string;
	alert: { code: string } | null;
	lines: Array<{ id: string }>;
};

export class People {
	corrected = 0;

	constructor(private readonly rest: Rest) {}

	async orders(): Promise<OrderJson[]> {
		return (await this.rest.webhook('people-search', {})).filter((item) => typeof item.id === 'string') as OrderJson[];
	}

	async do(operation: 'reprocess' | 'archive' | 'delete', order: OrderJson): Promise<void> {
		await this.rest.webhook(`people-${operation}`, { orderId: order.id });
	}

	private async edit(order: OrderJson, path: string, value: string): Promise<void> {
		await this.rest.webhook('people-edit', { orderId: order.id, path, value });
	}

	/** Corrects every order that has one of the alerts of the sample shop, and has it processed again. */
	async correct(): Promise<void> {
		for (const order of await this.orders()) {
			if (order.status !== 'error') continue;
			if (order.alert?.code === 'field_too_long') {
				await this.edit(order, 'shippingAddress.address1', 'Donaudampfgasse 127');
				await this.edit(order, 'shippingAddress.address2', 'Stiege 4');
			} else if (order.alert?.code === 'unmapped_shipping_method') {
				await this.edit(order, 'shippingMethod', 'Standard Shipping');
			} else if (order.alert?.code === 'rejected_by_wms') {
				await this.edit(order, `lines.${order.lines[0]!.id}.sku`, 'RED-MUG');
			} else continue;
			await this.do('reprocess', order);
			this.corrected += 1;
		}
	}

	/** Rows that could not be imported and wait for a corrected export. */
	async importFailures(): Promise<number> {
		return (await this.rest.webhook('people-failures', {})).filter((item) => typeof item.message === 'string').length;
	}

	/** Archives and deletes the two orders of the sample that are exported again. Gives how many were still there to be put away. */
	async putAway(): Promise<number> {
		let found = 0;
		for (const order of await this.orders()) {
			const email = (order.customer as { email?: string }).email;
			if (email !== 'archive-me@shop.example' && email !== 'delete-me@shop.example') continue;
			if (!['new', 'delayed'].includes(order.status)) continue;
			await this.do(email.startsWith('archive') ? 'archive' : 'delete', order);
			found += 1;
		}
		return found;
	}
}

/** How many orders are in each status, for people. */
export function byStatus(orders: readonly OrderJson[]): string {
	const counts = new Map<string, number>();
	for (const { status } of orders) counts.set(status, (counts.get(status) ?? 0) + 1);
	return [...counts]
		.sort(([, left], [, right]) => right - left)
		.map(([status, count]) => `${count} ${status}`)
		.join(', ');
}
