/** Every shipped template must be accepted by n8n and fit the nodes of this package. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createEngine } from '../engine/Engine';
import type { Engine } from '../engine/Engine';
import { loadSourceClasses } from '../engine/sourcePackage';
import { formatFindings, walkTemplate } from './walkTemplate';

const folder = path.join(__dirname, '..', '..', 'templates');
const files = globSync('**/*.json', { cwd: folder }).sort();

if (files.length === 0) {
	it.todo('check the shipped templates, as soon as there are some');
} else {
	describe('shipped templates', () => {
		let engine: Engine;
		beforeAll(async () => {
			engine = await createEngine(loadSourceClasses());
		});

		it.each(files)('%s', (file) => {
			const template: unknown = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
			expect(formatFindings(walkTemplate(template, engine.nodeTypes))).toBe('');
		});
	});
}
