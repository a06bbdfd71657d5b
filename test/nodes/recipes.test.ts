/**
 * What people do with such rules elsewhere, each as a workflow on n8n's engine: the recipes of other systems' help pages, rebuilt with
 * this node's parameters as the editor saves them.
 */
import type { INodeParameters } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import type { Order } from '../../lib/order/order';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

type Json = Parameters<typeof orders>[1];
type Condition = INodeParameters;

const is = (field: string, type: string, operation: string, rightValue: string | number | boolean = ''): Condition => ({
	id: `${field} ${operation}`,
	leftValue: `={{ $json.${field} }}`,
	operator: { type, operation },
	rightValue,
});
const when = (...conditions: Condition[]): INodeParameters => ({ conditions: filter('and', conditions) });
const whenAny = (...conditions: Condition[]): INodeParameters => ({ conditions: filter('or', conditions) });
const filter = (combinator: string, conditions: Condition[]): INodeParameters => ({
	options: { caseSensitive: false, leftValue: '', typeValidation: 'loose', version: 2 },
	combinator,
	conditions,
});
const rule = (name: string, actions: INodeParameters[], more: INodeParameters = {}): INodeParameters => ({
	name,
	actions: { list: actions },
	...more,
});
const set = (field: string, value: string): INodeParameters => ({ action: 'setField', field, value });

/** Runs rules on orders; gives each order as it is then, with the output that it left by. */
async function decide(list: INodeParameters[], given: Json[], more: INodeParameters = {}): Promise<Array<Order & { output: string }>> {
	const found = await orders(site, ...given);
	const { outputs, error } = await run(
		site,
		'orderRules',
		{ warehouses: { list: [{ code: 'MAIN' }, { code: 'EU' }] }, rules: { list }, ...more },
		itemsOf(found),
	);
	expect(error).toBeUndefined();
	const names = ['MAIN', 'EU', 'Skipped', 'Delayed', 'Error'];
	const results = new Map(
		outputs.flatMap((items, index) =>
			items.map(({ json }) => [json['id'], { ...(json as unknown as Order), output: names[index]! }] as const),
		),
	);
	return found.map(({ id }) => results.get(id)!);
}

const toMain = rule('All to main', [{ action: 'route', warehouse: 'MAIN' }], when(is('warehouse', 'string', 'empty')));
const abroad = (country: string): Json => ({
	shippingAddress: { name: 'Ada', address1: '1 Rue X', city: 'Y', postalCode: '75001', country },
});

it('maps shipping methods, and asks a person about the others', async () => {
	const methods = {
		list: [
			{ method: 'Standard Shipping', carrier: 'UPS', serviceLevel: 'GROUND' },
			{ method: 'Express', carrier: 'UPS', serviceLevel: '2DA' },
		],
	};
	const [standard, unknown] = await decide(
		[rule('Methods', [{ action: 'mapShippingMethod', methods }]), toMain],
		[{ shippingMethod: 'STANDARD  shipping' }, { shippingMethod: 'Pigeon' }],
	);
	expect(standard).toMatchObject({ output: 'MAIN', carrier: 'UPS', serviceLevel: 'GROUND' });
	expect(unknown).toMatchObject({
		output: 'Error',
		alert: { code: 'unmapped_shipping_method', message: expect.stringContaining('"Pigeon"') },
	});
});

it('tags wholesale orders by e-mail domain or by the tier that the shop keeps', async () => {
	const wholesale = whenAny(
		is('customer.email', 'string', 'endsWith', '@bigstore.example'),
		is('custom.tier', 'string', 'equals', 'wholesale'),
	);
	const results = await decide(
		[rule('Wholesale', [{ action: 'addTags', tags: 'wholesale' }], wholesale), toMain],
		[{ customer: { email: 'Buyer@BigStore.example' } }, { custom: { tier: 'Wholesale' } }, { customer: { email: 'ada@example.com' } }],
	);
	expect(results.map(({ tags }) => tags)).toEqual([['wholesale'], ['wholesale'], []]);
});

it('routes by country', async () => {
	const europe = rule(
		'Europe',
		[{ action: 'route', warehouse: 'EU' }],
		when(is('shippingAddress.country', 'string', 'regex', '^(DE|FR|IT)$')),
	);
	expect((await decide([europe, toMain], [abroad('FR'), abroad('US')])).map(({ output }) => output)).toEqual(['EU', 'MAIN']);
});

it('archives test orders', async () => {
	const test = rule('Tests', [{ action: 'archive', reason: 'a test' }], when(is('notes', 'string', 'contains', 'TEST')));
	const [archived, other] = await decide([test, toMain], [{ notes: 'Please ignore, test' }, { notes: 'Leave at the door' }]);
	expect([archived?.status, archived?.output, other?.output]).toEqual(['archived', 'Skipped', 'MAIN']);
	expect(archived?.statusReason).toContain('a test');
});

it('fails an order without a country or without a price', async () => {
	const bad = whenAny(is('shippingAddress.country', 'string', 'empty'), is('subtotal', 'number', 'lte', 0));
	const results = await decide(
		[rule('Check', [{ action: 'fail', message: 'No country, or nothing to pay' }], bad), toMain],
		[{ shippingAddress: { name: 'Ada', address1: '1 Main St' }, subtotal: '10.00' }, { subtotal: '0.00' }, { subtotal: '10.00' }, {}],
	);
	expect(results.map(({ output }) => output)).toEqual(['Error', 'Error', 'MAIN', 'MAIN']);
	expect(results[0]?.alert?.message).toBe('Rule "Check": No country, or nothing to pay');
});

it('asks for a phone number where a parcel goes abroad', async () => {
	const silent = when(
		is('shippingAddress.country', 'string', 'notEquals', 'US'),
		is('shippingAddress.phone', 'string', 'empty'),
		is('customer.phone', 'string', 'empty'),
	);
	const results = await decide(
		[rule('Phone', [{ action: 'fail', message: 'A parcel abroad needs a phone number' }], silent), toMain],
		[abroad('FR'), { ...abroad('FR'), customer: { phone: '+33 1' } }, abroad('US')],
	);
	expect(results.map(({ output, alert }) => [output, alert?.message ?? null])).toEqual([
		['Error', 'Rule "Phone": A parcel abroad needs a phone number'],
		['MAIN', null],
		['MAIN', null],
	]);
});

it('accepts only the US and Canada; everything else is rejected by default', async () => {
	const home = rule('Home', [{ action: 'route', warehouse: 'MAIN' }], when(is('shippingAddress.country', 'string', 'regex', '^(US|CA)$')));
	const results = await decide([home], [abroad('US'), abroad('CA'), abroad('FR')], { undecided: 'skip' });
	expect(results.map(({ output }) => output)).toEqual(['MAIN', 'MAIN', 'Skipped']);
	expect(results[2]?.statusReason).toBe('no rule accepted the order');
});

it('upgrades shipping for orders over 100', async () => {
	const free = rule(
		'Free express',
		[set('serviceLevel', 'EXPRESS'), { action: 'setField', field: 'custom', customField: 'freeShipping', value: 'yes' }],
		when(is('total', 'number', 'gt', 100)),
	);
	const results = await decide([free, toMain], [{ total: '100.01' }, { total: '100.00' }, { total: '99.5' }]);
	expect(results.map(({ serviceLevel, custom }) => [serviceLevel, custom['freeShipping'] ?? null])).toEqual([
		['EXPRESS', 'yes'],
		[null, null],
		[null, null],
	]);
});

it('inserts a gift once, also when the rules run again, and gift wrap for every piece', async () => {
	const gift = rule('Gift', [{ action: 'addLine', lineSku: 'GIFT-CARD' }], when(is('tags', 'array', 'contains', 'gift')));
	const wrap = rule(
		'Wrap',
		[{ action: 'addLine', lineSku: 'WRAP', lineName: 'Gift wrap', lineQuantity: '={{ $json.totalQuantity }}' }],
		when(is('giftMessage', 'string', 'notEmpty')),
	);
	const [order] = await decide([wrap, gift, toMain], [{ tags: ['gift'], giftMessage: 'With love' }]);
	const goods = (from: Order) => from.lines.map(({ sku, quantity }) => [sku, quantity]);
	expect(goods(order!)).toEqual([
		['RED-MUG', 2],
		['WRAP', 2],
		['GIFT-CARD', 1],
	]);
	const reprocess = await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order!.id }]);
	expect(reprocess.outputs[0]?.[0]?.json['status']).toBe('new');
	const again = await run(site, 'orderRules', { rules: { list: [wrap, gift] } }, [{ id: order!.id }]);
	expect(goods(again.outputs[0]?.[0]?.json as unknown as Order)).toEqual([
		['RED-MUG', 2],
		['WRAP', 2],
		['GIFT-CARD', 1],
	]);
});

it('takes a kit apart for the warehouse, and tells the cart of the kit once it is complete', async () => {
	const skus = {
		list: [
			{ sku: 'BREAKFAST', component: 'RED-MUG', quantity: 1 },
			{ sku: 'BREAKFAST', component: 'SPOON', quantity: 2 },
		],
	};
	const [order] = await decide(
		[rule('Kits', [{ action: 'replaceSkus', skus }]), toMain],
		[
			{
				lines: [
					{ externalId: '77', sku: 'BREAKFAST', quantity: 2 },
					{ externalId: '78', sku: 'TEE-L', quantity: 1 },
				],
			},
		],
	);
	expect(order?.lines.map(({ sku, quantity, externalId }) => [sku, quantity, externalId])).toEqual([
		['RED-MUG', 2, '77'],
		['SPOON', 4, '77'],
		['TEE-L', 1, '78'],
	]);
	await run(site, 'wmsSend', {}, [{ id: order!.id }]);
	const ship = async (...parcels: Array<[parcel: number, sku: string, quantity: number]>) => {
		for (const [parcel, sku, quantity] of parcels) site.ships(order!.reference, parcel, sku, quantity);
		await poll(site, 'wmsShipmentPollTrigger', {});
		return await run(site, 'cartUpdate', { operation: 'uploadTracking' }, [{ id: order!.id }]);
	};
	await ship([1, 'RED-MUG', 2]);
	await ship([2, 'SPOON', 3], [3, 'TEE-L', 1]);
	const { outputs } = await ship([4, 'SPOON', 1]);
	expect(outputs[0]?.[0]?.json['status']).toBe('closed');
	const told = site.tracking().map((row) => [row['tracking_number']?.slice(-1), row['line_id'], row['sku'], row['quantity']]);
	expect(told.sort()).toEqual([
		['1', '', '', ''],
		['2', '77', 'BREAKFAST', '1'],
		['3', '78', 'TEE-L', '1'],
		['4', '77', 'BREAKFAST', '1'],
	]);
});

it('marks the parcels of VIP customers', async () => {
	const vip = rule(
		'VIP',
		[set('shippingNotes', 'VIP: handwritten card'), set('signatureRequired', 'true')],
		when(is('tags', 'array', 'contains', 'vip')),
	);
	const results = await decide([vip, toMain], [{ tags: ['vip'] }, {}]);
	expect(results.map(({ shippingNotes, signatureRequired }) => [shippingNotes, signatureRequired])).toEqual([
		['VIP: handwritten card', true],
		[null, false],
	]);
});

it('drops lines that nobody ships', async () => {
	const digital = rule('Downloads', [
		{ action: 'removeLines', lineConditions: filter('and', [is('lines[0].sku', 'string', 'startsWith', 'DL-')]) },
	]);
	const results = await decide(
		[digital, toMain],
		[
			{
				lines: [
					{ sku: 'DL-1', quantity: 1 },
					{ sku: 'RED-MUG', quantity: 1 },
				],
			},
			{ lines: [{ sku: 'dl-2', quantity: 1 }] },
		],
	);
	expect(results.map(({ output, lines }) => [output, lines.map(({ sku }) => sku)])).toEqual([
		['MAIN', ['RED-MUG']],
		['Skipped', []],
	]);
});

it('sends post office boxes by post', async () => {
	const box = rule(
		'PO box',
		[set('carrier', 'USPS')],
		when(is('shippingAddress.address1', 'string', 'regex', '/\\bp\\.?\\s*o\\.?\\s*box\\b/i')),
	);
	const results = await decide([box, toMain], [{ shippingAddress: { name: 'Ada', address1: 'P.O. Box 12', country: 'US' } }, {}]);
	expect(results.map(({ carrier }) => carrier)).toEqual(['USPS', null]);
});

describe('weekdays', () => {
	afterEach(() => shiftClock(0));

	it('a ship date on a Sunday is an error that a person looks at; other days pass', async () => {
		const sunday = rule(
			'Sunday',
			[{ action: 'fail', message: 'Nobody ships on a Sunday' }],
			when(is('requestedShipDate.toDateTime().weekday', 'number', 'equals', 7)),
		);
		const results = await decide([sunday, toMain], [{ requestedShipDate: '2026-12-27' }, { requestedShipDate: '2026-12-28' }, {}]);
		expect(results.map(({ output }) => output)).toEqual(['Error', 'MAIN', 'MAIN']);
	});

	it('the weekday of today, by name', async () => {
		shiftClock(Date.parse('2026-11-28T12:00:00Z') - Date.now());
		const weekend = rule('Weekend', [{ action: 'hold', holdUntil: 'opening', holdZone: 'UTC' }], {
			conditions: filter('or', [
				{ id: '1', leftValue: '={{ $now.weekdayLong }}', operator: { type: 'string', operation: 'equals' }, rightValue: 'Saturday' },
			]),
		});
		const [held] = await decide([weekend, toMain], [{}]);
		expect(held).toMatchObject({ output: 'Delayed', heldUntil: '2026-11-30T09:00:00.000Z' });
	});
});
