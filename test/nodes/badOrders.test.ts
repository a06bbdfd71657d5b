/** Orders and rules that nobody would write on purpose, in one batch with good ones: each has a clear result, and none stops the others. */
import type { INodeParameters } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import { orderFromJson } from '../../lib/carts/file/json';
import type { Order } from '../../lib/order/order';
import { MINUTE, type Site } from '../templates/site';
import { ACTOR, eachTest, itemsOf, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

type Json = Parameters<typeof run>[3][number];

/** As `orders` of the operator, but with what no file may say: orders without lines, and orders of several stores. */
async function given(store: string, ...list: Json[]): Promise<Order[]> {
	const database = await site.store();
	const results = await database.importPage({
		source: 'test',
		cursorFrom: null,
		cursorTo: null,
		store,
		cart: 'test',
		failures: [],
		abandonAfterDays: 45,
		onChange: 'replace',
		actor: ACTOR,
		orders: list.map((more) => {
			const address = { name: 'Ada', address1: '12 Byron St', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' };
			const order = orderFromJson(
				{ shippingAddress: address, total: '39.80', ...more, lines: more['lines'] ?? [{ sku: 'RED-MUG', quantity: 2 }] },
				'test',
			);
			return more['withoutLines'] === true ? { ...order, content: { ...order.content, lines: [] } } : order;
		}),
	});
	return await database.getMany(results.flatMap(({ orderId }) => orderId ?? []));
}

const is = (field: string, operation: string, rightValue: string | number, type = 'string'): INodeParameters => ({
	id: field,
	leftValue: `={{ $json.${field} }}`,
	operator: { type, operation },
	rightValue,
});
const rule = (name: string, action: INodeParameters, ...more: INodeParameters[]): INodeParameters => ({
	name,
	actions: { list: [action] },
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [is('notes', 'equals', name.toLowerCase()), ...more],
	},
});

const RULES = [
	rule('Kit', { action: 'replaceSkus', skus: { list: [{ sku: 'LOOP', component: 'LOOP', quantity: 2 }] } }),
	rule('Ring', {
		action: 'replaceSkus',
		skus: {
			list: [
				{ sku: 'A', component: 'B', quantity: 2 },
				{ sku: 'B', component: 'A', quantity: 2 },
			],
		},
	}),
	rule('Past', { action: 'hold', holdUntil: 'date', holdDate: '2020-01-01T00:00:00.000Z' }),
	rule('Typo', { action: 'setField', field: 'notes', value: '={{ $json.totl }}' }),
	rule('Type', { action: 'setField', field: 'carrier', value: 'X' }, is('shippingMethod', 'gt', 5, 'number')),
	rule('Proto', { action: 'setField', field: 'custom', customField: '__proto__', value: 'x' }),
	rule('Bundle', { action: 'bundle', bundleMinutes: 30 }),
];
const OUTPUTS = ['MAIN', 'Skipped', 'Delayed', 'Error'];

/** Each order as it left, with its output, in the order in which it came. */
async function decide(list: readonly Order[], rules = RULES): Promise<Array<Order & { output: string }>> {
	const { outputs, error } = await run(site, 'orderRules', { rules: { list: rules } }, itemsOf(list));
	expect(error).toBeUndefined();
	const results = new Map(
		outputs.flatMap((items, index) =>
			items.map(({ json }) => [json['id'], { ...(json as unknown as Order), output: OUTPUTS[index]! }] as const),
		),
	);
	return list.map(({ id }) => results.get(id)!);
}

it.each<[string, Json, string, RegExp]>([
	['an order without lines', { withoutLines: true }, 'Skipped', /^nothing to ship$/],
	[
		'lines with quantity 0',
		{
			lines: [
				{ sku: 'RED-MUG', quantity: 0 },
				{ sku: 'TEE-L', quantity: 0 },
			],
		},
		'Skipped',
		/^nothing to ship$/,
	],
	[
		'a rule that sets a field from one that does not exist',
		{ notes: 'typo' },
		'Error',
		/^Rule "Typo": .*no field "totl" that rules can read\. Perhaps you mean total\./,
	],
	[
		'a value of a wrong type',
		{ notes: 'type', shippingMethod: 'Express' },
		'Error',
		/^Rule "Type": .*Condition 2, shippingMethod \(value: "Express"\) number gt 5/,
	],
	['a kit that contains itself', { notes: 'kit' }, 'Error', /^Rule "Kit": The kit "loop" contains itself/],
	['kits that contain each other', { notes: 'ring' }, 'Error', /^Rule "Ring": The kit .* contains itself/],
	['a hold until a date in the past', { notes: 'past' }, 'MAIN', /^$/],
	['a name that every object has', { notes: 'proto' }, 'Error', /^Rule "Proto": .*this name is reserved/],
	['a bundle window', { notes: 'bundle' }, 'Delayed', /^Kept back by rule "Bundle" until /],
])('%s, between two good orders', async (_, bad, output, message) => {
	const results = await decide(await given('acme', { orderNumber: 'G1' }, { orderNumber: 'BAD', ...bad }, { orderNumber: 'G2' }));
	expect(results.map((each) => each.output)).toEqual(['MAIN', output, 'MAIN']);
	expect(results[1]!.alert?.message ?? results[1]!.statusReason ?? '').toMatch(message);
	expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

it('a rule that asks for a field that does not exist cannot say which orders it is about: each goes to Error and says why', async () => {
	const list = await given('acme', { orderNumber: 'N1' }, { orderNumber: 'N2' });
	const asks = rule('Asks', { action: 'setField', field: 'carrier', value: 'X' }, is('shipingMethod', 'equals', 'x'));
	const results = await decide(list, [asks]);
	expect(results.map(({ output, alert }) => [output, alert?.message])).toEqual(
		[0, 1].map(() => ['Error', expect.stringMatching(/^Rule "Asks": .*Perhaps you mean shippingMethod\./)]),
	);
	// Once it is mended, the same orders pass.
	await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, itemsOf(list));
	expect(
		(await decide(list, [rule('Asks', { action: 'setField', field: 'carrier', value: 'X' }, is('shippingMethod', 'equals', 'x'))])).map(
			({ output }) => output,
		),
	).toEqual(['MAIN', 'MAIN']);
});

it('a bundle window whose store was archived meanwhile: its orders stay archived, and the window of another store ends as ever', async () => {
	const archived = await given('acme', { orderNumber: 'A1', notes: 'bundle' }, { orderNumber: 'A2', notes: 'bundle' });
	const others = await given('bolt', { orderNumber: 'B1', notes: 'bundle' }, { orderNumber: 'B2', notes: 'bundle' });
	expect((await decide([...archived, ...others])).map(({ output }) => output)).toEqual(['Delayed', 'Delayed', 'Delayed', 'Delayed']);
	const put = await run(site, 'orderStore', { resource: 'order', operation: 'archive' }, itemsOf(archived));
	expect(put.outputs[0]?.map(({ json }) => json['status'])).toEqual(['archived', 'archived']);

	shiftClock(31 * MINUTE);
	const due = (await run(site, 'orderStore', { resource: 'order', operation: 'claimDue', kinds: ['rules'], stores: 'acme, bolt' }, [{}]))
		.outputs[0]!;
	expect(due.map(({ json }) => json['orderNumber'])).toEqual(['B1+B2']);
	const again = await run(site, 'orderRules', { rules: { list: RULES } }, [...itemsOf(archived), ...due.map(({ json }) => json)]);
	expect(again.outputs.map((items) => items.map(({ json }) => json['orderNumber']))).toEqual([['B1+B2'], ['A1', 'A2'], [], []]);
	expect(await site.statuses()).toEqual({ A1: 'archived', A2: 'archived', B1: 'bundled', B2: 'bundled', 'B1+B2': 'routed' });
});
