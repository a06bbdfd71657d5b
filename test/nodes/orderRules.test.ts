/** Order Rules: outputs, conditions, expressions, holds, and what it tells the person who wrote the rules. */
import { build } from 'esbuild';
import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import path from 'node:path';
import { runInNewContext, runInThisContext } from 'node:vm';
import { shiftClock } from '../../demo/clock';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { Runner } from '../../testing/engine/Runner';
import { workflow } from '../../testing/engine/buildWorkflow';
import { PACKAGE_NAME } from '../../testing/engine/types';
import { OrderRules } from '../../nodes/OrderRules/OrderRules.node';
import { MINUTE, type Site } from '../templates/site';
import { eachTest, itemsOf, orderIn, orders, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const warehouses = (...codes: string[]): INodeParameters => ({ warehouses: { list: codes.map((code) => ({ code })) } });
const condition = (leftValue: string, operation: string, rightValue: string | number = '', type = 'string') => ({
	id: operation,
	leftValue,
	operator: { type, operation },
	rightValue,
});
const when = (...conditions: ReturnType<typeof condition>[]): INodeParameters => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	combinator: 'and',
	conditions,
});
const rule = (name: string, actions: INodeParameters[], conditions?: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	name,
	actions: { list: actions },
	...(conditions === undefined ? {} : { conditions }),
	...more,
});
const rules = (...list: INodeParameters[]): INodeParameters => ({ rules: { list } });
const to = (warehouse: string): INodeParameters => ({ action: 'route', warehouse });
const set = (field: string, value: string): INodeParameters => ({ action: 'setField', field, value });
const decide = async (parameters: INodeParameters, items: Parameters<typeof run>[3], more = {}) =>
	await run(site, 'orderRules', parameters, items, more);
const numbers = (outputs: Awaited<ReturnType<typeof decide>>['outputs']) =>
	outputs.map((items) => items.map(({ json }) => json['orderNumber']));

describe('outputs', () => {
	const namesFor = (parameters: INodeParameters): unknown[] => {
		const registry = new NodeRegistry();
		registry.addClass(OrderRules, PACKAGE_NAME);
		const json = workflow('W', [
			{ id: '1', name: 'Rules', type: `${PACKAGE_NAME}.orderRules`, typeVersion: 1, position: [0, 0], parameters },
		]);
		const built = new Runner(registry, new CredentialStore(registry.credentialTypes)).workflow(json);
		const node = built.getNode('Rules');
		if (node === null) throw new Error('no node');
		return NodeHelpers.getNodeOutputs(built, node, registry.getByNameAndVersion(node.type).description).map((output) =>
			typeof output === 'string' ? output : output.displayName,
		);
	};
	const others = ['Skipped', 'Delayed', 'Error'];

	it.each<[string, INodeParameters, string[]]>([
		['the default', {}, ['MAIN', ...others]],
		['no warehouse', warehouses(), ['Accepted', ...others]],
		['blanks only', warehouses('', '  '), ['Accepted', ...others]],
		['one', warehouses('BER'), ['BER', ...others]],
		['three, with duplicates and blanks', warehouses('BER', '', ' HAM ', 'BER', 'MUC', 'HAM'), ['BER', 'HAM', 'MUC', ...others]],
		['a code that is a number', { warehouses: { list: [{ code: 7 }] } }, ['7', ...others]],
	])('%s', (_, parameters, expected) => expect(namesFor(parameters)).toEqual(expected));

	it.each([true, false])('are worked out by a function that stands alone, also when it was bundled (minified: %s)', async (minify) => {
		const entry = path.join(__dirname, '..', '..', 'nodes', 'OrderRules', 'OrderRules.node.ts');
		const { outputFiles } = await build({
			entryPoints: [entry],
			bundle: true,
			platform: 'node',
			format: 'cjs',
			keepNames: true,
			minify,
			write: false,
			external: ['n8n-workflow', '*/typeorm/connect', '*.node'],
			logLevel: 'silent',
		});
		const module: { exports: { OrderRules?: typeof OrderRules } } = { exports: {} };
		runInThisContext(`(function (require, module, exports) {${outputFiles[0]?.text ?? ''}\n})`)(require, module, module.exports);
		const outputs = String(new (module.exports.OrderRules ?? OrderRules)().description.outputs);
		const [, source = ''] = /^=\{\{(.*)\}\}$/s.exec(outputs) ?? [];
		// n8n's expressions end at the first pair of braces.
		expect(source).not.toMatch(/\{\{|\}\}/);
		const result: unknown = runInNewContext(source, { $parameter: warehouses('BER', '', 'BER', 'HAM') });
		expect(JSON.parse(JSON.stringify(result))).toEqual(['BER', 'HAM', ...others].map((displayName) => ({ type: 'main', displayName })));
	});
});

it('routes to each output, paired with its item, and gives an order that comes twice once', async () => {
	const list = await orders(site, { warehouse: 'HAM' }, { notes: 'skip' }, { notes: 'hold' }, { notes: 'fail' }, {}, { warehouse: 'PAR' });
	const all = rules(
		rule('Skip', [{ action: 'skip', reason: 'no' }], when(condition('={{ $json.notes }}', 'equals', 'skip'))),
		rule('Hold', [{ action: 'hold', holdMinutes: 5 }], when(condition('={{ $json.notes }}', 'equals', 'hold'))),
		rule('Fail', [{ action: 'fail', message: 'please look' }], when(condition('={{ $json.notes }}', 'equals', 'fail'))),
		rule('Rest', [to('BER')], when(condition('={{ $json.warehouse }}', 'empty'))),
	);
	const items = itemsOf(list);
	const { outputs, error } = await decide({ ...warehouses('BER', 'HAM', 'BER'), ...all }, [...items, items[0] ?? {}]);
	expect(error).toBeUndefined();
	expect(numbers(outputs)).toEqual([['N5'], ['N1'], ['N2'], ['N3'], ['N4', 'N6']]);
	expect(outputs.flat().map(({ pairedItem }) => pairedItem)).toEqual([4, 0, 1, 2, 3, 5].map((item) => ({ item })));
	expect(outputs[4]?.map(({ json }) => json['alert'])).toMatchObject([
		{ code: 'rule_failed', message: 'Rule "Fail": please look', recommendation: expect.any(String) },
		{ code: 'rule_failed', message: expect.stringContaining('"PAR" is not listed') },
	]);
	expect(await site.statuses()).toEqual({ N1: 'routed', N2: 'skipped', N3: 'delayed', N4: 'error', N5: 'routed', N6: 'error' });

	const again = await decide({ ...warehouses('HAM'), ...all }, items);
	expect(numbers(again.outputs)).toEqual([['N1'], ['N2'], ['N3'], ['N4', 'N5', 'N6']]);
	expect(again.outputs[3]?.[1]?.json['message']).toBe('The order goes to warehouse BER, which this node does not list.');
});

it('accepts on the first output when no warehouse is listed', async () => {
	const list = await orders(site, { warehouse: 'X' }, {});
	const { outputs } = await decide(warehouses(), itemsOf(list));
	expect(numbers(outputs)).toEqual([['N1'], [], [], ['N2']]);
});

describe('values', () => {
	it('lets a plain path see what an earlier rule has set', async () => {
		const list = await orders(site, {}, { shippingAddress: { country: 'DE' } });
		const parameters = rules(
			rule('Carrier', [set('carrier', 'DHL')], when(condition('={{ $json.shippingAddress.country }}', 'equals', 'DE'))),
			rule('Copy', [set('shippingNotes', '={{ $json.carrier }}')], when(condition('={{ $json.carrier }}', 'notEmpty'))),
		);
		const { outputs } = await decide(parameters, itemsOf(list));
		expect(outputs[0]?.map(({ json }) => json['shippingNotes'])).toEqual([null, 'DHL']);
	});

	it('has n8n resolve an expression with a function, for each item', async () => {
		const list = await orders(site, { notes: 'First' }, { notes: 'second' });
		const parameters = rules(
			rule(
				'={{ "Rule of " + $json.orderNumber }}',
				[set('shippingNotes', '=Note: {{ $json.notes.toUpperCase() }}')],
				when(condition('={{ $json.notes.length }}', 'gte', 5, 'number'), condition('={{ $json.notes.toLowerCase() }}', 'startsWith', 's')),
			),
		);
		const { outputs } = await decide({ ...parameters, options: { trace: true } }, itemsOf(list));
		expect(outputs[0]?.map(({ json }) => json['shippingNotes'])).toEqual([null, 'Note: SECOND']);
		expect(outputs[0]?.[1]?.json['rulesTrace']).toMatchObject([{ rule: 'Rule of N2', result: 'applied' }]);
	});

	it('reads a dragged field of each item also where the rules do not read it themselves', async () => {
		const list = await orders(
			site,
			{ custom: { site: 'BER' }, notes: 'a' },
			{ custom: { site: 'HAM' }, notes: 'b' },
			{ custom: { site: 'no' }, notes: 'the reason' },
		);
		const parameters = rules(
			rule('Skip', [{ action: 'skip', reason: '={{ $json.notes }}' }], when(condition('={{ $json.custom.site }}', 'equals', 'no'))),
			rule('Route', [to('={{ $json.custom.site }}')]),
		);
		const { outputs } = await decide({ ...warehouses('BER', 'HAM'), ...parameters }, itemsOf(list));
		expect(numbers(outputs)).toEqual([['N1'], ['N2'], ['N3'], [], []]);
		expect(outputs[2]?.[0]?.json['statusReason']).toContain('the reason');
	});

	it('never evaluates what a customer wrote', async () => {
		const text = '={{ $json.total }}';
		const list = await orders(site, { notes: text, giftMessage: '={{ 1 + 1 }}' });
		const parameters = rules(
			rule('Copy', [set('shippingNotes', '={{ $json.notes }}'), set('thirdPartyAccount', '={{ $json.notes.trim() }}')]),
			rule(
				'Is it the text?',
				[set('carrier', 'TEXT')],
				when(
					condition('={{ $json.notes }}', 'equals', '={{ $json.notes.slice(0) }}'),
					condition('={{ $json.notes.trim() }}', 'contains', '$json'),
				),
			),
			rule('Or the total?', [set('carrier', 'TOTAL')], when(condition('={{ $json.giftMessage.trim() }}', 'equals', '2'))),
		);
		const { outputs } = await decide(parameters, itemsOf(list));
		expect(outputs[0]?.[0]?.json).toMatchObject({ shippingNotes: text, thirdPartyAccount: text, carrier: 'TEXT' });
	});

	it('puts only the orders in Error whose expression fails, and only when the rule is about them', async () => {
		const list = await orders(site, { notes: 'a' }, { notes: 'b' });
		const broken = '={{ $("Nowhere").item.json.x }}';
		const action = rules(rule('Broken', [set('carrier', broken)], when(condition('={{ $json.notes }}', 'equals', 'b'))));
		const { outputs, error } = await decide(action, itemsOf(list));
		expect(error).toBeUndefined();
		expect(numbers(outputs)).toEqual([['N1'], [], [], ['N2']]);
		expect(outputs[3]?.[0]?.json['alert']).toMatchObject({
			message: expect.stringMatching(/^Rule "Broken": An expression could not be resolved: Referenced node/),
		});
	});

	it('fills in the defaults of nested parameters', async () => {
		const list = await orders(site, {}, { shippingMethod: 'Express' });
		const table = { action: 'mapShippingMethod', methods: { list: [{ method: ' express ', carrier: 'UPS' }] }, unmapped: 'leave' };
		const { outputs } = await decide(
			rules({ actions: { list: [table] } }, { actions: { list: [{ action: 'hold' }] }, enabled: false }),
			itemsOf(list),
		);
		expect(outputs[0]?.map(({ json }) => json['carrier'])).toEqual([null, 'UPS']);
		const [late] = await orders(site, { orderNumber: 'late' });
		const held = await decide(rules(rule('Hold', [{ action: 'hold' }])), itemsOf([late ?? list[0]].flatMap((one) => one ?? [])));
		const until = Date.parse(String(held.outputs[2]?.[0]?.json['heldUntil']));
		expect(until - Date.now()).toBeGreaterThan(59 * MINUTE);
		expect(until - Date.now()).toBeLessThan(61 * MINUTE);
	});
});

describe('holds', () => {
	it('holds once by each rule; the rule is remembered by its name', async () => {
		const [order] = await orders(site, {});
		const id = order?.id ?? '';
		const parameters = rules(rule('One', [{ action: 'hold', holdMinutes: 10 }]), rule('Two', [{ action: 'hold', holdMinutes: 10 }]));
		const release = async () => await run(site, 'orderStore', { resource: 'order', operation: 'claimDue', kinds: ['rules'] }, [{}]);
		for (const [round, reason] of ['One', 'Two'].entries()) {
			const { outputs } = await decide(parameters, [{ id }]);
			expect(outputs[2]?.[0]?.json['statusReason']).toContain(`Held by rule "${reason}"`);
			shiftClock((round + 1) * 11 * MINUTE);
			expect((await release()).outputs[0]).toHaveLength(1);
		}
		expect(numbers((await decide(parameters, [{ id }])).outputs)).toEqual([['N1'], [], [], []]);
	});

	it('refuses two holding rules of one name, before anything is recorded', async () => {
		const list = await orders(site, {});
		const hold = [{ action: 'hold', holdMinutes: 10 }];
		const { error } = await decide(rules(rule('Wait', hold), rule('Wait', hold)), itemsOf(list));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: 'Two rules that hold orders have the same name, "Wait".',
			description: expect.stringContaining('name of its own'),
		});
		expect(await site.statuses()).toEqual({ N1: 'new' });
		expect(
			(await decide(rules(rule('Wait', hold), rule('Wait', hold, undefined, { enabled: false })), itemsOf(list))).error,
		).toBeUndefined();
	});
});

describe('hints', () => {
	it('tells of rules of one name, and of rules that can never work', async () => {
		const list = await orders(site, {});
		const { outputs, hints, error } = await decide(
			rules(
				rule('Same', [set('carrier', 'A')]),
				rule('Same', [set('carrier', 'B')]),
				rule('Never', [{ action: 'removeLines' }], when(condition('={{ $json.notes }}', 'equals', 'x'))),
			),
			itemsOf(list),
		);
		expect(error).toBeUndefined();
		expect(numbers(outputs)).toEqual([['N1'], [], [], []]);
		expect(hints).toEqual([
			expect.stringContaining('Two rules have the same name, "Same"'),
			expect.stringMatching(/^Rule "Never": .*go to Error/),
		]);
	});

	it('says nothing about good rules', async () => {
		expect((await decide(rules(rule('Good', [to('MAIN')])), itemsOf(await orders(site, {})))).hints).toEqual([]);
	});
});

it('records nothing in a dry run, and shows the trace', async () => {
	const list = await orders(site, { notes: 'x' });
	const { outputs } = await decide(
		{
			...rules(rule('Skip', [{ action: 'skip', reason: 'test' }], when(condition('={{ $json.notes }}', 'equals', 'x')))),
			options: { dryRun: true },
		},
		itemsOf(list),
	);
	expect(outputs[1]?.[0]?.json).toMatchObject({
		status: 'new',
		rulesSummary: expect.stringContaining('Rule "Skip" applied'),
		rulesTrace: [{ rule: 'Skip', result: 'applied', conditions: [{ left: 'notes', met: true }] }],
	});
	expect(Object.keys(outputs[1]?.[0]?.json ?? {})[0]).toBe('rulesSummary');
	expect(await site.orders()).toMatchObject([{ status: 'new', version: list[0]?.version }]);
	expect(await (await site.store()).timeline(list[0]?.id ?? '')).toHaveLength(1);
});

describe('errors', () => {
	it('names an order that the store does not know, and an item that is none', async () => {
		const [order] = await orders(site, {});
		const items = [{ id: order?.id ?? '' }, { id: 'nowhere' }, { total: 5 }];
		expect((await decide({}, items)).error).toMatchObject({
			message: expect.stringContaining('it has no "id"'),
			description: expect.any(String),
			itemIndex: 2,
		});
		expect(await site.statuses()).toEqual({ N1: 'new' });
		expect((await decide({}, items.slice(0, 2))).error).toMatchObject({
			message: 'The order store does not know order nowhere.',
			description: expect.stringContaining('credential'),
			itemIndex: 1,
		});
		const { outputs, error } = await decide({}, items, { onError: 'continueRegularOutput' });
		expect(error).toBeUndefined();
		expect(outputs.map((list) => list.map(({ json, pairedItem }) => [json['orderNumber'] ?? json['error'], pairedItem]))).toEqual([
			[['N1', { item: 0 }]],
			[],
			[],
			[
				['The item is not an order of the order store: it has no "id".', { item: 2 }],
				['The order store does not know order nowhere.', { item: 1 }],
			],
		]);
		const split = await decide({}, items, { onError: 'continueErrorOutput' });
		expect(split.outputs.map((list) => list.length)).toEqual([1, 0, 0, 0, 2]);
	});

	it('passes on an order that is further on', async () => {
		const order = await orderIn(site, 'open');
		expect(numbers((await decide({}, itemsOf([order]))).outputs)).toEqual([['N1'], [], [], []]);
		expect((await decide({}, [])).outputs.flat()).toEqual([]);
	});
});
