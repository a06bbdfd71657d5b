/** npm run docs [-- --check]: writes the generated parts of the documentation, or says which of them are out of date. */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { states as bigCommerceStates } from '../../lib/carts/bigCommerce';
import { states as medusaStates } from '../../lib/carts/medusa';
import { states as magentoStates } from '../../lib/carts/magento';
import { states as wooCommerceStates } from '../../lib/carts/wooCommerce';
import { ruleSetSchema } from '../../lib/rules/ruleSet/ruleSet';
import { alertHelp, alertTable } from './alerts';
import { bucketTable } from './buckets';
import { cartStateTable } from './cartStates';
import { limitTable, orderColumns, presetTable, retryNote, settableFields, trackingColumns } from './formats';
import { withGenerated, withPictures } from './markdown';
import { nodePages } from './nodes';
import { lineEditNote, operationMatrix, refusalTable } from './operations';
import { hasPicture } from './pictures';
import { cartEffectTable, lineKindTable, readinessTable } from './cartWords';
import { decisionTable, sendingStates } from './sendings';
import { shopifyStates } from './shopifyStates';
import { lifecycleSvg, splitParentNote, statusTable } from './statusDiagram';
import { templatesPage } from './templates';
import { vendureStates } from './vendureStates';

const ROOT = path.join(__dirname, '../..');

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Pages that people write, with the parts that are generated in them. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
	'docs/concepts.md': {
		statuses: () => `${statusTable()}\n\n${splitParentNote()}`,
		operations: operationMatrix,
		refusals: () => `${refusalTable()}\n\n${lineEditNote()}`,
		alerts: alertTable,
		sendings: sendingStates,
		decisions: decisionTable,
		readiness: readinessTable,
		cartEffects: cartEffectTable,
		lineKinds: lineKindTable,
		buckets: bucketTable,
		retries: retryNote,
		'settable fields': settableFields,
	},
	'docs/carts/shopify.md': { states: shopifyStates },
	'docs/carts/vendure.md': { states: vendureStates },
	'docs/carts/magento.md': { states: () => cartStateTable(magentoStates) },
	'docs/carts/woocommerce.md': { states: () => cartStateTable(wooCommerceStates) },
	'docs/troubleshooting.md': { 'alert help': alertHelp },
	'docs/carts/medusa.md': { states: () => cartStateTable(medusaStates) },
	'docs/carts/bigcommerce.md': { states: () => cartStateTable(bigCommerceStates) },
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
		...nodePages(),
		['docs/templates.md', templatesPage()],
		['docs/rule-set.schema.json', `${JSON.stringify(ruleSetSchema(), null, '\t')}\n`],
	]);
	for (const [file, parts] of Object.entries(PARTS)) {
		files.set(file, withGenerated(read(file), Object.fromEntries(Object.entries(parts).map(([name, make]) => [name, make()])), file));
	}
	for (const file of PICTURED) files.set(file, withPictures(read(file), hasPicture));
	return files;
}

/** Folders in which every page is generated. */
const GENERATED_ONLY = ['docs/nodes'];

/** Pages of nodes that are no more. */
const leftOver = (files: ReadonlyMap<string, string>): string[] =>
	GENERATED_ONLY.flatMap((folder) => globSync(`${folder}/*`, { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'))).filter((file) => !files.has(file));

/** Files that differ from what would be generated. */
export function stale(files = generated()): string[] {
	const now = (file: string): string | null => {
		try {
			return read(file);
		} catch {
			return null;
		}
	};
	return [...[...files].flatMap(([file, content]) => (now(file) === content ? [] : [file])), ...leftOver(files)];
}

function main(): void {
	const files = generated();
	const out = stale(files);
	if (process.argv.includes('--check')) {
		for (const file of out) console.error(`${file} is out of date. Run: npm run docs`);
		if (out.length === 0) console.log('The generated documentation is up to date.');
		process.exitCode = out.length > 0 ? 1 : 0;
		return;
	}
	for (const file of out) {
		const content = files.get(file);
		if (content === undefined) {
			rmSync(path.join(ROOT, file));
			console.log(`Removed ${file}`);
			continue;
		}
		mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
		writeFileSync(path.join(ROOT, file), content);
		console.log(`Wrote ${file}`);
	}
	if (out.length === 0) console.log('Nothing to write: the generated documentation is up to date.');
}

if (require.main === module) main();
