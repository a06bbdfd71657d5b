/** Every shipped template must be accepted by n8n and fit the nodes of this package. */
import { FILE_TEMPLATES } from '../../demo/fileTemplates';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createEngine } from '../../testing/engine/Engine';
import type { Engine } from '../../testing/engine/Engine';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { formatFindings, walkTemplate } from './walkTemplate';

const folder = path.join(__dirname, '..', '..', 'templates');
const files = globSync('**/*', { cwd: folder }).sort();

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine(loadSourceClasses());
});

it('ships the templates of the file exchange, variants of them, and nothing else', () => {
	expect(files).toEqual(expect.arrayContaining(Object.values(FILE_TEMPLATES)));
	for (const file of files) expect(file).toMatch(/^\d\d-[a-z0-9-]+\.json$/);
});

it.each(files)('%s', (file) => {
	const template: unknown = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
	expect(formatFindings(walkTemplate(template, engine.nodeTypes))).toBe('');
});

it('gives every node an id of its own, so that templates can be imported side by side', () => {
	const ids = files.flatMap((file) => (JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { nodes: Array<{ id: string }> }).nodes.map(({ id }) => id));
	expect(new Set(ids).size).toBe(ids.length);
});

it('asks the shop right before every sending: what was stopped, changed or canceled meanwhile is not sent', () => {
	let sendings = 0;
	for (const file of files) {
		const { nodes, connections } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
			nodes: Array<{ name: string; type: string; parameters: Record<string, unknown> }>;
			connections: Record<string, Record<string, Array<Array<{ node: string }> | null>>>;
		};
		const asks = (name: string): boolean => nodes.some((node) => node.name === name && node.type.endsWith('.cartUpdate') && node.parameters['operation'] === 'refresh');
		for (const { name, type, parameters } of nodes) {
			if (!type.endsWith('.wmsSend') || (parameters['operation'] ?? 'send') !== 'send') continue;
			sendings += 1;
			const before = Object.entries(connections).flatMap(([from, outputs]) => Object.values(outputs).flatMap((ports) => ports.flatMap((port, index) => (port?.some(({ node }) => node === name) ? [{ from, index }] : []))));
			expect({ file, name, wrong: before.filter(({ from, index }) => !asks(from) || index !== 0), ways: before.length > 0 }).toEqual({ file, name, wrong: [], ways: true });
		}
	}
	expect(sendings).toBeGreaterThan(10);
});
