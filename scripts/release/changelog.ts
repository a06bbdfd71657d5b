/** Change fragments: one file for each change, collected into CHANGELOG.md when a version is released. */

/** The sections of a version, in their order. */
const SECTIONS = { security: 'Security', added: 'Added', changed: 'Changed', fixed: 'Fixed' } as const;
type Kind = keyof typeof SECTIONS;

const UNRELEASED = '## Unreleased';

/** By the names of the files. */
export type Fragments = ReadonlyMap<string, string>;

/** What is wrong with the fragments, each with its file. */
export function fragmentProblems(fragments: Fragments): string[] {
	return [...fragments].flatMap(([file, text]) => {
		if (kindOf(file) === null)
			return [`changes/${file}: the name must end with .${Object.keys(SECTIONS).join('.md, .')}.md, such as order-number.changed.md`];
		if (text.trim() === '') return [`changes/${file}: it is empty`];
		return /^\s*([-*+#] |#+ )/.test(text) ? [`changes/${file}: write one sentence or more, without a bullet or a heading`] : [];
	});
}

const kindOf = (file: string): Kind | null =>
	(Object.keys(SECTIONS) as Kind[]).find((kind) => new RegExp(`^[^.].*\\.${kind}\\.md$`).test(file)) ?? null;

/** The text of a version: what stands under Unreleased, then the fragments by their names, section by section. */
function notesOf(unreleased: string, fragments: Fragments): string {
	const [intro = '', ...parts] = unreleased.split(/^### /m);
	const sections = new Map(
		parts.map((part): [string, string[]] => [part.slice(0, part.indexOf('\n')).trim(), [part.slice(part.indexOf('\n')).trim()]]),
	);
	for (const [file, text] of [...fragments].sort(([left], [right]) => (left < right ? -1 : 1))) {
		const title = SECTIONS[kindOf(file)!];
		sections.set(title, [...(sections.get(title) ?? []), `- ${text.trim().replace(/\n/g, '\n  ')}`]);
	}
	const order: string[] = Object.values(SECTIONS);
	// Sections of other names stay where they are, behind those that we know.
	const rank = (title: string): number => (order.includes(title) ? order.indexOf(title) : order.length);
	const texts = [...sections]
		.sort(([left], [right]) => rank(left) - rank(right))
		.map(([title, items]) => `### ${title}\n\n${items.filter((item) => item !== '').join('\n')}`);
	return [intro.trim(), ...texts].filter((text) => text !== '').join('\n\n');
}

/**
 * The changelog with a section for the version in place of Unreleased, which is empty again, and the text of that section.
 *
 * @throws Error that says why there is nothing to release
 */
export function release(changelog: string, fragments: Fragments, version: string, date: string): { changelog: string; notes: string } {
	const problems = fragmentProblems(fragments);
	if (problems.length > 0) throw new Error(problems.join('\n'));
	const start = changelog.indexOf(`${UNRELEASED}\n`);
	if (start < 0) throw new Error(`CHANGELOG.md has no section "${UNRELEASED}".`);
	if (changelog.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has a section "## ${version}" already.`);
	const next = changelog.indexOf('\n## ', start);
	const [before, unreleased, after] = [
		changelog.slice(0, start),
		changelog.slice(start + UNRELEASED.length, next < 0 ? undefined : next),
		next < 0 ? '' : changelog.slice(next),
	];
	const notes = notesOf(unreleased, fragments);
	if (notes === '') throw new Error('Nothing has changed for users since the last release.');
	return { changelog: `${before}${UNRELEASED}\n\n## ${version} (${date})\n\n${notes}\n${after}`, notes };
}
