/** npm run docs [-- --check]: writes the generated parts of the documentation, or says which of them are out of date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ruleSetSchema } from '../../lib/rules/ruleSet/ruleSet';
import { alertTable } from './alerts';
import { limitTable, orderColumns, presetTable, retryNote, settableFields, trackingColumns } from './formats';
import { withGenerated, withPictures } from './markdown';
import { nodesPage } from './nodes';
import { lineEditNote, operationMatrix, refusalTable } from './operations';
import { hasPicture } from './pictures';
import { lifecycleSvg, splitParentNote, statusTable } from './statusDiagram';
import { templatesPage } from './templates';

export const ROOT = path.join(__dirname, '../..');

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Pages that people write, with the parts that are generated in them. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
	'docs/concepts.md': {
		statuses: () => `${statusTable()}\n\n${splitParentNote()}`,
		operations: operationMatrix,
		refusals: () => `${refusalTable()}\n\n${lineEditNote()}`,
		alerts: alertTable,
		retries: retryNote,
		'settable fields': settableFields,
	},
	'docs/file-formats.md': {
		'shopify columns': () => presetTable('shopify'),
		'woocommerce columns': () => presetTable('woocommerce'),
		'order columns': orderColumns,
		'order limits': limitTable,
		'tracking columns': trackingColumns,
	},
};

/** Pages with marked places for pictures, which are shown once they exist. */
const PICTURED = ['docs/quick-start.md'];

/** Every generated file as it should be now. */
export function generated(): Map<string, string> {
	const files = new Map([
		['docs/images/lifecycle.svg', lifecycleSvg()],
		['docs/nodes.md', nodesPage()],
		['docs/templates.md', templatesPage()],
		['docs/rule-set.schema.json', `${JSON.stringify(ruleSetSchema(), null, '\t')}\n`],
	]);
	for (const [file, parts] of Object.entries(PARTS)) {
		files.set(file, withGenerated(read(file), Object.fromEntries(Object.entries(parts).map(([name, make]) => [name, make()])), file));
	}
	for (const file of PICTURED) files.set(file, withPictures(read(file), hasPicture));
	return files;
}

/** Files that differ from what would be generated. */
export function stale(): string[] {
	const now = (file: string): string | null => {
		try {
			return read(file);
		} catch {
			return null;
		}
	};
	return [...generated()].flatMap(([file, content]) => (now(file) === content ? [] : [file]));
}

function main(): void {
	const out = stale();
	if (process.argv.includes('--check')) {
		for (const file of out) console.error(`${file} is out of date. Run: npm run docs`);
		if (out.length === 0) console.log('The generated documentation is up to date.');
		process.exitCode = out.length > 0 ? 1 : 0;
		return;
	}
	const files = generated();
	for (const file of out) {
		mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
		writeFileSync(path.join(ROOT, file), files.get(file)!);
		console.log(`Wrote ${file}`);
	}
	if (out.length === 0) console.log('Nothing to write: the generated documentation is up to date.');
}

if (require.main === module) main();
