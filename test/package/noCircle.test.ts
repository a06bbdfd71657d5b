/** The linter's rule on circles of imports, on files of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const rule = pathToFileURL(path.join(__dirname, '../../tools/lint/noCircle.mjs')).href;

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'circle-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the rule says of an import of `from` in a.ts. */
function said(files: Record<string, string>, from: string): string[] {
	for (const [name, text] of Object.entries({ 'a.ts': `import type { B } from '${from}';\n`, ...files })) {
		mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
		writeFileSync(path.join(folder, name), text);
	}
	const program = `
		import rule from '${rule}';
		const found = [];
		const context = { filename: process.argv[1], cwd: process.argv[2], report: ({ data }) => found.push(data.way) };
		Object.values(rule.create(context))[0]({ source: { value: process.argv[3] } });
		console.log(JSON.stringify(found));`;
	return JSON.parse(
		execFileSync(process.execPath, ['--input-type=module', '-e', program, path.join(folder, 'a.ts'), folder, from], { encoding: 'utf8' }),
	) as string[];
}

it('sees imports of types, of folders and of what is passed on', () => {
	const files = {
		'b/index.ts': "import {\n\tC,\n} from '../c';\n",
		'c.ts': "export type { A } from './d';\n",
		'd.ts': "import type { A } from './a';\n",
	};
	expect(said(files, './b')).toEqual(['a.ts → b/index.ts → c.ts → d.ts → a.ts']);
});

it('lets a circle be of which the file is no part', () => {
	expect(said({ 'b.ts': "import './c';\n", 'c.ts': "import './b';\n" }, './b')).toEqual([]);
	expect(said({}, 'n8n-workflow')).toEqual([]);
});
