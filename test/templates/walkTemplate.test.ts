/** The template checks: a good template passes, and each fault gives exactly its own finding. */
import type { INode } from 'n8n-workflow';
import { connect, node } from '../../testing/engine/buildWorkflow';
import { Engine } from '../../testing/engine/Engine';
import type { WorkflowJson } from '../../testing/engine/types';
import { Kinds, Page } from './sampleNodes';
import { formatFindings, walkTemplate } from './walkTemplate';

const { nodeTypes } = new Engine({ nodeTypes: [Kinds, Page] });
const at = (x: number, y: number, more: Partial<INode> = {}): Partial<INode> => ({ position: [x, y], ...more });
const condition = { id: '1', leftValue: '={{ $json.a }}', rightValue: '', operator: { type: 'string', operation: 'exists', singleValue: true } };

/** A template without faults, new for every test. */
function good(): WorkflowJson {
	return {
		name: 'Good',
		nodes: [
			node('Clock', 'n8n-nodes-base.scheduleTrigger', { rule: { interval: [{ field: 'hours', hoursInterval: 2 }] } }, at(0, 0, { typeVersion: 1.2 })),
			node('Page', 'pageTrigger', {}, at(0, 200, { webhookId: 'page-1' })),
			node(
				'Kinds',
				'kinds',
				{
					mode: 'fast',
					routes: 3,
					title: "={{ $('Clock').item.json.Year }}",
					days: ['mon'],
					loaded: 'anything',
					more: { depth: 2 },
					order: { __rl: true, mode: 'id', value: '7' },
					rules: { rule: [{ kind: 'b', onlyB: 'x' }, { kind: '={{ $json.kind }}' }] },
					sinceTwo: 'yes',
				},
				at(300, 0, { typeVersion: 2, credentials: { plainApi: { id: null, name: 'Plain' } }, onError: 'continueErrorOutput' }),
			),
			node('If', 'n8n-nodes-base.if', { conditions: { options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 }, conditions: [condition], combinator: 'and' } }, at(600, 0, { typeVersion: 2.2 })),
			node('Slack', 'n8n-nodes-base.slack', { select: 'channel', channelId: { __rl: true, mode: 'name', value: '#orders' }, text: 'Hi' }, at(900, 0, { typeVersion: 2.3, credentials: { slackApi: { id: null, name: 'Slack' } } })),
			node('Note', 'n8n-nodes-base.stickyNote', { content: 'Set the credentials first', width: 300, height: 120 }, at(-400, 0)),
			node('Frame', 'n8n-nodes-base.stickyNote', { content: '## Messages', width: 300, height: 260 }, at(820, -80)),
		],
		connections: connect('Clock -> Kinds', 'Page -> Kinds', 'Kinds[2] -> If', 'Kinds[3] -> Slack', 'If[1] -> Slack'),
		settings: { executionOrder: 'v1' },
		active: false,
	};
}

type Change = (json: WorkflowJson, find: (name: string) => INode) => void;

const faults: Array<[rule: string, message: RegExp, change: Change]> = [
	['execution-order', /must be "v1"/, (json) => void (json.settings = {})],
	['active', /must be false/, (json) => void delete json.active],
	['sticky-note', /no sticky note/, (json) => void (json.nodes = json.nodes.filter(({ type }) => !type.endsWith('stickyNote')))],
	['duplicate-id', /"clock"/, (_, find) => void (find('Page').id = 'clock')],
	['duplicate-name', /"Note"/, (_, find) => void (find('Frame').name = 'Note')],
	['type', /nothing is not known/, (_, find) => void (find('Slack').type = 'n8n-nodes-order-fulfillment.nothing')],
	['type', /custom folder/, (_, find) => void (find('Kinds').type = 'CUSTOM.kinds')],
	['version', /has no version 3; it has 1, 2/, (_, find) => void (find('Kinds').typeVersion = 3)],
	['version', /has no version 1/, (_, find) => void (find('If').typeVersion = 1)],
	['parameter', /^speed is not a parameter/, (_, find) => void (find('Kinds').parameters['speed'] = 1)],
	['parameter', /^wait is hidden/, (_, find) => void (find('Kinds').parameters['wait'] = 9)],
	['parameter', /^sinceTwo is hidden/, (_, find) => void (find('Kinds').typeVersion = 1)],
	['parameter', /^more\.width is not/, (_, find) => void (find('Kinds').parameters['more'] = { width: 1 })],
	['parameter', /^rules\.rule\[0\]\.onlyB is hidden/, (_, find) => void (find('Kinds').parameters['rules'] = { rule: [{ kind: 'a', onlyB: 'x' }] })],
	['parameter', /^rules\.other is not a group/, (_, find) => void (find('Kinds').parameters['rules'] = { other: [] })],
	['option', /^days is "sun"; it can be "mon", "tue"/, (_, find) => void (find('Kinds').parameters['days'] = ['sun'])],
	['option', /^rules\.rule\[0\]\.kind is "c"/, (_, find) => void (find('Kinds').parameters['rules'] = { rule: [{ kind: 'c' }] })],
	['option', /^operation is "delete"; it can be "post"/, (_, find) => void (find('Slack').parameters['operation'] = 'delete')],
	['option', /^order has the mode "url"/, (_, find) => void (find('Kinds').parameters['order'] = { __rl: true, mode: 'url', value: '7' })],
	['value', /^order must be a resource locator/, (_, find) => void (find('Kinds').parameters['order'] = '7')],
	['value', /^loud must be true or false/, (_, find) => void (find('Kinds').parameters['loud'] = 'yes')],
	['value', /^routes must be a number/, (_, find) => void (find('Kinds').parameters['routes'] = '3')],
	['value', /^rules\.rule must be a list/, (_, find) => void (find('Kinds').parameters['rules'] = { rule: { kind: 'a' } })],
	['required', /^title: .*required/, (_, find) => void delete find('Kinds').parameters['title']],
	['expression', /"Old name"/, (_, find) => void (find('Kinds').parameters['title'] = "={{ $('Old name').first().json.a }}")],
	['credential-id', /"Plain" has an id/, (_, find) => void (find('Kinds').credentials = { plainApi: { id: '5', name: 'Plain' } })],
	['credential', /needs a credential of type plainApi/, (_, find) => void delete find('Kinds').credentials],
	['credential', /does not use a credential of type slowApi/, (_, find) => void (find('Kinds').credentials = { plainApi: { id: null, name: 'Plain' }, slowApi: { id: null, name: 'Slow' } })],
	['credential', /has no name/, (_, find) => void (find('Kinds').credentials = { plainApi: { id: null, name: '' } })],
	['webhook-id', /needs a webhookId/, (_, find) => void delete find('Page').webhookId],
	['webhook-id', /used more than once/, (_, find) => void (find('Clock').webhookId = 'page-1')],
	['connection', /output 4 \(main\) is connected; the node has 4/, (json) => void (json.connections = { ...json.connections, ...connect('Kinds[4] -> If', 'Kinds[2] -> If') })],
	['connection', /leads to "Gone"/, (json) => void json.connections['If']?.['main']?.[1]?.push({ node: 'Gone', type: 'main', index: 0 })],
	['connection', /start at "Gone"/, (json) => void (json.connections = { ...json.connections, ...connect('Gone -> If') })],
	['connection', /input 1 \(main\) of "Slack"/, (json) => void json.connections['If']?.['main']?.[1]?.push({ node: 'Slack', type: 'main', index: 1 })],
	['connection', /input 0 \(main\) of "Clock"/, (json) => void json.connections['If']?.['main']?.[1]?.push({ node: 'Clock', type: 'main', index: 0 })],
	['not-connected', /nothing leads/, (json) => void json.nodes.push(node('Lost', 'n8n-nodes-base.noOp', {}, at(0, 900)))],
	['layout', /lies on "Clock"/, (_, find) => void (find('Page').position = [50, 50])],
	['layout', /across the border of the note "Frame"/, (_, find) => void (find('Slack').position = [1080, 0])],
	['layout', /covers the text of the note "Frame"/, (_, find) => void (find('Slack').position = [900, -70])],
	['layout', /across the border of the note "Note"/, (_, find) => void (find('Frame').position = [-300, 60])],
	['shape', /node 0 lacks/, (_, find) => void delete (find('Clock') as Partial<INode>).position],
	['shape', /no name/, (json) => void (json.name = '')],
];

it('finds nothing wrong with a good template', () => {
	expect(formatFindings(walkTemplate(good(), nodeTypes))).toBe('');
});

it.each(faults)('reports %s: %s', (rule, message, change) => {
	const json = good();
	change(json, (name) => json.nodes.find((one) => one.name === name) ?? fail(name));
	const findings = walkTemplate(json, nodeTypes);
	expect(findings).toEqual([expect.objectContaining({ rule, message: expect.stringMatching(message) })]);
});

it('refuses what is no template at all', () => {
	expect(walkTemplate([], nodeTypes)).toEqual([{ rule: 'shape', message: 'a template is a JSON object' }]);
	expect(walkTemplate({ name: 'x', nodes: 1 }, nodeTypes)).toHaveLength(1);
});

function fail(name: string): never {
	throw new Error(`no node ${name}`);
}
