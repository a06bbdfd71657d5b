/** Runs expressions of every kind by one of n8n's two engines; as a script it takes the isolate and prints what came out. */
import { Expression } from 'n8n-workflow';
import { node, workflow } from './buildWorkflow';
import type { ExpressionEngine } from './core';
import { createEngine } from './Engine';
import { Named, ShopTrigger, shop } from './tinyNodes';

const condition = { id: '1', leftValue: '={{ $json.size }}', rightValue: 2, operator: { type: 'number', operation: 'gt' } };
const colours = workflow(
	'Colours',
	[
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Named', 'named', { names: 'red,green,blue' }),
		node(
			'If',
			'n8n-nodes-base.if',
			{
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
					conditions: [condition],
					combinator: 'and',
				},
			},
			{ typeVersion: 2.2 },
		),
		node(
			'Set',
			'n8n-nodes-base.set',
			{ assignments: { assignments: [{ id: '1', name: 'a.b', value: '={{ $json.size * 2 }}', type: 'number' }] } },
			{ typeVersion: 3.4 },
		),
	],
	'Start -> Named',
	'Named[2] -> If',
	'If -> Set',
);
const polls = workflow('Polls', [
	node('One', 'shopTrigger', { tag: '={{ 1 + 1 }}' }),
	node('Other', 'shopTrigger', { tag: '={{ 2 + 2 }}' }),
]);

/** Outputs of the nodes, and the tags of two polls that ran side by side. */
export async function checkExpressions(expressions: ExpressionEngine): Promise<Record<string, unknown>> {
	const engine = await createEngine({ expressions, nodeTypes: [Named, ShopTrigger] });
	const items = [{ json: { colour: 'blue', size: 3 } }, { json: { colour: 'red', size: 9 } }, { json: { colour: 'blue', size: 1 } }];
	const execution = await engine.runWorkflow(colours, { items });
	const sizes = (output: number) => execution.json('If', output).map(({ size }) => size);
	shop.answers = [[{ id: 'a' }], [{ id: 'b' }]];
	const polled = await engine.tick(polls, { concurrent: true });
	const by = Expression.getActiveImplementation();
	await engine.close();
	return {
		by,
		error: execution.error ?? null,
		large: sizes(0),
		small: sizes(1),
		set: execution.json('Set'),
		tags: polled.map((one) => one.json(one.startNode)[0]?.['tag'] ?? one.error),
	};
}

if (require.main === module) void checkExpressions('vm').then((found) => process.stdout.write(JSON.stringify(found)));
