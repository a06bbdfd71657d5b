/** The templates for two warehouses, as they are: orders that are split, and what comes back from both sides. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { MINUTE, Site, templateFile, type Warehouse } from './site';

const routing = templateFile('01-import-and-route-two-warehouses.json');
const shipping = templateFile('03-ship-and-upload-tracking-two-warehouses.json');

let site: Site;
beforeEach(async () => {
	site = await Site.open();
});
afterEach(async () => {
	const problems = site.problems();
	await site.close();
	expect(problems).toEqual([]);
});

const from = (region: string) => ({ shippingAddress: { name: 'Ada', address1: '1 Main St', city: 'X', region, postalCode: '02134', country: 'US' } });
const both = { lines: [{ externalId: 'a', sku: 'RED-MUG', name: 'Mug', quantity: 2, unitPrice: '19.90' }, { externalId: 'b', sku: 'BULKY-SOFA', name: 'Sofa', quantity: 1, unitPrice: '900.00' }] };
/** Number of the order, SKU and quantity of each line that a warehouse takes. */
function taken(warehouse: Warehouse): string[][] {
	const rows = site.warehouseTakes(warehouse);
	const numbers = new Map(rows.filter(({ record_type: type }) => type === 'H').map(({ reference, order_number: number }) => [reference, number]));
	return rows.filter(({ record_type: type }) => type === 'L').map(({ reference, sku, quantity }) => [numbers.get(reference) ?? '?', sku!, quantity!]).sort();
}

it('sends each line to the warehouse that has it, and splits an order that needs both', async () => {
	site.exports({ orderNumber: '1', ...from('MA') }, { orderNumber: '2', ...from('CA') }, { orderNumber: '3', ...from('MA'), ...both }, { orderNumber: '4', ...from('CA'), ...both }, { orderNumber: '5', email: 'qa@example.test' });
	await site.tick(routing);
	expect(taken('east')).toEqual([['1', 'RED-MUG', '2'], ['3', 'RED-MUG', '2']]);
	expect(taken('west')).toEqual([['2', 'RED-MUG', '2'], ['3', 'BULKY-SOFA', '1'], ['4', 'BULKY-SOFA', '1'], ['4', 'RED-MUG', '2']]);
	expect(taken('warehouse')).toEqual([]);
});

it('tells the shop of both parts, each parcel once, and closes the order after the last one', async () => {
	site.exports({ orderNumber: '3', ...from('MA'), ...both });
	await site.tick(routing);
	const parts = (await site.orders()).filter(({ parentId }) => parentId !== null);
	const reference = (warehouse: string): string => parts.find((part) => part.warehouse === warehouse)!.reference;
	const whole = async (): Promise<string> => (await site.orders()).find(({ parentId }) => parentId === null)!.status;
	taken('east');
	taken('west');
	site.ships(reference('EAST'), 1, 'RED-MUG', 2, 'east');
	await site.tick(shipping);
	expect(await whole()).toBe('partially_shipped');
	site.ships(reference('WEST'), 2, 'BULKY-SOFA', 1, 'west');
	site.ships(reference('EAST'), 1, 'RED-MUG', 2, 'east');
	await site.tick(shipping);
	expect(await whole()).toBe('closed');
	expect(site.tracking().map((row) => [row.order_number, row.order_id, row.sku, row.quantity]).sort()).toEqual([['3', 'id-3', 'BULKY-SOFA', '1'], ['3', 'id-3', 'RED-MUG', '2']]);
});

it('sends a part again to its own warehouse when that could not take it', async () => {
	writeFileSync(path.join(site.folder, 'west', 'orders'), 'in the way');
	site.exports({ orderNumber: '3', ...from('MA'), ...both });
	await site.tick(routing);
	expect(taken('east')).toEqual([['3', 'RED-MUG', '2']]);
	rmSync(path.join(site.folder, 'west', 'orders'));
	shiftClock(2 * MINUTE);
	await site.tick(routing);
	expect(taken('west')).toEqual([['3', 'BULKY-SOFA', '1']]);
	expect(taken('east')).toEqual([]);
});
