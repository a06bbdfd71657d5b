/** Publishing and ticking: polls, static data, schedules, and errors of triggers. */
import { node, workflow } from '../../testing/engine/buildWorkflow';
import { createEngine } from '../../testing/engine/Engine';
import type { Execution } from '../../testing/engine/Execution';
import { ShopTrigger, Split, shop } from '../../testing/engine/tinyNodes';

const json = workflow(
	'Shop orders',
	[
		node('Shop', 'shopTrigger'),
		node('Next', 'n8n-nodes-base.noOp'),
		node('Clock', 'n8n-nodes-base.scheduleTrigger', { rule: { interval: [{ field: 'minutes' }] } }, { typeVersion: 1.2 }),
		node('Each time', 'n8n-nodes-base.noOp'),
	],
	'Shop -> Next',
	'Clock -> Each time',
);
const engineWith = async (onExecution?: (execution: Execution) => void) =>
	await createEngine({ nodeTypes: [ShopTrigger, Split], ...(onExecution ? { onExecution } : {}) });
const ids = (execution: Execution | undefined) => execution?.json('Next').map(({ id }) => id);

beforeEach(() => {
	shop.answers = [];
	shop.modes = [];
});

it('polls once when publishing, and again at every tick; schedules fire at ticks only', async () => {
	shop.answers = [[{ id: 'first' }], null, [{ id: 'second' }]];
	const engine = await engineWith();
	const published = await engine.publish(json, 'init');
	expect(published.triggers).toEqual(['Shop', 'Clock']);
	expect(published.executions.map(ids)).toEqual([['first']]);
	expect((await engine.tick(published)).map(({ startNode }) => startNode)).toEqual(['Clock']);
	const executions = await engine.tick(published, { now: new Date('2026-01-02T03:04:05Z') });
	expect(executions.map(({ startNode, status }) => [startNode, status])).toEqual([
		['Shop', 'success'],
		['Clock', 'success'],
	]);
	expect(ids(executions[0])).toEqual(['second']);
	expect(executions[1]?.json('Each time')[0]).toMatchObject({ Year: '2026', Month: 'January' });
	expect(shop.modes).toEqual(['trigger/init', 'trigger/init', 'trigger/init']);
});

it('fails to publish when a poll throws, as n8n does', async () => {
	shop.answers = [new Error('shop is down')];
	await expect((await engineWith()).publish(json)).rejects.toThrow('shop is down');
});

it('records a poll that throws as an execution in error, and goes on at the next tick', async () => {
	shop.answers = [new Error('shop is down'), [{ id: 'later' }]];
	const seen: Execution[] = [];
	const engine = await engineWith((execution) => seen.push(execution));
	const [failed, clock] = await engine.tick(json);
	expect(failed).toMatchObject({
		status: 'error',
		startNode: 'Shop',
		order: [],
		error: { name: 'Error', message: 'shop is down', node: 'Shop' },
	});
	expect(failed?.errors).toHaveLength(1);
	expect(clock?.status).toBe('success');
	const [next] = await engine.tick(json, { schedules: false });
	expect(ids(next)).toEqual(['later']);
	expect(seen.map(({ id, status }) => [id, status])).toEqual([
		['1', 'error'],
		['2', 'success'],
		['3', 'success'],
	]);
});

it('keeps static data in memory, saves it with items, and loses it as n8n does when no item came', async () => {
	shop.answers = [null, [{ id: 'a' }], null];
	const engine = await engineWith();
	await engine.tick(json, { nodes: ['Shop'] });
	expect(engine.savedStaticData(json)).toEqual({});
	await engine.tick(json, { nodes: ['Shop'] });
	expect(engine.savedStaticData(json)).toEqual({ 'node:Shop': { polls: 2 } });
	const published = await engine.publish(json);
	expect(published.liveStaticData()).toEqual({ 'node:Shop': { polls: 3 } });
	engine.unpublish(json);
	shop.answers = [[{ id: 'b' }]];
	expect((await engine.poll(json, 'Shop'))?.map((item) => item.json['polls'])).toEqual([3]);
});

it('polls by hand without keeping static data', async () => {
	shop.answers = [[{ id: 'a' }], [{ id: 'b' }], null];
	const engine = await engineWith();
	for (const id of ['a', 'b']) expect(await engine.poll(json, 'Shop', 'manual')).toEqual([{ json: { id, tag: 'none', polls: 1 } }]);
	expect(await engine.poll(json, 'Shop')).toBeNull();
	expect(shop.modes).toEqual(['manual/manual', 'manual/manual', 'trigger/activate']);
	await expect(engine.poll(json, 'Next')).rejects.toThrow('no polling node "Next"');
});

it('records what the sending nodes would send, and asks for their credentials', async () => {
	const mail = workflow(
		'Mail',
		[
			node('Clock', 'n8n-nodes-base.scheduleTrigger', {}, { typeVersion: 1.2 }),
			node(
				'Mail',
				'n8n-nodes-base.emailSend',
				{ fromEmail: 'a@x.test', toEmail: 'b@x.test', subject: '=Year {{ $json.Year }}', emailFormat: 'text', text: 'Hi' },
				{ typeVersion: 2.1, credentials: { smtp: { id: null, name: 'Post' } } },
			),
			node('Stop', 'n8n-nodes-base.stopAndError', { errorMessage: '={{ $json.recorded }} stop' }),
		],
		'Clock -> Mail',
		'Mail -> Stop',
	);
	const engine = await engineWith();
	expect((await engine.tick(mail))[0]?.error?.message).toBe('Credential with ID "Post" does not exist for type "smtp".');
	engine.credentials.set({ name: 'Post', type: 'smtp', data: {} });
	const [execution] = await engine.tick(mail, { now: new Date('2026-01-02T03:04:05Z') });
	expect(execution?.error).toMatchObject({ node: 'Stop', message: 'true stop' });
	expect(engine.sent).toEqual([
		{ node: 'Mail', type: 'n8n-nodes-base.emailSend', parameters: expect.objectContaining({ subject: 'Year 2026', toEmail: 'b@x.test' }) },
	]);
});

it('runs a merge of two branches', async () => {
	const both = workflow(
		'Both',
		[
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Split', 'split'),
			node('Merge', 'n8n-nodes-base.merge', {}, { typeVersion: 3.2 }),
		],
		'Start -> Split',
		'Split -> Merge',
		'Split[1] -> Merge[1]',
	);
	const execution = await (await engineWith()).runWorkflow(both, { items: [{ json: { total: 500 } }, { json: { total: 1 } }] });
	expect(execution.json('Merge')).toEqual([{ total: 1 }, { total: 500 }]);
});
