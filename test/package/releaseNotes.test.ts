/** npm run release-notes: what is under Unreleased and the fragments become the section of a version, once. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fragmentProblems, release } from '../../scripts/release/changelog';

const ROOT = path.join(__dirname, '../..');
const CHANGELOG =
	'# Changelog\n\nWords.\n\n## Unreleased\n\n### Security\n\n- A hole.\n\n### Changed\n\n- One.\n- Two.\n\n## 0.1.0 (2026-11-25)\n\nFirst version.\n';
const fragments = new Map([
	['b.changed.md', 'Four,\nin two lines.\n'],
	['a.changed.md', 'Three.'],
	['x.fixed.md', 'Mended.'],
	['n.added.md', 'New.'],
]);

it('puts the fragments behind what stands there, section by section', () => {
	const { changelog, notes } = release(CHANGELOG, fragments, '0.2.0', '2026-12-01');
	expect(notes).toBe(
		'### Security\n\n- A hole.\n\n### Added\n\n- New.\n\n### Changed\n\n- One.\n- Two.\n- Three.\n- Four,\n  in two lines.\n\n### Fixed\n\n- Mended.',
	);
	expect(changelog).toBe(
		`# Changelog\n\nWords.\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n${notes}\n\n## 0.1.0 (2026-11-25)\n\nFirst version.\n`,
	);
	// The next release begins with nothing.
	expect(() => release(changelog, new Map(), '0.3.0', '2026-12-02')).toThrow('Nothing has changed');
	expect(release(changelog, new Map([['c.fixed.md', 'Later.']]), '0.3.0', '2026-12-02').changelog).toContain(
		'## Unreleased\n\n## 0.3.0 (2026-12-02)\n\n### Fixed\n\n- Later.\n\n## 0.2.0 (2026-12-01)\n',
	);
});

it('keeps text without a section, and is happy with a changelog that has no version yet', () => {
	expect(release('## Unreleased\n\nIn short.\n', new Map([['a.added.md', 'New.']]), '0.1.0', '2026-12-01').changelog).toBe(
		'## Unreleased\n\n## 0.1.0 (2026-12-01)\n\nIn short.\n\n### Added\n\n- New.\n',
	);
});

it.each([
	[new Map([['a.md', 'x']]), 'changes/a.md: the name must end with'],
	[new Map([['a.better.md', 'x']]), 'such as order-number.changed.md'],
	[new Map([['a.fixed.md', ' \n']]), 'it is empty'],
	[new Map([['a.fixed.md', '- x']]), 'without a bullet'],
	[new Map([['a.fixed.md', '## x']]), 'without a bullet or a heading'],
])('refuses a fragment that it would put in the wrong way %#', (wrong, message) => {
	expect(() => release(CHANGELOG, wrong, '0.2.0', '2026-12-01')).toThrow(message);
});

it('refuses a version that is there, and a changelog without its place', () => {
	expect(() => release(CHANGELOG, fragments, '0.1.0', '2026-12-01')).toThrow('"## 0.1.0" already');
	expect(() => release('# Changelog\n', fragments, '0.2.0', '2026-12-01')).toThrow('no section "## Unreleased"');
});

it('works on this repository: its fragments are in order, and its changelog has the place', () => {
	const own = readdirSync(path.join(ROOT, 'changes')).filter((name) => name !== 'README.md');
	expect(fragmentProblems(new Map(own.map((name) => [name, readFileSync(path.join(ROOT, 'changes', name), 'utf8')])))).toEqual([]);
	expect(readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain('\n## Unreleased\n');
});

it('shows first, then writes and deletes', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
	try {
		writeFileSync(path.join(folder, 'CHANGELOG.md'), CHANGELOG);
		mkdirSync(path.join(folder, 'changes'));
		for (const [name, text] of [...fragments, ['README.md', '# How']] as const) writeFileSync(path.join(folder, 'changes', name), text);
		const run = (...given: string[]) =>
			spawnSync(
				process.execPath,
				['--import', path.join(ROOT, 'node_modules/tsx/dist/loader.mjs'), path.join(ROOT, 'scripts/release-notes.ts'), ...given],
				{ cwd: folder, encoding: 'utf8' },
			);
		const now = () => readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8');
		expect(run().stdout).toContain('### Added\n\n- New.');
		expect([now(), run('v1').status, now()]).toEqual([CHANGELOG, 2, CHANGELOG]);
		expect(run('0.2.0').stdout).toContain('with 4 fragments');
		expect(now()).toMatch(/## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n### Security/);
		expect(readdirSync(path.join(folder, 'changes'))).toEqual(['README.md']);
		expect(run('0.2.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('already') });
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
