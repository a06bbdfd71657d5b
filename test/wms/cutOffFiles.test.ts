/** Files of every kind that were read before their writer was done: what comes later is read as well. */
import fs from 'node:fs';
import path from 'node:path';
import type { Cursor } from '../../lib/order/wmsEvent';
import { fileCart } from '../../lib/carts/file';
import { fileWms } from '../../lib/wms/file';
import { put, temporaryFolder, tree } from '../files/openLocal';
import { nothingWaits } from './waiting';
import { advice, madeByAnother, openX12 } from './x12Harness';

const HEADER = 'reference,shipment_id,carrier,service_level,tracking_number,shipped_at,line_id,sku,quantity';

const agedBy = (file: string, ms: number): void => {
	const at = (Date.now() - ms) / 1000;
	fs.utimesSync(file, at, at);
};

/** Polls as with a store: each begins where the one before it ended. */
function warehouse(settleMs: number) {
	const { root, folder } = temporaryFolder();
	let cursor: Cursor | null = null;
	const poll = async () => {
		const events = [];
		for await (const page of fileWms.open(folder, { settleMs }).listShipments(cursor, nothingWaits)) {
			events.push(...page.events);
			cursor = page.next ?? cursor;
			await page.afterRecorded?.();
		}
		return events;
	};
	return { root, poll };
}

it('a number that was cut off is not read before it is whole', async () => {
	const { root, poll } = warehouse(2_000);
	const file = path.join(root, 'shipments/a.csv');
	put(root, { 'shipments/a.csv': `${HEADER}\nN1,S1,UPS,,1Z1,,,RED-MUG,1` });
	agedBy(file, 10_000);
	expect(await poll()).toEqual([]);
	fs.appendFileSync(file, '2\n');
	agedBy(file, 10_000);
	expect(await poll()).toMatchObject([{ lines: [{ sku: 'RED-MUG', quantity: 12 }] }]);
});

it.each([
	['shipments', `${HEADER}\n`, (n: number) => `N${n},S${n},UPS,,1Z${n},,,RED-MUG,1\n`],
	['acknowledgements', 'reference,status\n', (n: number) => `N${n},accepted\n`],
	['cancellations', 'reference,cancellation_id,sku,quantity\n', (n: number) => `N${n},C${n},RED-MUG,1\n`],
])('what is added to archived %s is read', async (directory, header, row) => {
	const { root, poll } = warehouse(0);
	put(root, { [`${directory}/a.csv`]: header + row(1) });
	expect((await poll()).map(({ reference }) => reference)).toEqual(['N1']);
	fs.appendFileSync(path.join(root, `${directory}/archive/a.csv`), row(2));
	expect((await poll()).map(({ reference }) => reference)).toEqual(['N1', 'N2']);
	expect(await poll()).toEqual([]);
	expect(Object.keys(tree(root))).toEqual([`${directory}/archive/a.csv`]);
});

it('a file that could not be read comes back when it grew', async () => {
	const { root, poll } = warehouse(0);
	put(root, { 'shipments/a.csv': `${HEADER}\nN1,S1,"UPS` });
	expect(await poll()).toEqual([]);
	fs.appendFileSync(path.join(root, 'shipments/failed/a.csv'), '",,1Z1,,,RED-MUG,1\n');
	expect(await poll()).toMatchObject([{ reference: 'N1', carrier: 'UPS' }]);
});

it('orders that are added to an archived export are imported', async () => {
	const { root, folder } = temporaryFolder();
	let cursor: Cursor | null = null;
	const poll = async () => {
		const numbers = [];
		const filter = { statuses: [], onlyTags: [], skipTags: [], onlySkus: [], pageSize: 50 } as never;
		for await (const page of fileCart.open(folder, { store: 'acme', format: 'csv', settleMs: 0 }).listOrders(cursor, filter)) {
			numbers.push(...page.orders.map(({ content }) => content.orderNumber));
			cursor = page.next ?? cursor;
			await page.afterRecorded?.();
		}
		return numbers;
	};
	put(root, { 'orders/a.csv': 'orderNumber,lines.sku,lines.quantity\nN1,RED-MUG,1\n' });
	expect(await poll()).toEqual(['N1']);
	fs.appendFileSync(path.join(root, 'orders/archive/a.csv'), 'N2,RED-MUG,1\n');
	expect(await poll()).toEqual(['N1', 'N2']);
});

it('the rest of an interchange that was cut off is read', async () => {
	const place = openX12();
	let cursor: Cursor | null = null;
	const poll = async () => {
		const keys = [];
		for await (const page of place.session.listShipments(cursor, nothingWaits)) {
			keys.push(...page.events.map((event) => (event.kind === 'shipped' ? event.externalId : event.kind)));
			cursor = page.next ?? cursor;
			await page.afterRecorded?.();
		}
		return keys;
	};
	const text = madeByAnother([advice('acme.1', 'S1', [['A', 1, 1]])]);
	const cut = text.length - 40;
	place.receives({ 'a.edi': text.slice(0, cut) });
	expect(await poll()).toEqual([]);
	fs.appendFileSync(path.join(place.root, 'from-warehouse/failed/a.edi'), text.slice(cut));
	expect(await poll()).toEqual(['S1']);
	expect(await poll()).toEqual([]);
	expect(Object.keys(tree(place.root)).filter((name) => name.startsWith('from-warehouse/'))).toEqual(['from-warehouse/archive/a.edi']);
});
