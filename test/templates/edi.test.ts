/** The templates for EDI, as they are: orders go out as interchanges, advices and acknowledgements come back. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { X12Parser, type X12Interchange } from 'node-x12';
import { advice, madeByAnother } from '../wms/x12Harness';
import { Site, templateFile } from './site';

const routing = templateFile('01-import-and-route-edi.json');
const shipping = templateFile('03-ship-and-upload-tracking-edi.json');

let site: Site;
beforeEach(async () => {
	site = await Site.open();
	site.engine.credentials.set({ type: 'x12PartnerApi', name: 'EDI partner', data: { ourId: 'MERCHANT', theirId: 'WAREHOUSE3PL' } });
});
afterEach(async () => {
	const problems = site.problems();
	await site.close();
	expect(problems).toEqual([]);
});

const interchange = (file: string): string[] => {
	const text = readFileSync(path.join(site.folder, 'warehouse', file), 'utf8');
	const { functionalGroups } = new X12Parser(true).parse(text) as X12Interchange;
	return functionalGroups[0]!.transactions[0]!.segments.map(({ tag, elements }) => [tag, ...elements.map(({ value }) => value)].join('*'));
};
const waiting = (): string[] => readdirSync(path.join(site.folder, 'warehouse', 'to-warehouse'));

it('sends each order once, reads what comes back once, and tells the shop of the parcel', async () => {
	site.exports({ orderNumber: '1001' });
	await site.tick(routing);
	await site.tick(routing);
	expect(waiting()).toEqual(['1001.edi']);
	const segments = interchange('to-warehouse/1001.edi');
	expect(segments).toContain('W05*N*1001*1001');
	expect(segments.find((segment) => segment.startsWith('W66'))).toMatch(/\*UPSN$|\*USPS$/);
	expect(await site.statuses()).toEqual({ 1001: 'open' });

	const control = readFileSync(path.join(site.folder, 'warehouse/to-warehouse/1001.edi'), 'utf8').slice(90, 99);
	site.put('warehouse/from-warehouse', '997.edi', madeByAnother([[['AK1', 'OW', String(Number(control))], ['AK2', '940', '0001'], ['AK5', 'A'], ['AK9', 'A', '1', '1', '1']]], { set: '997', functionalId: 'FA', control: '1' }));
	const shipped = madeByAnother([advice('1001', 'S1', [['RED-MUG', 2, 2]])], { control: '2' });
	site.put('warehouse/from-warehouse', '945.edi', shipped);
	site.put('warehouse/from-warehouse', 'broken.edi', madeByAnother([advice('1001', 'S2', [['RED-MUG', 2, 2]])], { control: '3' }).replace(/SE\*\d+/, 'SE*99'));
	await site.tick(shipping);
	site.put('warehouse/from-warehouse', '945-again.edi', shipped);
	await site.tick(shipping);
	expect(await site.statuses()).toEqual({ 1001: 'closed' });
	expect(site.tracking().map((row) => [row.order_number, row.sku, row.quantity, row.tracking_number])).toEqual([['1001', 'RED-MUG', '2', '1Z999AA10123456784']]);
	const { items } = await (await site.store()).importFailures({ limit: 10 });
	expect(items.map(({ message }) => message)).toEqual([expect.stringContaining('SE of transaction 0001 counts 99')]);
	expect(waiting().filter((name) => name.startsWith('997')).map((name) => interchange(`to-warehouse/${name}`).at(-1))).toEqual(expect.arrayContaining(['AK9*A*1*1*1', 'AK9*R*1*1*0']));
});
