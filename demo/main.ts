/**
 * npm run demo [-- --crash] [--keep] [--orders=300] [--seed=1]
 *
 * The whole life of a sample shop's orders on n8n's own engine: the built package, the templates as they are shipped, the
 * embedded store, a warehouse in a process of its own. With --crash the automation is killed with SIGKILL at random moments.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { audit } from './audit';
import { Automation, nextMessage, type Saboteur } from './automation';
import { csvFiles, putFile } from './folders';
import { Progress, report } from './report';
import { exportFile, sampleOrders, type SampleOrder } from './shop';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** So many minutes of the shop's clock without anything happening: longer than a lease and a redelivery. */
const QUIET_TICKS = 8;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			crash: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			orders: { type: 'string', default: '260' },
			seed: { type: 'string', default: String(Date.now() % 100_000) },
			kills: { type: 'string', default: '24' },
		},
	});
	const folder = mkdtempSync(path.join(tmpdir(), 'order-fulfillment-demo-'));
	const orders = sampleOrders(Number(values.orders));
	const run = new Run(folder, orders, values.crash ? { seed: Number(values.seed), kills: Number(values.kills) } : null);
	try {
		return await run.all();
	} finally {
		run.stop();
		if (values.keep) console.log(`The folder is kept: ${folder} (shop/, warehouse/, .n8n/n8n-nodes-order-fulfillment/orders.sqlite)`);
		else rmSync(folder, { recursive: true, force: true });
	}
}

class Run {
	private readonly automation: Automation;
	private readonly warehouse;
	private readonly saboteur: Saboteur | null;
	private readonly progress = new Progress();
	/** The shop's clock, ahead of the machine's. */
	private clock = 0;
	private mails = 0;
	private readonly problems: string[] = [];
	private exports = 0;
	/** Import failures before the shop corrected them. */
	private failures: Array<Record<string, unknown>> = [];
	/** Every alert that was seen, also those that people resolved since. */
	private readonly alerts = new Map<string, Record<string, unknown>>();

	constructor(
		private readonly folder: string,
		private readonly orders: SampleOrder[],
		private readonly crash: { seed: number; kills: number } | null,
	) {
		mkdirSync(path.join(folder, 'shop', 'orders'), { recursive: true });
		mkdirSync(path.join(folder, 'warehouse'), { recursive: true });
		this.automation = new Automation(path.join(__dirname, '..'), folder);
		this.warehouse = fork(path.join(__dirname, 'warehouse.ts'), [path.join(folder, 'warehouse')], { execArgv: ['--import', 'tsx'] });
		let state = crash?.seed ?? 0;
		this.saboteur = crash && {
			left: 0,
			random: () => {
				state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
				return state / 2 ** 32;
			},
		};
	}

	stop(): void {
		this.automation.stop();
		if (this.warehouse.connected) this.warehouse.disconnect();
	}

	async all(): Promise<number> {
		const { orders, crash } = this;
		if (crash) console.log(`The automation is killed with SIGKILL at ${crash.kills} random moments (seed ${crash.seed}).`);
		const trouble = orders.filter(({ kind }) => kind !== 'plain').length;
		console.log(`${orders.length} orders, ${trouble} of them with trouble, exported by the shop in files of up to 150.`);

		// Publishing: every trigger looks once, and the alert e-mails start from here.
		await this.automation.tick(this.clock, null);
		for (let start = 0; start < orders.length; start += 150) this.exportOrders(orders.slice(start, start + 150));
		// One file is exported twice, and a few orders again in another file.
		this.exportOrders(orders.slice(0, 150));
		this.exportOrders(orders.slice(40, 60));
		await this.untilQuiet('import, rules, warehouse, shipments, tracking', 0.45);

		await this.people();
		await this.untilQuiet('after people corrected what was in Error', 0.2);

		this.clock += 2.5 * HOUR;
		await this.untilQuiet('holds are over', 0.15);

		await this.deliver(2);
		await this.untilQuiet('the second parcels', 0.1);

		this.clock += 46 * DAY;
		await this.untilQuiet('46 days later: what never shipped is abandoned', 0.05);

		await this.deliver(3);
		await this.untilQuiet('a shipment that came too late', 0.05);
		this.remember(await this.search({}));
		for (const order of await this.search({ alertCodes: ['late_shipment'] })) await this.operate('reprocess', order.id);
		await this.untilQuiet('after it was reprocessed', 0);

		return await this.finish();
	}

	/** What people do meanwhile: correct, archive, delete. And the shop exports again what was archived and deleted. */
	private async people(): Promise<void> {
		const again = this.orders.filter(({ kind }) => kind.endsWith('exported again'));
		const found = async (email: string) => (await this.search({ text: email }))[0];
		const archived = await found('archive-me@shop.example');
		const deleted = await found('delete-me@shop.example');
		if (archived) await this.operate('archive', archived.id, { reason: 'The customer called: not wanted any more.' });
		if (deleted) await this.operate('delete', deleted.id);
		this.exportOrders(again);
		// The shop corrects the row that could not be read.
		this.failures = await this.automation.operate(this.clock, 'importFailure', 'getAll', { returnAll: true });
		const malformed = this.orders.filter(({ kind }) => kind === 'malformed row');
		for (const { lines } of malformed) for (const line of lines) line.quantity = 2;
		this.exportOrders(malformed);

		this.remember(await this.search({}));
		for (const order of await this.search({ alertCodes: ['field_too_long'] })) {
			await this.edit(order.id, 'shippingAddress.address1', 'Donaudampfgasse 127');
			await this.edit(order.id, 'shippingAddress.address2', 'Stiege 4');
			await this.operate('reprocess', order.id);
		}
		for (const order of await this.search({ alertCodes: ['unmapped_shipping_method'] })) {
			await this.edit(order.id, 'shippingMethod', 'Standard Shipping');
			await this.operate('reprocess', order.id);
		}
		for (const order of await this.search({ alertCodes: ['rejected_by_wms'] })) {
			const [line] = order.lines as Array<{ id: string }>;
			await this.edit(order.id, `lines.${line!.id}.sku`, 'RED-MUG');
			await this.operate('reprocess', order.id);
		}
	}

	private remember(orders: Array<Record<string, unknown>>): void {
		for (const order of orders) {
			const alert = order.alert as { code: string } | null;
			if (alert !== null) this.alerts.set(`${String(order.id)} ${alert.code}`, order);
		}
	}

	private exportOrders(orders: SampleOrder[]): void {
		this.exports += 1;
		putFile(path.join(this.folder, 'shop', 'orders'), `orders_export_${this.exports}.csv`, exportFile(orders));
	}

	private async deliver(delivery: number): Promise<void> {
		const delivered = nextMessage(this.warehouse);
		this.warehouse.send({ delivery });
		await delivered;
	}

	private async search(filters: Record<string, unknown>): Promise<Array<Record<string, unknown> & { id: string }>> {
		return (await this.automation.operate(this.clock, 'order', 'getAll', { returnAll: true, filters })) as Array<
			Record<string, unknown> & { id: string }
		>;
	}

	private async operate(operation: string, orderId: string, parameters: Record<string, unknown> = {}): Promise<void> {
		await this.automation.operate(this.clock, 'order', operation, { orderId, ...parameters });
	}

	private async edit(orderId: string, path: string, value: string): Promise<void> {
		await this.operate('edit', orderId, { fields: { list: [{ field: 'other', path, value }] } });
	}

	/** Ticks once a minute of the shop's clock until nothing happens any more. */
	private async untilQuiet(what: string, shareOfKills: number): Promise<void> {
		if (this.saboteur && this.crash) this.saboteur.left += Math.round(this.crash.kills * shareOfKills);
		for (let quiet = 0; quiet < QUIET_TICKS;) {
			const ticked = await this.automation.tick(this.clock, this.saboteur);
			this.clock += MINUTE;
			if (ticked) {
				for (const error of ticked.errors) if (!this.problems.includes(error)) this.problems.push(error);
				this.mails = Math.max(this.mails, ticked.mails);
			}
			const idle = ticked !== null && ticked.executions === 0 && this.warehouseIsIdle() && (this.saboteur?.left ?? 0) === 0;
			quiet = idle ? quiet + 1 : 0;
			const tracked = csvFiles(path.join(this.folder, 'shop', 'tracking')).length;
			const taken = csvFiles(path.join(this.folder, 'warehouse', 'orders', 'processed')).length;
			this.progress.show(
				`${what}: ${taken} orders at the warehouse, ${tracked} parcels in the shop${this.crash ? `, killed ${this.automation.kills} times` : ''}`,
			);
			if (idle) continue;
			// Give the warehouse a moment of real time to do its part.
			await new Promise((resolve) => setTimeout(resolve, 30));
		}
		this.progress.done();
	}

	private warehouseIsIdle(): boolean {
		return ['orders', 'acknowledgements', 'shipments', 'cancellations'].every(
			(directory) => csvFiles(path.join(this.folder, 'warehouse', directory)).length === 0,
		);
	}

	private async finish(): Promise<number> {
		const all = await this.search({ sortBy: 'orderNumber', sortDirection: 'asc' });
		this.remember(all);
		const interesting = all.find((order) => (order.shipments as unknown[]).length === 2) ?? all[0]!;
		const timeline = await this.automation.operate(this.clock, 'timeline', 'get', { orderId: interesting.id });
		const open = await this.automation.operate(this.clock, 'importFailure', 'getAll', { returnAll: true });
		report({
			orders: all,
			alerts: [...this.alerts.values()],
			interesting,
			timeline,
			failures: this.failures,
			mails: this.mails,
			problems: this.problems,
		});

		const counted = audit(this.folder, this.orders);
		for (const [title, list] of Object.entries(counted) as Array<[string, string[]]>) {
			for (const line of list.slice(0, 10)) console.log(`  ${title}: ${line}`);
		}
		const count = (status: string) => all.filter((order) => order.status === status).length;
		const crashes = this.crash ? `, killed ${this.automation.kills} times` : '';
		const enough = !this.crash || this.automation.kills >= Math.min(20, this.crash.kills);
		if (!enough) console.log(`The process was killed only ${this.automation.kills} times.`);
		const wrongly = counted.sentWrongly.length > 0 ? `, sent wrongly ${counted.sentWrongly.length}` : '';
		console.log(
			`demo: ${all.length} orders, ${count('closed')} closed, ${count('skipped')} skipped, ${count('abandoned')} abandoned, ` +
				`${count('canceled')} canceled, ${count('archived')} archived, ${count('error')} in error${crashes}; ` +
				`sent twice ${counted.sentTwice.length}, lost ${counted.lost.length}, uploaded twice ${counted.uploadedTwice.length}${wrongly}`,
		);
		const good = counted.sentTwice.length + counted.lost.length + counted.uploadedTwice.length + counted.sentWrongly.length === 0;
		return good && enough && open.length === 0 && this.problems.length === 0 ? 0 : 1;
	}
}

void main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
