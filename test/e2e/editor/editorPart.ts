/** (d) The package in n8n's editor, in a real browser. Pictures go to docs/images when E2E_PICTURES is set. */
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import type { PartBody } from '../main';
import { Rest } from '../n8n/Rest';
import { createCredentials, readTemplates, sampleCredentials, templateCredentials, type Credential } from '../n8n/setUp';
import { installInto, npmWith, ownVersion } from '../n8n/tarball';
import { checkCanvases } from './canvases';
import { startChromium } from './chromium';
import { Editor } from './Editor';
import { checkExecution } from './execute';
import { checkOutputs } from './outputs';
import { checkPanels } from './panels';
import { Pictures } from './Pictures';
import { checkCredentials, checkFirstOrders, installByHand } from './quickStart';
import { checkSearch } from './search';
import type { NodeType } from './variants';

export const editorPart: PartBody = async (part, { own }) => {
	if (part.settings.steps?.includes('install') === false) installInto(path.join(part.folder, 'n8n'), own);
	const n8n = await part.start('n8n', { binFolder: npmWith(path.join(part.folder, 'bin'), { [ownVersion()]: own }) });
	const rest = new Rest(n8n.url);
	await rest.signIn();
	const browser = await startChromium((text) => part.say(text));
	part.atEnd(async () => await browser.close());
	part.say(`Chromium ${browser.version()}`);
	const editor = await Editor.open(browser, n8n.url);
	const pictures = new Pictures(path.join(part.folder, 'pictures'));

	/** One that does not go through leaves a picture of the window, and the others go on. */
	const step = async (name: string, body: () => Promise<void>): Promise<void> => {
		if (part.settings.steps?.includes(name) === false) return;
		try {
			await body();
		} catch (error) {
			const picture = path.join(part.folder, `failed-${name}.png`);
			await editor.page.screenshot({ path: picture });
			part.check(`${name} goes through`, false, `${error instanceof Error ? error.message : String(error)} (see ${picture})`);
		}
	};
	await step('install', async () => await installByHand(part, editor, pictures));
	const folders = { shop: path.join(part.folder, 'site/shop'), warehouse: path.join(part.folder, 'site/warehouse') };
	for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
	const base = templateCredentials(folders);
	const templates = readTemplates();
	const others = await sampleCredentials(rest, templates, base);
	const credentials = await createCredentials(rest, [...base, ...others]);
	await step('credentials', async () => await checkCredentials(part, editor, pictures, credentials));
	await step('search', async () => await checkSearch(part, editor, rest, pictures));
	await step('execute', async () => await checkExecution(part, editor, rest, pictures, credentials));
	await step('outputs', async () => await checkOutputs(part, editor, rest));
	await step('orders', async () => await checkFirstOrders(part, editor, rest, pictures, credentials));
	await step('canvases', async () => await checkCanvases(part, editor, rest, pictures, templates, credentials));
	await step(
		'panels',
		async () =>
			await checkPanels(part, editor, rest, pictures, (type) =>
				chosenByType([...base, ...others], credentials, isOfWarehouse(type) ? 'Warehouse folder' : 'Shop folder'),
			),
	);
	part.check('every picture is of a reasonable size', pictures.tooLarge.length === 0, pictures.tooLarge.join(', '));
	part.say(`${pictures.taken} pictures in ${pictures.folder}`);
};

const isOfWarehouse = ({ name }: NodeType): boolean => /\.wms/.test(name);

/** A credential for each type. @param folder the one among the folders */
const chosenByType = (
	all: readonly Credential[],
	ids: ReadonlyMap<string, string>,
	folder: string,
): Map<string, { id: string; name: string }> =>
	new Map(
		[...all]
			.sort((left, right) => Number(left.name === folder) - Number(right.name === folder))
			.map(({ type, name }) => [type, { id: ids.get(name)!, name }]),
	);
