/** Small pieces of markdown, and the generated parts inside pages that people write. */

/** A cell of a table: one line, with nothing that would end the cell. */
const cell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|').trim();

export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
	return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Descriptions of nodes are shown as HTML in the editor; GitHub takes `<line ID>` for a tag. */
export const prose = (text: string): string =>
	text
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g, '[$2]($1)')
		.replace(/<[^>]*>|\{\{[^}]*\}\}/g, (part) => code(part));

const begin = (name: string): string => `<!-- generated: ${name} (by "npm run docs"; do not edit) -->`;
const end = (name: string): string => `<!-- end of generated: ${name} -->`;

/** Puts the parts between their markers. Throws for a part that the page does not have, and for a marker without a part. */
export function withGenerated(page: string, parts: Readonly<Record<string, string>>, file: string): string {
	let text = page;
	for (const [name, content] of Object.entries(parts)) {
		const from = text.indexOf(begin(name));
		const to = text.indexOf(end(name));
		if (from < 0 || to < from) throw new Error(`${file} has no place for "${name}". Add these two lines:\n${begin(name)}\n${end(name)}`);
		text = `${text.slice(0, from)}${begin(name)}\n\n${content.trim()}\n\n${text.slice(to)}`;
	}
	for (const [, name] of page.matchAll(/<!-- generated: (.+?) \(by/g)) {
		if (!Object.hasOwn(parts, name!)) throw new Error(`${file} has a place for "${name}", which nothing generates.`);
	}
	return text;
}

const PICTURE = /(<!-- picture: ([\w.-]+), ([^\n]+?) -->)(?:\n!\[[^\n]*)?/g;

/** Shows each picture that a page has a marked place for, as soon as it exists in docs/images. */
export const withPictures = (page: string, exists: (name: string) => boolean): string =>
	page.replace(PICTURE, (_, place: string, name: string, shows: string) =>
		exists(name) ? `${place}\n![${shows.charAt(0).toUpperCase()}${shows.slice(1)}](images/${name})` : place,
	);
