/** Scripts that tests run in processes of their own, and kill. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..');
const FOLDER = path.join(ROOT, 'node_modules/.cache/child-scripts');
const built = new Map<string, string[]>();

/**
 * Arguments of Node that start a TypeScript file of tests. It is bundled once for each test file: a process that translates all it imports by
 * itself needs three times as long to start, and crash tests start hundreds.
 *
 * @example spawn(process.execPath, [...childScript(path.join(__dirname, 'child.ts')), 'argument'])
 */
export function childScript(file: string): string[] {
	const known = built.get(file);
	if (known !== undefined) return known;
	const { outputFiles } = buildSync({ entryPoints: [file], bundle: true, write: false, platform: 'node', target: 'node24', packages: 'external', keepNames: true, sourcemap: 'inline', tsconfig: path.join(ROOT, 'tsconfig.json') });
	const code = outputFiles[0]!.contents;
	const script = path.join(FOLDER, `${path.basename(file, '.ts')}-${createHash('sha256').update(code).digest('hex').slice(0, 12)}.cjs`);
	mkdirSync(FOLDER, { recursive: true });
	// Another worker of the test run may make the same one.
	const own = `${script}.${process.pid}`;
	writeFileSync(own, code);
	renameSync(own, script);
	const started = ['--disable-warning=ExperimentalWarning', '--enable-source-maps', script];
	built.set(file, started);
	return started;
}
