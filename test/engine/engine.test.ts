/** The engine itself: what n8n does with a workflow must come out of it. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import { checkExpressions } from '../../testing/engine/checkExpressions';
import { createEngine } from '../../testing/engine/Engine';
import type { EngineOptions } from '../../testing/engine/Engine';
import { Fetch, Label, ShopTrigger, Split, TinyApi, shop } from '../../testing/engine/tinyNodes';

const key = { name: 'Main key', type: 'tinyApi', data: { key: 'secret', unknown: 'x' } };
const engineWith = async (more: EngineOptions = {}) =>
	await createEngine({ nodeTypes: [ShopTrigger, Split, Label, Fetch], credentialTypes: [TinyApi], credentials: [key], ...more });
const named = (name: string) => ({ credentials: { tinyApi: { id: null, name } } });

const orders = workflow(
	'Orders',
	[
		node('Shop', 'shopTrigger', { tag: '={{ "t" + 1 }}' }),
		node('Split', 'split', { limit: '={{ $json.limit ?? 100 }}' }),
		node('Large', 'label', { text: "={{ $json.id }} of {{ $('Shop').item.json.tag }}" }, named('Main key')),
		node('Small', 'n8n-nodes-base.noOp'),
	],
	'Shop -> Split',
	'Split -> Small',
	'Split[1] -> Large',
);
const items = [{ json: { id: 'a', total: 5 } }, { json: { id: 'b', total: 500, tag: 'given' } }, { json: { id: 'c', total: 7, limit: 6 } }];

beforeEach(() => {
	shop.answers = [];
	shop.modes = [];
});

describe('one run', () => {
	it('starts at a trigger with the given items and routes them by output', async () => {
		const engine = await engineWith();
		const execution = await engine.runWorkflow(orders, { startNode: 'Shop', items });
		expect(execution).toMatchObject({
			status: 'success',
			mode: 'trigger',
			startNode: 'Shop',
			order: ['Shop', 'Split', 'Large', 'Small'],
			errors: [],
		});
		expect(execution.json('Split').map(({ id }) => id)).toEqual(['a']);
		expect(execution.json('Split', 1).map(({ id }) => id)).toEqual(['b', 'c']);
		expect(shop.modes).toEqual([]);
	});

	it('keeps the item pairs, so that an expression finds the item of an earlier node', async () => {
		const execution = await (await engineWith()).runWorkflow(orders, { startNode: 'Shop', items });
		expect(execution.json('Large').map(({ text }) => text)).toEqual(['b of given', 'c of ']);
		expect(execution.items('Large').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(execution.items('Split', 1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }]);
	});

	it('polls in manual mode unless items are given', async () => {
		shop.answers = [[{ id: 'p', total: 1 }]];
		const engine = await engineWith();
		const polled = await engine.runWorkflow(orders, { startNode: 'Shop', mode: 'manual' });
		expect(polled.json('Small')).toEqual([{ id: 'p', total: 1, tag: 't1', polls: 1 }]);
		expect(shop.modes).toEqual(['manual/manual']);
		const given = await engine.runWorkflow(orders, { startNode: 'Shop', mode: 'manual', items });
		expect(given.json('Shop')).toHaveLength(3);
		expect(engine.savedStaticData(orders)).toEqual({});
	});

	it('starts from the trigger that n8n would choose, and leaves the given JSON alone', async () => {
		const json = workflow('By hand', [node('Click', 'n8n-nodes-base.manualTrigger'), node('Next', 'n8n-nodes-base.noOp')], 'Click -> Next');
		const before = structuredClone(json);
		expect(await (await engineWith()).runWorkflow(json)).toMatchObject({ mode: 'manual', status: 'success', order: ['Click', 'Next'] });
		expect(json).toEqual(before);
	});
});

describe('errors', () => {
	const bad = [{ json: { id: 'x' } }, { json: { id: 'y', total: 1 } }];
	const withError = (onError: 'stopWorkflow' | 'continueErrorOutput' | 'continueRegularOutput', errorInJson = false) =>
		workflow(
			'Errors',
			[node('Shop', 'shopTrigger'), node('Split', 'split', { errorInJson }, { onError }), node('After', 'n8n-nodes-base.noOp')],
			'Shop -> Split',
			'Split[2] -> After',
		);

	it('stops at a node that throws', async () => {
		const execution = await (await engineWith()).runWorkflow(withError('stopWorkflow'), { startNode: 'Shop', items: bad });
		expect(execution.status).toBe('error');
		expect(execution.error).toEqual({
			name: 'NodeOperationError',
			message: 'The order has no total',
			description: 'Give it one',
			node: 'Split',
			itemIndex: 0,
		});
		expect(execution.errors).toHaveLength(1);
		expect(execution.ran('After')).toBe(false);
	});

	it('moves failed items to the error output, after the outputs of the node', async () => {
		const execution = await (await engineWith()).runWorkflow(withError('continueErrorOutput'), { startNode: 'Shop', items: bad });
		expect(execution.status).toBe('success');
		expect(execution.json('Split').map(({ id }) => id)).toEqual(['y']);
		// n8n replaces the JSON of an item that carries an error object by its message …
		expect(execution.json('After')).toEqual([{ error: 'The order has no total' }]);
		expect(execution.items('After')[0]).toMatchObject({ error: { name: 'NodeOperationError' } });
		// … and keeps the JSON of the paired input when the error is only in the JSON.
		const merged = await (await engineWith()).runWorkflow(withError('continueErrorOutput', true), { startNode: 'Shop', items: bad });
		expect(merged.json('After')).toEqual([{ id: 'x', error: 'The order has no total' }]);
	});

	it('keeps failed items on the regular output when the node goes on', async () => {
		const execution = await (await engineWith()).runWorkflow(withError('continueRegularOutput'), { startNode: 'Shop', items: bad });
		expect(execution.json('Split')).toEqual([{ error: 'The order has no total' }, { id: 'y', total: 1 }]);
	});

	it('reports a workflow that n8n refuses to start', async () => {
		const json = workflow(
			'Unready',
			[node('Click', 'n8n-nodes-base.manualTrigger'), node('Fetch', 'fetch', {}, named('Main key'))],
			'Click -> Fetch',
		);
		const execution = await (await engineWith()).runWorkflow(json);
		expect(execution).toMatchObject({
			status: 'error',
			error: { name: 'WorkflowHasIssuesError', message: expect.stringContaining('Fetch') },
		});
	});

	it('refuses an unknown node type and an unknown start node as n8n does', async () => {
		const engine = await engineWith();
		await expect(engine.runWorkflow(workflow('Odd', [node('Odd', 'nothing')]))).rejects.toThrow(
			'Unrecognized node type: n8n-nodes-order-fulfillment.nothing',
		);
		await expect(engine.runWorkflow(orders, { startNode: 'Nowhere' })).rejects.toThrow('has no node "Nowhere"');
	});
});

describe('credentials', () => {
	const using = (name: string) =>
		workflow('Keys', [node('Click', 'n8n-nodes-base.manualTrigger'), node('Label', 'label', { text: 'x' }, named(name))], 'Click -> Label');

	it('finds them by name, with the defaults of their type', async () => {
		const execution = await (await engineWith()).runWorkflow(using('Main key'));
		expect(execution.json('Label')).toEqual([{ text: 'x', key: 'secret', region: 'eu' }]);
	});

	it('gives the error of n8n for one that is missing, or not set on the node', async () => {
		const engine = await engineWith();
		expect((await engine.runWorkflow(using('Other key'))).error?.message).toBe(
			'Credential with ID "Other key" does not exist for type "tinyApi".',
		);
		const unset = workflow('Keys', [node('Click', 'n8n-nodes-base.manualTrigger'), node('Label', 'label')], 'Click -> Label');
		expect((await engine.runWorkflow(unset)).error?.message).toBe('Node does not have any credentials set');
	});

	it('signs requests by the rule of their type', async () => {
		const server = createServer((request, response) =>
			response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ key: request.headers['x-key'] })),
		);
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		try {
			const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
			const json = workflow(
				'Ask',
				[node('Click', 'n8n-nodes-base.manualTrigger'), node('Fetch', 'fetch', { url }, named('Main key'))],
				'Click -> Fetch',
			);
			expect((await (await engineWith()).runWorkflow(json)).json('Fetch')).toEqual([{ key: 'secret' }]);
		} finally {
			await new Promise((done) => server.close(done));
		}
	});
});

describe('expressions', () => {
	const expected = { error: null, large: [3], small: [1], set: [{ a: { b: 6 } }], tags: ['2', '4'] };

	it('compute outputs, parameters, conditions and the parameters of polls', async () => {
		expect(await checkExpressions('legacy')).toEqual({ by: 'legacy', ...expected });
	});

	// n8n's isolate is started by a dynamic import, which jest does not allow; so this one runs as the demo does.
	it('give the same in the isolate that n8n uses', async () => {
		const { stdout } = await promisify(execFile)(process.execPath, [
			'--import',
			'tsx',
			path.join(__dirname, '../../testing/engine/checkExpressions.ts'),
		]);
		expect(JSON.parse(stdout)).toEqual({ by: 'vm', ...expected });
	}, 60_000);
});

it('leaves the environment as it was', async () => {
	const before = { ...process.env };
	await engineWith();
	expect(process.env).toEqual(before);
	await expect(engineWith({ userFolder: '/somewhere/else' })).rejects.toThrow('one process has one folder');
});
