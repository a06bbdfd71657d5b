/**
 * What partners of three kinds put into their inbox: two files, one after the other, both under the same name. Each says something of its own, and
 * both speak of one thing, of which the second is right.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Folder } from '../../lib/files/Folder';
import { accountOf } from '../../lib/fulfillment/warehouseAccount';
import type { OrderStore } from '../../lib/store/OrderStore';
import { imported, openOrder } from '../store/fixtures';
import { advice, madeByAnother } from '../wms/x12Harness';
import { edi, POLLS, warehouse, type SceneName } from './scenePolls';

export interface Scene {
	inbox: string;
	file: string;
	first: string;
	second: string;
	/** What the store says when both were read, and when the first one was gone before anybody took it. */
	both: string[];
	secondOnly: string[];
	/** Files that are written on the way, whatever happens. */
	written: string[];
	prepare(orderStore: OrderStore, folder: Folder): Promise<void>;
	poll(orderStore: OrderStore, folder: Folder): Promise<void>;
	recorded(orderStore: OrderStore): Promise<string[]>;
}

const ndjson = (...orders: Array<[number: string, notes: string]>): string =>
	orders.map(([orderNumber, notes]) => `${JSON.stringify({ orderNumber, notes, lines: [{ sku: 'MUG', quantity: 1 }] })}\n`).join('');

const threeOrders = async (orderStore: OrderStore, account: string): Promise<void> => {
	for (const number of ['1', '2', '3']) await openOrder(orderStore, imported(number), {}, account);
};

/** Each shipment and how often it was recorded. */
async function shipments(orderStore: OrderStore): Promise<string[]> {
	const { items } = await orderStore.search({ limit: 10 });
	const lines: string[] = [];
	for (const { id, reference, shipments: parcels } of items) {
		const times = (await orderStore.timeline(id)).filter(({ kind }) => kind === 'shipment_recorded').length;
		for (const { externalId, trackingNumber } of parcels)
			lines.push(`${reference}: ${externalId} ${trackingNumber}, ${times} of ${parcels.length}`);
	}
	return lines.sort();
}

const rows = (...parcels: string[]): string =>
	`reference,shipment_id,tracking_number,sku,quantity\n${parcels.map((parcel) => `${parcel},RED-MUG,1\n`).join('')}`;

const interchange = (control: string, ...transactions: Parameters<typeof advice>[]): string =>
	madeByAnother(
		transactions.map((transaction) => advice(...transaction)),
		{ control },
	);

const SHOP: Omit<Scene, 'poll'> = {
	inbox: 'orders',
	file: 'orders.ndjson',
	first: ndjson(['#1', 'old'], ['#2', 'first']),
	second: ndjson(['#1', 'new'], ['#3', 'second']),
	both: ['#1 new, imported 1', '#2 first, imported 1', '#3 second, imported 1'],
	secondOnly: ['#1 new, imported 1', '#3 second, imported 1'],
	written: [],
	prepare: async () => {},
	recorded: async (orderStore) => {
		const lines: string[] = [];
		for (const { id, orderNumber, notes } of (await orderStore.search({ limit: 10 })).items) {
			lines.push(`${orderNumber} ${notes}, imported ${(await orderStore.timeline(id)).filter(({ kind }) => kind === 'imported').length}`);
		}
		return lines.sort();
	},
};

export const SCENES: Readonly<Record<SceneName, Scene>> = {
	shop: { ...SHOP, poll: POLLS.shop },
	shopByOrder: { ...SHOP, poll: POLLS.shopByOrder },
	warehouse: {
		inbox: 'shipments',
		file: 'shipments.csv',
		first: rows('N1,S1,T1', 'N2,S2,T2'),
		second: rows('N1,S1,T9', 'N3,S3,T3'),
		both: ['N1: S1 T9, 1 of 1', 'N2: S2 T2, 1 of 1', 'N3: S3 T3, 1 of 1'],
		secondOnly: ['N1: S1 T9, 1 of 1', 'N3: S3 T3, 1 of 1'],
		written: [],
		prepare: async (orderStore, folder) => await threeOrders(orderStore, accountOf(warehouse(folder))),
		poll: POLLS.warehouse,
		recorded: shipments,
	},
	edi: {
		inbox: 'from-warehouse',
		file: '945.edi',
		first: interchange('17', ['N1', 'S1', [['RED-MUG', 1, 1]], 'T1'], ['N2', 'S2', [['RED-MUG', 1, 1]], 'T2']),
		second: interchange('18', ['N1', 'S1', [['RED-MUG', 1, 1]], 'T9'], ['N3', 'S3', [['RED-MUG', 1, 1]], 'T3']),
		both: ['N1: S1 T9, 1 of 1', 'N2: S2 T2, 1 of 1', 'N3: S3 T3, 1 of 1'],
		secondOnly: ['N1: S1 T9, 1 of 1', 'N3: S3 T3, 1 of 1'],
		written: ['to-warehouse/997'],
		prepare: async (orderStore, folder) => await threeOrders(orderStore, accountOf(edi(orderStore, folder))),
		poll: POLLS.edi,
		recorded: shipments,
	},
};

/** As a careful partner writes: complete under another name, then over whatever has the name. */
export function partnerPuts(root: string, { inbox, file }: Scene, content: string): void {
	mkdirSync(path.join(root, inbox), { recursive: true });
	writeFileSync(path.join(root, inbox, `.${file}.partner`), content);
	renameSync(path.join(root, inbox, `.${file}.partner`), path.join(root, inbox, file));
}
