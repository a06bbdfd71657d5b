/** Order Rules: the actions as a person enters them, each through the node and the store. */
import type { IDataObject, INodeParameters, INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import { ACTIONS } from '../../lib/rules/actions/registry';
import { SHIPMENT_ACTIONS } from '../../lib/rules/shipmentActions/registry';
import { rulesProperty } from '../../nodes/shared/orderRules/parameters';
import { shipmentRulesProperty } from '../../nodes/shared/shipmentRules/parameters';
import { MINUTE, type Site } from '../templates/site';
import { eachTest, itemsOf, orders, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

type Given = Parameters<typeof orders>[1];

async function apply(actions: INodeParameters[], ...given: Given[]) {
	const list = await orders(site, ...given);
	const rules: INodeParameters = { rules: { list: [{ name: 'R', actions: { list: actions } }] }, options: { trace: true } };
	const { outputs, error } = await run(site, 'orderRules', rules, itemsOf(list));
	expect(error).toBeUndefined();
	const [accepted = [], skipped = [], delayed = [], failed = []] = outputs.map((items) => items.map(({ json }) => json));
	return { accepted, skipped, delayed, failed, list };
}

const skusOf = (order: IDataObject | undefined) => (order?.['lines'] as IDataObject[]).map(({ sku, quantity }) => [sku, quantity]);

it('clears fields and changes tags', async () => {
	const { accepted } = await apply(
		[
			{ action: 'clearField', field: 'notes' },
			{ action: 'clearField', field: 'custom', customField: 'site' },
			{ action: 'addTags', tags: 'a, b' },
			{ action: 'removeTags', tags: 'vip' },
		],
		{ notes: 'x', custom: { site: 'BER' }, tags: ['vip'] },
	);
	expect(accepted[0]).toMatchObject({ notes: null, custom: { site: null }, tags: ['a', 'b'] });
});

it('adds a line once, also when the rules run again', async () => {
	const actions = [
		{ action: 'addLine', lineSku: 'GIFT', lineName: '={{ $json.orderNumber }}', linePrice: '0.00' },
		{ action: 'addTags', tags: 'gift' },
		{ action: 'hold', holdUntil: 'tag', holdTag: 'gift' },
	];
	const { delayed, list } = await apply(actions, { lines: [{ sku: 'A', quantity: 2 }] });
	expect(skusOf(delayed[0])).toEqual([
		['A', 2],
		['GIFT', 1],
	]);
	expect(delayed[0]).toMatchObject({ status: 'delayed', heldUntil: null, statusReason: 'Held by rule "R" until the tag "gift" is gone.' });
	const id = list[0]?.id ?? '';
	await run(site, 'orderStore', { operation: 'reprocess', orderId: id }, itemsOf(list));
	const again = await run(site, 'orderRules', { rules: { list: [{ name: 'R', actions: { list: actions.slice(0, 1) } }] } }, itemsOf(list));
	expect(skusOf(again.outputs[0]?.[0]?.json)).toEqual([
		['A', 2],
		['GIFT', 1],
	]);
});

it('replaces a kit by its components and keeps the key of the line', async () => {
	const rows = [
		{ sku: 'kit', component: 'CUP', quantity: 2 },
		{ sku: 'KIT', component: 'CARD' },
		{ sku: 'A', component: 'WH-A' },
	];
	const { accepted } = await apply([{ action: 'replaceSkus', skus: { list: rows } }], {
		lines: [
			{ externalId: 'x1', sku: 'KIT', quantity: 3 },
			{ sku: 'A', quantity: 1 },
		],
	});
	expect(skusOf(accepted[0])).toEqual([
		['CUP', 6],
		['CARD', 3],
		['WH-A', 1],
	]);
	expect((accepted[0]?.['lines'] as IDataObject[]).slice(0, 2).map(({ externalId }) => externalId)).toEqual(['x1', 'x1']);
	expect(Object.keys(await site.statuses())).toHaveLength(1);
});

it('archives to the Skipped output', async () => {
	const { skipped } = await apply([{ action: 'archive', reason: 'old' }], {});
	expect(skipped[0]).toMatchObject({ status: 'archived', statusReason: 'Archived by rule "R": old' });
	expect(await site.statuses()).toEqual({ N1: 'archived' });
});

it('stops without a decision', async () => {
	const { accepted } = await apply([{ action: 'stop' }, { action: 'skip' }], {});
	expect(accepted).toHaveLength(1);
});

it('holds until a date of the order', async () => {
	const field = await apply([{ action: 'hold', holdUntil: 'field', holdDaysBefore: 1 }], { requestedShipDate: '2099-12-24' }, {});
	expect(field.delayed.map(({ heldUntil }) => heldUntil)).toEqual(['2099-12-23T00:00:00.000Z']);
	expect(field.accepted).toHaveLength(1);
});

it('holds until the next opening', async () => {
	const { delayed } = await apply(
		[{ action: 'hold', holdUntil: 'opening', holdWeekdays: [7], holdOpens: '10:00', holdZone: 'UTC', holdHolidays: '12-25, 12-26' }],
		{},
	);
	expect(String(delayed[0]?.['heldUntil'])).toMatch(/T10:00:00\.000Z$/);
	expect(new Date(String(delayed[0]?.['heldUntil'])).getUTCDay()).toBe(0);
});

it('fits the address', async () => {
	const action = {
		action: 'fitAddress',
		addressChanges: ['ascii', 'upperCase', 'regionCodes', 'postalCodes'],
		lengths: { list: [{ field: 'address1', characters: 12 }] },
		overflow: 'wrap',
	};
	const address = {
		name: 'Zoë',
		address1: 'Apartment 12 Long Street 1',
		city: 'Montréal',
		region: 'Québec',
		postalCode: 'H2X 1Y4',
		country: 'CA',
	};
	const { accepted, failed } = await apply([action], { shippingAddress: address }, { shippingAddress: { ...address, postalCode: '1' } });
	expect(accepted[0]?.['shippingAddress']).toMatchObject({
		name: 'ZOE',
		address1: 'APARTMENT 12',
		address2: 'LONG STREET 1',
		city: 'MONTREAL',
		region: 'QC',
	});
	expect(failed[0]?.['alert']).toMatchObject({ code: 'invalid_address', message: expect.stringContaining('"1" is no postal code of CA') });
});

const goods = {
	lines: [
		{ sku: 'RED-MUG', quantity: 5, weight: 400, custom: { room: 'cold' } },
		{ sku: 'TEE-L', quantity: 2, weight: 100, custom: { room: 'dry' } },
	],
};
const sku = (value: string) => ({
	conditions: [{ id: '1', leftValue: '={{ $json.lines[0].sku }}', operator: { type: 'string', operation: 'equals' }, rightValue: value }],
	combinator: 'and',
});

it.each<[string, INodeParameters, Array<Array<[string, number]>>]>([
	['by conditions', { splitBy: 'lines', lineConditions: sku('TEE-L') }, [[['RED-MUG', 5]], [['TEE-L', 2]]]],
	['by a field of the line', { splitBy: 'key', splitKey: '={{ $json.lines[0].custom.room }}' }, [[['RED-MUG', 5]], [['TEE-L', 2]]]],
	[
		'by pieces',
		{ splitBy: 'quantity', splitQuantity: 4 },
		[
			[['RED-MUG', 4]],
			[
				['RED-MUG', 1],
				['TEE-L', 2],
			],
		],
	],
	['by weight', { splitBy: 'weight', splitWeight: 2_000 }, [[['RED-MUG', 5]], [['TEE-L', 2]]]],
	[
		'by pieces, as many as the node shows at first',
		{},
		[
			[
				['RED-MUG', 5],
				['TEE-L', 2],
			],
		],
	],
])('splits an order %s', async (_, parameters, expected) => {
	const { accepted } = await apply([{ action: 'split', ...parameters }], goods);
	expect(accepted.map(skusOf)).toEqual(expected);
	if (expected.length > 1) expect(accepted.map(({ reference }) => reference)).toEqual(['N1.p1', 'N1.p2']);
});

it('routes lines to the output of their warehouse', async () => {
	const list = await orders(site, goods);
	const rules = {
		rules: {
			list: [
				{
					name: 'R',
					actions: {
						list: [
							{ action: 'route', warehouse: 'BER' },
							{ action: 'routeLines', warehouse: 'NYC', lineConditions: sku('TEE-L') },
						],
					},
				},
			],
		},
		warehouses: { list: [{ code: 'BER' }, { code: 'NYC' }] },
	};
	const { outputs } = await run(site, 'orderRules', rules, itemsOf(list));
	expect(outputs.map((items) => items.map(({ json }) => [json['reference'], skusOf(json)]))).toEqual([
		[['N1.p1', [['RED-MUG', 5]]]],
		[['N1.p2', [['TEE-L', 2]]]],
		[],
		[],
		[],
	]);
});

describe('bundles', () => {
	const ann = { customer: { email: 'ann@example.com' } };
	const bundleByEmail: INodeParameters = {
		action: 'bundle',
		bundleMinutes: 30,
		bundleSameAddress: false,
		bundleKeys: { list: [{ field: '={{ $json.customer.email }}' }] },
	};
	const work = async () =>
		(await run(site, 'orderStore', { operation: 'claimDue', kinds: ['rules'] }, [{}])).outputs[0]!.map(({ json }) => json);

	it('orders of one customer, and sends them as one', async () => {
		const { delayed, accepted, list } = await apply(
			[bundleByEmail],
			ann,
			{
				customer: { email: 'ANN@example.com' },
				shippingAddress: { name: 'Ann', address1: '9 Ash St', city: 'Boston', postalCode: '02134', country: 'US' },
			},
			{},
		);
		expect(accepted.map(({ orderNumber, rulesSummary }) => [orderNumber, rulesSummary])).toEqual([
			['N3', 'Rule "R" applied: not bundled: customer.email is empty'],
		]);
		expect(delayed.map(({ statusReason }) => statusReason)).toEqual(
			[0, 1].map(() => expect.stringMatching(/^Kept back by rule "R" until \S+ for orders with the same customer\.email\.$/)),
		);
		expect(await work()).toEqual([]);
		shiftClock(31 * MINUTE);
		const due = await work();
		expect(due.map(({ orderNumber, dueReason }) => [orderNumber, dueReason])).toEqual([['N1+N2', 'It bundles 2 orders.']]);
		const again = await run(site, 'orderRules', { rules: { list: [{ name: 'R', actions: { list: [bundleByEmail] } }] } }, due);
		expect(again.outputs.map((items) => items.length)).toEqual([1, 0, 0, 0]);
		expect(await site.statuses()).toEqual({ N1: 'bundled', N2: 'bundled', N3: 'routed', 'N1+N2': 'routed' });

		const apart = await run(site, 'orderStore', { operation: 'unbundle' }, itemsOf(list.slice(0, 1)));
		expect(apart.outputs[0]!.map(({ json }) => [json['orderNumber'], json['status']])).toEqual([
			['N1', 'new'],
			['N2', 'new'],
		]);
		const twice = await run(site, 'orderStore', { operation: 'unbundle' }, itemsOf(list.slice(0, 1)));
		expect(twice.error?.message).toContain('N1 is not a bundle');
	});

	it('by address, within its limits', async () => {
		const action: INodeParameters = { action: 'bundle', bundleOrders: 2, bundleLines: 3, bundleTotal: 100 };
		const { delayed, accepted } = await apply([action], {}, {}, {}, { total: '100.01' });
		expect(accepted.map(({ orderNumber, rulesSummary }) => [orderNumber, rulesSummary])).toEqual([
			['N4', 'Rule "R" applied: not bundled: the order alone has a total of more than 100.00'],
		]);
		expect(delayed).toHaveLength(3);
		shiftClock(61 * MINUTE);
		expect((await work()).map(({ orderNumber }) => orderNumber)).toEqual(['N1+N2', 'N3']);
	});

	it('need rules of different names', async () => {
		const list = await orders(site, ann);
		const rule = { name: 'R', actions: { list: [bundleByEmail] } };
		const { error } = await run(site, 'orderRules', { rules: { list: [rule, rule] } }, itemsOf(list));
		expect(error?.message).toContain('Two rules that hold orders have the same name, "R".');
	});
});

it('the editor offers every action that the engine has, for orders and for shipments', () => {
	const offered = (rules: INodeProperties): string[] => {
		const list = (property: INodeProperties | undefined): INodeProperties[] =>
			(property?.options as INodePropertyCollection[] | undefined)?.[0]?.values ?? [];
		const actions = list(rules).find(({ name }) => name === 'actions');
		const options = list(actions).find(({ name }) => name === 'action')?.options as INodePropertyOptions[];
		return options.map(({ value }) => String(value)).sort();
	};
	expect(offered(rulesProperty)).toEqual(Object.keys(ACTIONS).sort());
	expect(offered(shipmentRulesProperty)).toEqual(Object.keys(SHIPMENT_ACTIONS).sort());
});
