'use strict';
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const ACCEPTED = new Set([
	'MIT',
	'ISC',
	'0BSD',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'Apache-2.0',
	'BlueOak-1.0.0',
	'Unlicense',
	'(MIT OR Apache-2.0)',
	'(BSD-3-Clause AND Apache-2.0)',
]);

/** The folders of the packages that esbuild's inputs come from, nested ones apart. */
function packageFolders(root, inputs) {
	const folders = new Set();
	for (const input of inputs) {
		const at = input.lastIndexOf('node_modules/');
		if (at < 0 || input.startsWith('left-out:')) continue;
		const [scope, name] = input.slice(at + 'node_modules/'.length).split('/');
		const start = input.indexOf(':') >= 0 ? input.slice(input.indexOf(':') + 1, at) : input.slice(0, at);
		folders.add(path.resolve(root, start, 'node_modules', scope.startsWith('@') ? `${scope}/${name}` : scope));
	}
	return [...folders].sort();
}

/** The text of dist/THIRD-PARTY-LICENSES.txt. Throws for a package whose licence is missing or not one that we may ship under MIT. */
function listLicences(root, inputs) {
	const parts = packageFolders(root, inputs).map((folder) => {
		const {
			name,
			version,
			licenses,
			license = licenses?.[0]?.type,
			homepage,
		} = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
		if (!ACCEPTED.has(license))
			throw new Error(`${name}@${version} has the licence ${JSON.stringify(license)}: check it and list it in tools/build/licences.cjs`);
		const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
		const text = file === undefined ? 'The package brings no licence text.' : readFileSync(path.join(folder, file), 'utf8').trim();
		const notice = path.join(folder, 'NOTICE');
		return [
			`${name} ${version} (${license})${homepage ? `\n${homepage}` : ''}`,
			text,
			existsSync(notice) ? readFileSync(notice, 'utf8').trim() : '',
		]
			.filter(Boolean)
			.join('\n\n');
	});
	const rule = `\n\n${'-'.repeat(80)}\n\n`;
	return `This package contains code of the following packages.${rule}${parts.join(rule)}\n`;
}

module.exports = { listLicences };
