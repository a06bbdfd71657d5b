/** Each template on the canvas: on one screen, its notes readable, and nothing red once credentials are chosen. */
import path from 'node:path';
import { FILE_TEMPLATES } from '../../../demo/fileTemplates';
import type { Part } from '../Part';
import type { Rest } from '../n8n/Rest';
import { withCredentials, type TemplateJson } from '../n8n/setUp';
import type { Editor } from './Editor';
import type { PageGlobals } from './dom';
import type { Pictures } from './Pictures';

/** Height of the letters of a note, in pixels of the screen: below it nobody reads them. */
const READABLE = 8.5;
const ISSUES = '[data-test-id="node-issues"], [class*="issues"]';

/** The templates of the file exchange are called by their number alone. */
const pictureName = ({ file }: TemplateJson): string =>
	isFileTemplate(file) ? `template-${file.slice(0, 2)}` : `template-${path.basename(file, '.json')}`;

const isFileTemplate = (file: string): boolean => (Object.values(FILE_TEMPLATES) as string[]).includes(file);

export async function checkCanvases(
	part: Part,
	editor: Editor,
	rest: Rest,
	pictures: Pictures,
	templates: TemplateJson[],
	credentials: ReadonlyMap<string, string>,
): Promise<void> {
	for (const template of templates) {
		// Variants differ in a node or two: one look is enough.
		const isVariant = !isFileTemplate(template.file);
		if (!isVariant) await checkWithoutCredentials(part, editor, rest, template);
		const id = await rest.createWorkflow(withCredentials(template, credentials));
		for (const colorScheme of isVariant ? (['light'] as const) : (['dark', 'light'] as const)) {
			await editor.page.emulateMedia({ colorScheme });
			await editor.openWorkflow(id);
			await pictures.take(editor, colorScheme === 'light' ? pictureName(template) : `${pictureName(template)}-dark`);
		}
		const red = await withIssues(editor);
		part.check(`${template.name}: no node is red`, red.length === 0, red.join(', '));
		const { outside, cut, letters } = await layout(editor);
		part.check(`${template.name}: all of it is on one screen`, outside.length === 0, outside.join(', '));
		part.check(
			`${template.name}: notes are readable`,
			cut.length === 0 && letters >= READABLE,
			cut.length > 0 ? `cut off: ${cut.join(', ')}` : `letters of ${letters.toFixed(1)} px`,
		);
		const errors = editor.takeErrors();
		part.check(`${template.name}: no errors in the console`, errors.length === 0, errors.join('; '));
	}
}

async function checkWithoutCredentials(part: Part, editor: Editor, rest: Rest, template: TemplateJson): Promise<void> {
	const bare = template.nodes.map(({ credentials: chosen, ...node }) => node);
	await editor.openWorkflow(await rest.createWorkflow({ ...template, name: `${template.name} (no credentials)`, nodes: bare }));
	const without = await withIssues(editor);
	const expected = template.nodes
		.filter((node) => Object.keys(node.credentials ?? {}).some((type) => type !== 'orderStoreApi'))
		.map(({ name }) => name);
	part.check(`${template.name}: red exactly where a credential is missing`, same(without, expected), without.join(', '));
}

const same = (one: string[], other: string[]): boolean => JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

const withIssues = async (editor: Editor): Promise<string[]> =>
	await editor.page.evaluate(
		(issues) =>
			[...(globalThis as unknown as PageGlobals).document.querySelectorAll('[data-test-id="canvas-node"]')]
				.filter((node) => node.querySelector(issues))
				.map((node) => node.getAttribute('data-node-name') ?? ''),
		ISSUES,
	);

/** What reaches beyond the canvas, notes whose text is longer than they are, and the smallest height of letters in a note. */
const layout = async (editor: Editor): Promise<{ outside: string[]; cut: string[]; letters: number }> =>
	await editor.page.evaluate(() => {
		const { document, getComputedStyle } = globalThis as unknown as PageGlobals;
		const screen = document.querySelector('[data-test-id="canvas"]')!.getBoundingClientRect();
		const outside: string[] = [];
		for (const node of document.querySelectorAll('[data-test-id="canvas-node"]')) {
			const { left, top, right, bottom } = node.getBoundingClientRect();
			if (left < screen.left || top < screen.top || right > screen.right || bottom > screen.bottom)
				outside.push(node.getAttribute('data-node-name') ?? '?');
		}
		const cut: string[] = [];
		let letters = Number.POSITIVE_INFINITY;
		for (const note of document.querySelectorAll('[data-test-id="sticky"]')) {
			const name = note.closest('[data-test-id="canvas-node"]')?.getAttribute('data-node-name') ?? 'a note';
			const scale = note.getBoundingClientRect().width / note.offsetWidth;
			const floor = note.getBoundingClientRect().bottom;
			for (const text of note.querySelectorAll('p, li')) {
				letters = Math.min(letters, Number.parseFloat(getComputedStyle(text).fontSize) * scale);
				if (text.getBoundingClientRect().bottom > floor) cut.push(name);
			}
		}
		return { outside, cut: [...new Set(cut)], letters };
	}, null);
