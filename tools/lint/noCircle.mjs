// No circle of imports, of types too: import-x/no-cycle passes over them, as they are gone at run time, but files that need each other's types cannot be
// read, moved or tested apart either.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const FROM = /^(?:import|export)\b[^;'"]*?\bfrom\s+'(\.[^']+)'|^import\s+'(\.[^']+)'/gm;
const ENDINGS = ['.ts', '.tsx', '/index.ts', '/index.tsx', ''];

/** By file; an editor that keeps ESLint running needs what is written now. */
const known = new Map();

function importsOf(file) {
	const { mtimeMs } = statSync(file);
	if (known.get(file)?.mtimeMs === mtimeMs) return known.get(file).imports;
	const imports = [...readFileSync(file, 'utf8').matchAll(FROM)].flatMap(([, from, bare]) => resolve(file, from ?? bare));
	known.set(file, { mtimeMs, imports });
	return imports;
}

function resolve(file, from) {
	const base = path.resolve(path.dirname(file), from);
	const found = ENDINGS.map((ending) => base + ending).find((name) => /\.tsx?$/.test(name) && existsSync(name));
	return found === undefined ? [] : [found];
}

/** The shortest way back to `goal`; null = there is none. */
function wayTo(goal, start) {
	const ways = [[start]];
	const seen = new Set([start]);
	for (const way of ways) {
		const last = way[way.length - 1];
		if (last === goal) return way;
		for (const next of importsOf(last)) {
			if (!seen.has(next)) ways.push([...way, next]);
			seen.add(next);
		}
	}
	return null;
}

export default {
	meta: {
		type: 'problem',
		schema: [],
		messages: { circle: 'Imports go round in a circle: {{way}}. Move what both need into a file of its own.' },
	},
	create: (context) => ({
		'ImportDeclaration, ExportNamedDeclaration[source], ExportAllDeclaration'(node) {
			const [imported] = String(node.source.value).startsWith('.') ? resolve(context.filename, node.source.value) : [];
			const way = imported === undefined ? null : wayTo(context.filename, imported);
			if (way === null) return;
			const named = [context.filename, ...way].map((file) => path.relative(context.cwd, file).split(path.sep).join('/'));
			context.report({ node, messageId: 'circle', data: { way: named.join(' → ') } });
		},
	}),
};
