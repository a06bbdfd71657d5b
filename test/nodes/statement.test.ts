/** Order Store → Statement: every bucket with an example that the nodes themselves made, and what it says when it cannot say anything. */
import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { BUCKET_NAMES, type Bucket, type Statement } from '../../lib/order/statement';
import { MINUTE, type SampleOrder, type Site } from '../templates/site';
import { eachTest, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const SHOP = { orderStoreApi: { id: null, name: 'Order Store' }, fileExchangeApi: { id: null, name: 'Shop folder' } };

const state = async (parameters: INodeParameters = { hours: 8784 }, more: object = {}) =>
	await run(site, 'orderStore', { resource: 'order', operation: 'statement', cart: 'file', store: 'acme', ...parameters }, [{}], {
		credentials: SHOP,
		...more,
	});
const stated = async (parameters?: INodeParameters, more?: object): Promise<Statement & { text: string; html: string }> => {
	const { outputs, error } = await state(parameters, more);
	expect(error).toBeUndefined();
	return outputs[0]?.[0]?.json as never;
};

const order = (orderNumber: string, more: object = {}): SampleOrder => ({ orderNumber, ...more });
/** Of orders in the inbox a poll imports those that the trigger is set to. */
const imports = async (options: INodeParameters = {}) => await poll(site, 'fileOrderImportTrigger', { store: 'acme', options });

/** An export that no trigger ever saw. */
function loses(one: SampleOrder): void {
	site.exports(one);
	const inbox = path.join(site.folder, 'shop/orders');
	for (const name of readdirSync(inbox).filter((file) => file.endsWith('.json')))
		renameSync(path.join(inbox, name), path.join(inbox, 'archive', name));
}

const rule = (name: string, orderNumber: string, action: INodeParameters): INodeParameters => ({
	name,
	actions: { list: [action] },
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [
			{ id: '1', leftValue: '={{ $json.orderNumber }}', rightValue: orderNumber, operator: { type: 'string', operation: 'equals' } },
		],
	},
});

const RULES: INodeParameters = {
	rules: {
		list: [
			rule('Samples', 'skip', { action: 'skip', reason: 'costs nothing' }),
			rule('Weekend', 'hold', { action: 'hold', holdKind: 'duration', amount: 10, unit: 'hours' }),
			rule('No drones', 'fail', { action: 'fail', message: 'We have no drones.' }),
		],
	},
};

it('has every order of the cart in one bucket, with an example for each', async () => {
	site.exports(
		...['shipped', 'open', 'skip', 'hold', 'fail', 'archived', 'canceled', 'new'].map((number) => order(number)),
		order('void', { canceled: true }),
		order('other', { sku: 'TEE-L' }),
	);
	site.exports(
		order('refunded', { lines: [{ sku: 'RED-MUG', quantity: 2, quantityRefunded: 2 }] }),
		order('bad', { lines: [{ sku: 'RED-MUG', quantity: 'x' }] }),
	);
	await imports({ skus: 'RED-MUG' });
	const ids = new Map((await site.orders()).map(({ orderNumber, id }) => [orderNumber, id]));
	const items = (...numbers: string[]) => numbers.map((number) => ({ id: ids.get(number) ?? '' }));
	await run(site, 'orderRules', RULES, items('shipped', 'open', 'skip', 'hold', 'fail'));
	await run(site, 'wmsSend', {}, items('shipped', 'open'));
	site.ships((await site.order('shipped')).reference, 1, 'RED-MUG', 2);
	await poll(site, 'wmsShipmentPollTrigger', {});
	await run(site, 'cartUpdate', { operation: 'uploadTracking' }, items('shipped'));
	await run(site, 'orderStore', { resource: 'order', operation: 'archive' }, items('archived'));
	await run(site, 'orderStore', { resource: 'order', operation: 'cancel', reason: 'test order' }, items('canceled'));
	loses(order('lost'));

	const statement = await stated();
	const expected: Record<Bucket, string[]> = {
		shipped: ['shipped'],
		atWarehouse: ['open'],
		waiting: ['hold', 'new'],
		inError: ['fail'],
		skipped: ['skip'],
		canceled: ['canceled'],
		putAway: ['archived'],
		notOurs: ['refunded'],
		notEligible: ['other', 'void'],
		failures: [expect.stringContaining('export-2.json') as unknown as string],
		missing: ['lost'],
	};
	for (const bucket of BUCKET_NAMES) expect([bucket, [...statement.numbers[bucket]].sort()]).toEqual([bucket, expected[bucket]]);
	expect(statement).toMatchObject({ store: 'acme', orders: 13, missing: 1, twice: 0 });
	expect(BUCKET_NAMES.reduce((sum, bucket) => sum + statement.counts[bucket], 0)).toBe(13);
	expect(statement.reasons.map(({ reason, numbers: [number] }) => [number, reason])).toEqual(
		expect.arrayContaining([
			['skip', 'Rule "Samples"'],
			['fail', 'rule failed'],
			['hold', expect.stringContaining('Held by rule "Weekend"')],
			['other', 'none of the SKUs'],
			['void', 'canceled'],
			['refunded', 'refunded'],
		]),
	);
	expect(statement.text).toContain('Orders in the cart: 13');
	expect(statement.text).toContain('Missing: 1 (lost)');
	expect(statement.html).toContain('<td>lost</td>');
});

it('is of orders that were placed in the span: the last hours, or between two dates', async () => {
	const ago = (hours: number) => new Date(Date.now() - hours * 60 * MINUTE).toISOString();
	site.exports(order('old', { orderedAt: ago(50) }), order('late', { orderedAt: ago(30) }), order('now', { orderedAt: ago(1) }));
	expect((await stated({})).orders).toBe(3);
	expect((await stated({ hours: 40 })).numbers.missing).toEqual(['late', 'now']);
	expect((await stated({ span: 'dates', from: ago(60), to: ago(20) })).numbers.missing).toEqual(['old', 'late']);
	expect((await stated({ span: 'dates', from: ago(40) })).numbers.missing).toEqual(['late', 'now']);
	const empty = await stated({ span: 'dates', from: ago(20), to: ago(10) });
	expect(empty).toMatchObject({ orders: 0, missing: 0, twice: 0, reasons: [] });
	expect(empty.text).toContain('Orders in the cart: 0');
	// It looked, and imported nothing.
	expect(await site.orders()).toEqual([]);
});

it('takes the span of Reconcile, and the store from a list', async () => {
	site.exports(order('1'));
	await imports();
	loses(order('2'));
	const store = { __rl: true, mode: 'list', value: 'acme' };
	const { outputs } = await run(site, 'orderStore', { resource: 'order', operation: 'reconcile', cart: 'file', store, hours: 8784 }, [{}], {
		credentials: SHOP,
		typeVersion: 2,
	});
	const { from, to } = outputs[0]?.[0]?.json as { from: string; to: string };
	const report = JSON.stringify(outputs[0]?.[0]?.json);
	expect(await stated({ span: 'dates', from, to, store, report }, { typeVersion: 2 })).toMatchObject({
		from,
		to,
		orders: 2,
		missing: 0,
		counts: { waiting: 2 },
		reconciled: { imported: ['2'], changed: [], complete: true },
	});
});

it.each([
	['a date that is none', { span: 'dates', from: 'last week' }, /last week/],
	['an empty span', { span: 'dates', from: '2026-01-02', to: '2026-01-01' }, /is empty/],
	['a span in the future', { span: 'dates', from: '2999-01-01' }, /is empty/],
	['no store', { store: ' ' }, /store is missing/],
	['a report that is none', { report: '{{' }, /report of Reconcile/],
	['hours that are none', { hours: 'many' }, /[Hh]ours/],
	['a span that there is not', { span: 'weeks' }, /[Ss]pan/],
])('refuses %s with a remedy', async (_, parameters, message) => {
	const { error, outputs } = await state(parameters);
	expect(error).toMatchObject({ message: expect.stringMatching(message), description: expect.stringMatching(/.{10}/) });
	expect(outputs.flat()).toEqual([]);
});

it('counts a file that cannot be read as one that cannot be, and the orders of the others', async () => {
	site.exports(order('1'));
	site.put('shop/orders', 'broken.json', '[{"orderNumber": "2", ');
	expect(await stated()).toMatchObject({ orders: 2, numbers: { missing: ['1'], failures: ['orders/broken.json'] } });
	// Reconcile leaves it to the trigger.
	const { outputs } = await run(
		site,
		'orderStore',
		{ resource: 'order', operation: 'reconcile', cart: 'file', store: 'acme', hours: 8784 },
		[{}],
		{ credentials: SHOP },
	);
	expect(outputs[0]?.[0]?.json).toMatchObject({ checked: 1, failed: 0 });
});

it('says nothing when the shop cannot be reached', async () => {
	site.exports(order('1'));
	renameSync(path.join(site.folder, 'shop'), path.join(site.folder, 'away'));
	const { error, outputs } = await state();
	expect(error).toMatchObject({ message: expect.any(String), description: expect.any(String) });
	expect(outputs.flat()).toEqual([]);
	const goOn = await state({ hours: 72 }, { onError: 'continueRegularOutput' });
	expect(goOn.outputs[0]?.[0]?.json).toEqual({ error: expect.any(String), details: expect.any(String) });
	renameSync(path.join(site.folder, 'away'), path.join(site.folder, 'shop'));
});
