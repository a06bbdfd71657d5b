/** What n8n and npm demand of package.json; the same checks stop a build. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.join(__dirname, '../..');
const { manifestProblems, templateProblems } = require('../../tools/build/manifest.cjs') as {
	manifestProblems(root: string): string[];
	templateProblems(root: string): { files: string[]; problems: string[] };
};

describe('package.json', () => {
	it('lists every node and credential, and has nothing to install', () => {
		expect(manifestProblems(root)).toEqual([]);
	});

	it('has templates that n8n can read', () => {
		expect(templateProblems(root).problems).toEqual([]);
	});

	it('has lock files without registry addresses and with every platform', () => {
		expect(() => execFileSync(process.execPath, [path.join(root, 'scripts/lock-files.cjs')], { stdio: 'pipe' })).not.toThrow();
	});
});

describe('dependabot', () => {
	it('looks after every folder with a lock file', () => {
		const { updates } = parse(readFileSync(path.join(root, '.github/dependabot.yml'), 'utf8')) as {
			updates: Array<{ 'package-ecosystem': string; directories?: string[] }>;
		};
		const known = updates.filter((update) => update['package-ecosystem'] === 'npm').flatMap(({ directories = [] }) => directories);
		const listed = execFileSync('git', ['ls-files', '*package-lock.json', '*pnpm-lock.yaml'], { cwd: root, encoding: 'utf8' });
		const folders = listed
			.split('\n')
			.filter(Boolean)
			.map((file) => path.posix.resolve('/', path.posix.dirname(file)));
		expect(known.toSorted()).toEqual(folders.toSorted());
	});
});

describe('the check of package.json', () => {
	let folder: string;
	const manifest = {
		n8n: { nodes: ['dist/nodes/Known/Known.node.js'], credentials: [] as string[] },
		devDependencies: { typescript: '7.0.2' } as Record<string, string>,
		peerDependencies: { 'n8n-workflow': '*' },
	};
	const problemsOf = (changed: object): string[] => {
		writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...manifest, ...changed }));
		return manifestProblems(folder);
	};

	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'manifest-'));
		mkdirSync(path.join(folder, 'nodes/Known'), { recursive: true });
		writeFileSync(path.join(folder, 'nodes/Known/Known.node.ts'), '');
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('accepts one that is in step', () => {
		expect(problemsOf({})).toEqual([]);
	});

	it.each([
		['a node that is not listed', { n8n: { nodes: [], credentials: [] } }, 'does not list dist/nodes/Known/Known.node.js'],
		[
			'a credential without a source',
			{ n8n: { ...manifest.n8n, credentials: ['dist/credentials/X.credentials.js'] } },
			'which has no source',
		],
		['a dependency', { dependencies: { pg: '8.23.1' } }, 'has dependencies'],
		['an optional dependency', { optionalDependencies: {} }, 'has optionalDependencies'],
		['another peer', { peerDependencies: { 'n8n-workflow': '*', pg: '*' } }, 'peerDependencies must be'],
		['a version range', { devDependencies: { typescript: '^7.0.2' } }, 'not an exact version'],
	])('refuses %s', (_, changed, message) => {
		expect(problemsOf(changed).join()).toContain(message);
	});
});
