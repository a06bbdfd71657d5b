/** Puts beside orders what they do not tell themselves: what was refunded of them, and which of their products need no shipping. Asked for a page at a time. */
import { isNotFound } from '../../http/partner';
import { asError, MappingError, shown } from '../../order/errors';
import { isList, isObject, objectsIn } from '../../order/json';
import { textIn } from '../common/listing';
import type { ChangedOrder } from '../common/changes';
import { MAX_PER_PAGE, type WooApi, type WooObject } from './api';
import { BESIDE, keptBeside, REFUNDS } from './beside';
import type { WooCommerceSettings } from './settings';

export class Completing {
	/** By the key of the product or variation; of this session. */
	private readonly virtual = new Map<string, boolean>();
	private seesProducts = true;
	/** Since WooCommerce 9.0 refunds of several orders can be asked for at once. */
	private asksTogether = true;

	constructor(
		private readonly api: WooApi,
		private readonly settings: Pick<WooCommerceSettings, 'bundles' | 'keepMeta'>,
	) {}

	/** As `all`, of a page with what else it says. */
	async page<Page extends { orders: ChangedOrder[] }>(page: Page): Promise<Page> {
		return { ...page, orders: await this.all(page.orders) };
	}

	/** In the order given. One whose refunds are not to be had says so. */
	async all(orders: readonly ChangedOrder[]): Promise<ChangedOrder[]> {
		const raws = orders.map(({ raw }) => raw).filter(isObject);
		const refunds = await this.refunds(raws);
		await this.learn(raws);
		const result: ChangedOrder[] = [];
		for (const order of orders) result.push(isObject(order.raw) ? await this.one(order, order.raw, refunds) : order);
		return result;
	}

	private async one(order: ChangedOrder, raw: WooObject, together: ReadonlyMap<string, WooObject>): Promise<ChangedOrder> {
		const beside = keptBeside({
			bundles: this.settings.bundles ?? 'parts',
			keepMeta: this.settings.keepMeta ?? [],
			virtual: [...soldIn(raw)].filter((key) => this.virtual.get(key) === true),
		});
		const known = { ...raw, ...(beside === null ? {} : { [BESIDE]: beside }) };
		const count = isList(raw.refunds) ? raw.refunds.length : 0;
		if (count === 0) return { ...order, raw: known };
		const found = refundKeys(raw).flatMap((id): WooObject[] => {
			const refund = together.get(id);
			return refund === undefined || textIn(refund, 'parent_id') !== order.id ? [] : [refund];
		});
		try {
			const refunds: readonly WooObject[] = found.length === count ? found : await this.api.refundsOf(order.id);
			return { ...order, raw: { ...known, [REFUNDS]: refunds.map(({ id, line_items: lines }) => ({ id, line_items: lines })) } };
		} catch (error) {
			if (isNotFound(error)) return { ...order, raw: known, problem: withoutRefunds(order.id, raw.refunds) };
			throw asError(error);
		}
	}

	private async refunds(raws: readonly WooObject[]): Promise<Map<string, WooObject>> {
		const ids = raws.flatMap(refundKeys);
		const found = new Map<string, WooObject>();
		for (let start = 0; start < ids.length && this.asksTogether; start += MAX_PER_PAGE) {
			const some = await this.api.refunds(ids.slice(start, start + MAX_PER_PAGE));
			if (some === null) this.asksTogether = false;
			for (const refund of some ?? []) found.set(textIn(refund, 'id') ?? '', refund);
		}
		return found;
	}

	/** Asks for the products that this session does not know yet. */
	private async learn(raws: readonly WooObject[]): Promise<void> {
		const unknown = new Map<string, string | null>();
		for (const line of raws.flatMap((raw) => objectsIn(raw.line_items))) {
			const [product, variation] = [keyIn(line, 'product_id'), keyIn(line, 'variation_id')];
			const key = variation ?? product;
			if (key !== null && !this.virtual.has(key)) unknown.set(key, variation === null ? null : product);
		}
		for (const [parent, keys] of Map.groupBy(unknown.keys(), (key) => unknown.get(key) ?? null)) {
			for (let start = 0; start < keys.length && this.seesProducts; start += MAX_PER_PAGE) {
				const some = keys.slice(start, start + MAX_PER_PAGE);
				const virtual = await this.api.virtualProducts(some, parent);
				if (virtual === null) this.seesProducts = false;
				for (const key of some) this.virtual.set(key, virtual?.includes(key) === true);
			}
		}
	}
}

const keyIn = (line: WooObject, name: string): string | null => {
	const key = textIn(line, name);
	return key !== null && /^[1-9]\d*$/.test(key) ? key : null;
};

const soldIn = (raw: WooObject): Set<string> =>
	new Set(objectsIn(raw.line_items).flatMap((line) => keyIn(line, 'variation_id') ?? keyIn(line, 'product_id') ?? []));

const refundKeys = (raw: WooObject): string[] => objectsIn(raw.refunds).flatMap((refund) => keyIn(refund, 'id') ?? []);

const withoutRefunds = (id: string, refunds: unknown): MappingError =>
	new MappingError(
		'refunds',
		refunds,
		`WooCommerce has no order ${shown(id)} with refunds`,
		'If it was deleted, dismiss this; else it is imported when it changes in WooCommerce.',
	);
