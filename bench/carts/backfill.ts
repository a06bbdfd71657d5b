/** One measurement in a process of its own, whose memory is looked at in the end. Prints JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { openOrderStore } from '../../lib/store/connect';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { BASIC } from '../../testing/servers/wooCommerce';

export interface Backfill {
	ms: number;
	orders: number;
	peakMb: number;
}

const PER_PAGE = 100;

/** The floor: every page is fetched and parsed, and nothing else. */
async function pagesAlone(url: string): Promise<number> {
	let count = 0;
	for (let page = 1; ; page += 1) {
		const response = await fetch(`${url}/wp-json/wc/v3/orders?page=${page}&per_page=${PER_PAGE}&orderby=modified&order=asc&status=any`, {
			headers: { authorization: BASIC },
		});
		const orders = (await response.json()) as unknown[];
		count += orders.length;
		if (page >= Number(response.headers.get('x-wp-totalpages'))) return count;
	}
}

async function imported(url: string): Promise<number> {
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-carts-'));
	const orderStore = await openOrderStore({ kind: 'sqlite', file: path.join(folder, 'orders.sqlite') });
	try {
		let count = 0;
		for (let complete = false; !complete;) {
			const session = wooCommerceCart.open({ http: fetchHttp(url, { authorization: BASIC }), account: 'bench' }, { store: 'acme' });
			const report = await importOrders({
				orderStore,
				cart: wooCommerceCart,
				session,
				storeName: 'bench',
				abandonAfterDays: 45,
				onChange: 'replace',
				actor: { kind: 'node', name: 'bench' },
				handOutLimit: 1000,
				budgetMs: 600_000,
				filter: { earliestOrderDate: '2020-01-01T00:00:00Z', statuses: [], tags: [], skus: [], pageSize: 250 },
			});
			count += report.counts.created;
			({ complete } = report);
		}
		return count;
	} finally {
		await orderStore.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function main([what, url]: readonly string[]): Promise<void> {
	const begin = performance.now();
	const orders = what === 'floor' ? await pagesAlone(url!) : await imported(url!);
	console.log(JSON.stringify({ ms: performance.now() - begin, orders, peakMb: process.resourceUsage().maxRSS / 1024 } satisfies Backfill));
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
