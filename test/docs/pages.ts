/** Markdown pages as tests see them: headings, links, fences. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { anchorOf } from '../../scripts/docs/nodes';

export const ROOT = path.join(__dirname, '../..');

export interface Page {
	/** Relative to the repository. */
	file: string;
	text: string;
}

export interface Fence {
	language: string;
	/** Words after the language, "runnable". */
	marks: string[];
	text: string;
	line: number;
}

export const readPage = (file: string): Page => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') });

export const pages = (): Page[] => ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync(['docs/**/*.md', '.github/*.md', '*/README.md'], { cwd: ROOT }).sort()].map(readPage);

export function fencesOf({ text }: Page): Fence[] {
	const fences: Fence[] = [];
	for (const match of text.matchAll(/^([ \t]*)```([^\n`]*)\n([^]*?)^\1```[ \t]*$/gm)) {
		const [language = '', ...marks] = match[2]!.trim().split(/\s+/);
		const indent = match[1]!;
		fences.push({ language, marks, text: match[3]!.replace(new RegExp(`^${indent}`, 'gm'), ''), line: text.slice(0, match.index).split('\n').length });
	}
	return fences;
}

const withoutCode = (text: string): string => text.replace(/^([ \t]*)```[^]*?^\1```[ \t]*$/gm, '').replace(/`[^`\n]*`/g, '');

/** As GitHub makes them: the second heading of a text gets "-1". */
export function anchorsOf({ text }: Page): Set<string> {
	const anchors = new Set<string>();
	const counts = new Map<string, number>();
	for (const [, heading] of text.replace(/^([ \t]*)```[^]*?^\1```[ \t]*$/gm, '').matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
		const plain = anchorOf(heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''));
		const count = counts.get(plain) ?? 0;
		counts.set(plain, count + 1);
		anchors.add(count === 0 ? plain : `${plain}-${count}`);
	}
	return anchors;
}

/** What is wrong with the links of a page to files and headings of this repository. */
export function brokenLinks(page: Page): string[] {
	const problems: string[] = [];
	const text = withoutCode(page.text);
	const targets = [...text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g), ...text.matchAll(/<[^>]*\b(?:src|srcset|href)="([^"]+)"/g)];
	for (const [, target] of targets) {
		if (/^[a-z]+:/i.test(target!)) continue;
		const [file = '', anchor] = target!.split('#', 2);
		const full = file === '' ? path.join(ROOT, page.file) : path.join(ROOT, path.dirname(page.file), decodeURI(file));
		if (!existsSync(full)) problems.push(`${page.file}: ${target} does not exist`);
		else if (anchor !== undefined && !anchorsOf(readPage(path.relative(ROOT, full))).has(anchor)) problems.push(`${page.file}: ${target} has no such heading`);
	}
	return problems;
}

const REPOSITORY = (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { repository: { url: string } }).repository.url.replace(/^git\+|\.git$/g, '');

/** The page of this repository that an address on GitHub shows, null for any other address. @example pageBehind('https://github.com/o/r/blob/main/docs/a.md#b') // "docs/a.md#b" */
export const pageBehind = (url: string): string | null => (url.startsWith(`${REPOSITORY}/blob/main/`) ? url.slice(`${REPOSITORY}/blob/main/`.length) : null);

/** What is wrong with the addresses of this repository's pages in a file that is no page: a node, a credential, a form. */
export function brokenAddresses({ file, text }: Page): string[] {
	const targets = [...text.matchAll(/https:\/\/github\.com\/[^\s"'`)<>\\]+/g)].flatMap(([url]) => {
		if (url.startsWith(`${REPOSITORY}#`)) return [`README.md${url.slice(REPOSITORY.length)}`];
		return pageBehind(url) ?? [];
	});
	// "#readme" is GitHub's own.
	return brokenLinks({ file: 'package.json', text: targets.filter((target) => target !== 'README.md#readme').map((target) => `[](${target})`).join('\n') }).map((problem) => `${file}: ${problem}`);
}
