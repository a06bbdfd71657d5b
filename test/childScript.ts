/** Scripts that tests run in processes of their own, and kill. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..');
const FOLDER = path.join(ROOT, 'node_modules/.cache/child-scripts');
const built = new Map<string, string[]>();

/**
 * Arguments of Node that start a TypeScript file of tests. It is bundled once for each test file, with all packages and without a source map: a
 * process that finds hundreds of files by itself needs more than twice as long to start, and crash tests start hundreds.
 *
 * @example spawn(process.execPath, [...childScript(path.join(__dirname, 'child.ts')), 'argument'])
 */
export function childScript(file: string): string[] {
	const known = built.get(file);
	if (known !== undefined) return known;
	const code = execFileSync(process.execPath, [path.join(__dirname, 'bundleChild.cjs'), file], { maxBuffer: 64 * 1024 * 1024 });
	const script = path.join(FOLDER, `${path.basename(file, '.ts')}-${createHash('sha256').update(code).digest('hex').slice(0, 12)}.cjs`);
	mkdirSync(FOLDER, { recursive: true });
	// Another worker of the test run may make the same one.
	const own = `${script}.${process.pid}`;
	writeFileSync(own, code);
	renameSync(own, script);
	const started = ['--disable-warning=ExperimentalWarning', script];
	built.set(file, started);
	return started;
}
