/**
 * npm run new cart EverShop, npm run new wms ShipWell, npm run new rule-action SetNote: writes the files of a new partner or action and registers it. What they
 * must do is said by tests that fail until it is written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cartFiles } from './new/cart';
import { ruleActionFiles, shipmentActionFiles } from './new/ruleAction';
import { codeOf, type Skeleton } from './new/skeleton';
import { wmsFiles } from './new/wms';

const ROOT = path.join(__dirname, '..');
const KINDS: Readonly<Record<string, (name: string) => Skeleton>> = {
	cart: cartFiles,
	wms: wmsFiles,
	'rule-action': ruleActionFiles,
	'shipment-action': shipmentActionFiles,
};

function stop(message: string): never {
	console.error(message);
	process.exit(1);
}

const [kind = '', name = ''] = process.argv.slice(2);
const skeletonOf = KINDS[kind] ?? stop(`Usage: npm run new <${Object.keys(KINDS).join(' | ')}> <Name>, such as: npm run new cart EverShop`);
if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) stop(`"${name}" is no name: write it as people do, without spaces, such as EverShop.`);
const { files, registry, row, nodes, credentials, next } = skeletonOf(name);

const taken = Object.keys(files).filter((file) => existsSync(path.join(ROOT, file)));
if (taken.length > 0) stop(`There is a ${name} already: ${taken.join(', ')}`);
for (const [file, text] of Object.entries(files)) {
	const target = path.join(ROOT, file);
	mkdirSync(path.dirname(target), { recursive: true });
	writeFileSync(target, text);
	console.log(`  wrote ${file}`);
}
register();
if (row !== undefined) addTo(row.file, row.list, row.text);
if (nodes.length + credentials.length > 0) list();
console.log(`\nNext:\n${next.map((line) => `  ${line}`).join('\n')}`);

/** The import and the line in the registry. */
function register(): void {
	const file = path.join(ROOT, registry.file);
	const code = codeOf(name);
	const text = readFileSync(file, 'utf8');
	const imported = `import { ${code} } from './${code}';`;
	const others = text.match(/^import \{ \w+ \} from '\.\/\w+';$/gm) ?? [];
	const last = others.at(-1);
	if (last === undefined) stop(`${registry.file} is not as expected: add ${code} to ${registry.list} by hand.`);
	const after = others.find((line) => line.localeCompare(imported) > 0);
	const [place, lines] = after === undefined ? [last, `${last}\n${imported}`] : [after, `${imported}\n${after}`];
	writeFileSync(
		file,
		text.replace(place, () => lines),
	);
	addTo(registry.file, registry.list, `${code},`);
}

/** A last entry of a list that is written an entry a line. */
function addTo(relative: string, listed: string, entry: string): void {
	const file = path.join(ROOT, relative);
	const text = readFileSync(file, 'utf8');
	const start = text.search(new RegExp(`^(export )?const ${listed}\\b.*\\{$`, 'm'));
	const end = start === -1 ? -1 : text.indexOf('\n}', start);
	if (end === -1) stop(`${relative} is not as expected: add "${entry}" to ${listed} by hand.`);
	writeFileSync(file, `${text.slice(0, end)}\n\t${entry}${text.slice(end)}`);
	console.log(`  added it to ${relative}`);
}

/** What n8n loads. */
function list(): void {
	const file = path.join(ROOT, 'package.json');
	const manifest = JSON.parse(readFileSync(file, 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };
	manifest.n8n.nodes = [...manifest.n8n.nodes, ...nodes].sort();
	manifest.n8n.credentials = [...manifest.n8n.credentials, ...credentials].sort();
	writeFileSync(file, `${JSON.stringify(manifest, null, '\t')}\n`);
	console.log('  added it to package.json');
}
