/** One node by itself, and a package folder loaded with n8n's own loader. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import { createEngine } from '../../testing/engine/Engine';
import { executeNode } from '../../testing/engine/executeNode';
import { Label, Split, TinyApi } from '../../testing/engine/tinyNodes';

it('gives what the node returned, by output', async () => {
	const outputs = await executeNode(Split, {
		parameters: { limit: '={{ $json.limit }}' },
		items: [{ total: 3, limit: 2 }, { json: { total: 1, limit: 2 } }],
	});
	expect(outputs.map((items) => items.map(({ json, pairedItem }) => [json['total'], pairedItem]))).toEqual([
		[[1, { item: 1 }]],
		[[3, { item: 0 }]],
	]);
});

it('passes on what the node throws, or the failed item when it goes on', async () => {
	await expect(executeNode(Split, { items: [{ id: 1 }] })).rejects.toMatchObject({
		name: 'NodeOperationError',
		message: 'The order has no total',
		context: { itemIndex: 0 },
	});
	const [failed] = await executeNode(Split, { items: [{ id: 1 }], node: { onError: 'continueErrorOutput' } });
	expect(failed?.[0]).toMatchObject({ json: { id: 1 }, error: { message: 'The order has no total' } });
});

it('gives credentials by type', async () => {
	const options = { parameters: { text: 'x' }, credentialTypes: [TinyApi] };
	expect(await executeNode(Label, { ...options, credentials: { tinyApi: { key: 'k' } } })).toEqual([
		[{ json: { text: 'x', key: 'k', region: 'eu' }, pairedItem: { item: 0 } }],
	]);
	await expect(executeNode(Label, options)).rejects.toThrow('Node does not have any credentials set');
});

it('loads a built package by its package.json', async () => {
	const folder = mkdtempSync(path.join(__dirname, '.package-'));
	try {
		mkdirSync(path.join(folder, 'dist'));
		writeFileSync(
			path.join(folder, 'package.json'),
			JSON.stringify({
				name: 'n8n-nodes-order-fulfillment',
				version: '9.9.9',
				n8n: { n8nNodesApiVersion: 1, nodes: ['dist/Pack.node.js'], credentials: ['dist/PackApi.credentials.js'] },
			}),
		);
		writeFileSync(
			path.join(folder, 'dist', 'Pack.node.js'),
			`const { NodeConnectionTypes } = require('n8n-workflow');
			exports.Pack = class { description = { displayName: 'Pack', name: 'pack', group: ['trigger'], version: 1, description: '', defaults: {}, polling: true, inputs: [], outputs: [NodeConnectionTypes.Main], properties: [] };
			async poll() { return [[{ json: { packed: true } }]]; } };`,
		);
		writeFileSync(
			path.join(folder, 'dist', 'PackApi.credentials.js'),
			`exports.PackApi = class { name = 'packApi'; displayName = 'Pack API'; properties = []; };`,
		);
		const engine = await createEngine();
		expect(await engine.loadPackage(folder)).toEqual(['n8n-nodes-order-fulfillment.pack']);
		expect(engine.nodeTypes.credentialTypes.has('packApi')).toBe(true);
		expect(engine.nodeTypes.getByNameAndVersion('n8n-nodes-order-fulfillment.pack').description.properties.map(({ name }) => name)).toEqual(
			['pollTimes'],
		);
		const [execution] = await engine.tick(workflow('Pack', [node('Pack', 'pack')]));
		expect(execution?.json('Pack')).toEqual([{ packed: true }]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
