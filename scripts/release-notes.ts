/** npm run release-notes shows what the next release will say; npm run release-notes 0.2.0 writes it into CHANGELOG.md and deletes the fragments in changes/. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from './release/changelog';

const [version, ...more] = process.argv.slice(2);
if (more.length > 0 || (version !== undefined && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))) {
	console.error('Usage: npm run release-notes [version], such as: npm run release-notes 0.2.0');
	process.exit(2);
}
const files = (existsSync('changes') ? readdirSync('changes') : []).filter((name) => name !== 'README.md' && !name.startsWith('.'));
const fragments = new Map(files.map((name) => [name, readFileSync(`changes/${name}`, 'utf8')]));
try {
	const { changelog, notes } = release(
		readFileSync('CHANGELOG.md', 'utf8'),
		fragments,
		version ?? 'next',
		new Date().toISOString().slice(0, 10),
	);
	if (version === undefined) console.log(notes);
	else {
		writeFileSync('CHANGELOG.md', changelog);
		for (const name of files) rmSync(`changes/${name}`);
		console.log(`CHANGELOG.md has the section ${version}, with ${files.length} fragments of changes/.`);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
