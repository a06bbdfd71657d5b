/** A shop, a warehouse and n8n with one shipped template or more: real folders, the embedded store, n8n's own engine. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { FILE_TEMPLATES, type TemplateNumber } from '../../demo/fileTemplates';
import { csvFiles, readCsv, type Row } from '../../demo/folders';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { getOrderStore } from '../../lib/store/connect';
import { defaultOrderStoreFile } from '../../nodes/shared/context';
import { createEngine, type Engine } from '../../testing/engine/Engine';
import type { Execution } from '../../testing/engine/Execution';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import type { SentMessage } from '../../testing/engine/builtins';
import type { WorkflowJson } from '../../testing/engine/types';

const TEMPLATE_FOLDER = path.join(__dirname, '..', '..', 'templates');

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A template of the file exchange, by its number. */
export const template = (number: TemplateNumber): WorkflowJson => templateFile(FILE_TEMPLATES[number]);

/** Any template, by the name of its file. */
export const templateFile = (file: string): WorkflowJson => JSON.parse(readFileSync(path.join(TEMPLATE_FOLDER, file), 'utf8')) as WorkflowJson;

/**
 * A copy of a workflow for another shop, as people make one: with its store, its folders and a name of its own. What is not given stays.
 *
 * @param folders credential of the template → credential of the copy
 */
export function copyOf(workflow: WorkflowJson, { name, store, folders = {} }: { name: string; store: string; folders?: Record<string, string> }): WorkflowJson {
	const copy = structuredClone(workflow);
	copy.name = `${workflow.name} ${name}`;
	delete copy.id;
	for (const { parameters, credentials } of copy.nodes) {
		for (const each of [parameters, parameters['options'] as typeof parameters | undefined]) {
			for (const field of ['store', 'stores'] as const) if (each?.[field] === 'my-shop') each[field] = store;
		}
		const chosen = credentials?.['fileExchangeApi'];
		if (chosen !== undefined) chosen.name = folders[chosen.name] ?? chosen.name;
	}
	return copy;
}

export interface SampleOrder {
	orderNumber: string;
	sku?: string;
	quantity?: number;
	total?: string;
	email?: string;
	shippingMethod?: string;
	notes?: string;
}

/** The folder of a warehouse within a site. */
export type Warehouse = 'warehouse' | 'east' | 'west' | 'second-warehouse';

export class Site {
	private files = 0;

	private constructor(
		readonly folder: string,
		readonly engine: Engine,
		/** Every execution so far. */
		readonly executions: readonly Execution[],
		private readonly before: Record<string, string | undefined>,
	) {}

	/** A new site with nothing in it; `close` removes it. */
	static async open(): Promise<Site> {
		const folder = mkdtempSync(path.join(tmpdir(), 'template-run-'));
		const names = ['N8N_USER_FOLDER', 'N8N_RESTRICT_FILE_ACCESS_TO'];
		const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
		for (const name of names) process.env[name] = folder;
		mkdirSync(path.join(folder, 'shop', 'orders'), { recursive: true });
		for (const name of ['second', 'warehouse', 'east', 'west', 'second-warehouse']) mkdirSync(path.join(folder, name));
		const executions: Execution[] = [];
		const engine = await createEngine({
			...loadSourceClasses(),
			credentials: [
				{ type: 'fileExchangeApi', name: 'Shop folder', data: { folder: path.join(folder, 'shop') } },
				{ type: 'fileExchangeApi', name: 'Warehouse folder', data: { folder: path.join(folder, 'warehouse') } },
				{ type: 'fileExchangeApi', name: 'Second shop folder', data: { folder: path.join(folder, 'second') } },
				{ type: 'fileExchangeApi', name: 'Second warehouse folder', data: { folder: path.join(folder, 'second-warehouse') } },
				{ type: 'fileExchangeApi', name: 'East warehouse folder', data: { folder: path.join(folder, 'east') } },
				{ type: 'fileExchangeApi', name: 'West warehouse folder', data: { folder: path.join(folder, 'west') } },
				{ type: 'orderStoreApi', name: 'Order Store', data: {} },
				{ type: 'smtp', name: 'SMTP', data: {} },
			],
			onExecution: (execution) => executions.push(execution),
		});
		return new Site(folder, engine, executions, before);
	}

	async close(): Promise<void> {
		shiftClock(0);
		await (await this.store()).close();
		await this.engine.close();
		for (const [name, value] of Object.entries(this.before)) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
		rmSync(this.folder, { recursive: true, force: true });
	}

	get mails(): SentMessage[] {
		return this.engine.sent;
	}

	async store(): Promise<OrderStore> {
		return await getOrderStore({ kind: 'sqlite', file: defaultOrderStoreFile() });
	}

	/** One minute of n8n: every trigger of these templates once. */
	async tick(...templates: WorkflowJson[]): Promise<Execution[]> {
		const executions: Execution[] = [];
		for (const one of templates) executions.push(...(await this.engine.tick(one)));
		return executions;
	}

	/** Every error of every execution so far, as text. */
	problems(): string[] {
		return this.executions.flatMap((execution) => {
			const all = [...execution.errors, ...(execution.error ? [execution.error] : [])];
			return all.map(({ node, message, description }) => `${execution.workflow.name} / ${node}: ${message} ${description ?? ''}`);
		});
	}

	/** Status of each order by its number. */
	async statuses(): Promise<Record<string, string>> {
		return Object.fromEntries((await this.orders()).map(({ orderNumber, status }) => [orderNumber, status]));
	}

	async orders(): Promise<Order[]> {
		return (await (await this.store()).search({ limit: 100, sort: { by: 'orderNumber', direction: 'asc' } })).items;
	}

	async order(orderNumber: string): Promise<Order> {
		const found = (await this.orders()).find((order) => order.orderNumber === orderNumber);
		if (!found) throw new Error(`no order ${orderNumber}`);
		return found;
	}

	/** The shop exports orders, long enough ago to be complete. */
	exports(...orders: SampleOrder[]): void {
		this.exportsTo('shop', ...orders);
	}

	exportsTo(shop: string, ...orders: SampleOrder[]): void {
		const content = orders.map(({ orderNumber, sku = 'RED-MUG', quantity = 2, total = '39.80', email = 'ada@example.com', ...more }) => ({
			orderNumber,
			externalId: `id-${orderNumber}`,
			orderedAt: '2026-11-20T10:00:00Z',
			customer: { email },
			shippingAddress: { name: 'Ada Lovelace', address1: '12 Byron St', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' },
			shippingMethod: 'Standard Shipping',
			currency: 'USD',
			total,
			lines: [{ externalId: `${orderNumber}-1`, sku, name: sku, quantity, unitPrice: '19.90' }],
			...more,
		}));
		this.put(`${shop}/orders`, `export-${(this.files += 1)}.json`, JSON.stringify(content));
	}

	/** Puts a file into a folder of the site, with a date that says that nobody is writing to it any more. */
	put(directory: string, name: string, content: string): void {
		const target = path.join(this.folder, directory);
		mkdirSync(target, { recursive: true });
		writeFileSync(path.join(target, name), content);
		const written = new Date(Date.now() - MINUTE);
		utimesSync(path.join(target, name), written, written);
	}

	/** The order files that wait for the warehouse. */
	orderFiles = (warehouse: Warehouse = 'warehouse'): string[] => csvFiles(path.join(this.folder, warehouse, 'orders'));

	/** The warehouse takes all order files as the contract says, by a rename; gives their rows. */
	warehouseTakes(warehouse: Warehouse = 'warehouse'): Row[] {
		const directory = path.join(this.folder, warehouse, 'orders');
		mkdirSync(path.join(directory, 'processed'), { recursive: true });
		return this.orderFiles(warehouse).flatMap((name) => {
			const rows = readCsv(path.join(directory, name));
			renameSync(path.join(directory, name), path.join(directory, 'processed', name));
			return rows;
		});
	}

	acknowledges(reference: string, status = 'accepted', message = ''): void {
		this.put('warehouse/acknowledgements', `ack-${(this.files += 1)}.csv`, `reference,wms_order_id,status,message\n${reference},W-${reference},${status},${message}\n`);
	}

	ships(reference: string, parcel: number, sku: string, quantity: number, warehouse: Warehouse = 'warehouse'): void {
		const rows = `reference,wms_order_id,shipment_id,carrier,service_level,tracking_number,shipped_at,sku,quantity\n${reference},W-${reference},S${parcel},UPS,GROUND,1Z${reference}${parcel},2026-11-23T10:00:00Z,${sku},${quantity}\n`;
		this.put(`${warehouse}/shipments`, `ship-${(this.files += 1)}.csv`, rows);
	}

	/** What the shop was told: rows of all tracking files. */
	tracking(shop = 'shop'): Row[] {
		const directory = path.join(this.folder, shop, 'tracking');
		return csvFiles(directory).flatMap((name) => readCsv(path.join(directory, name)));
	}
}
