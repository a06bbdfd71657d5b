/** The panel of each node, in every resource, operation and mode. */
import type { Part } from '../Part';
import type { Rest } from '../n8n/Rest';
import { SIZE, type Editor } from './Editor';
import type { PageGlobals } from './dom';
import type { Pictures } from './Pictures';
import type { Box } from './playwright';
import { ourNodeTypes, variantsOf, workflowOf, type NodeType, type Variant } from './variants';

/** The variants whose pictures are worth keeping: name of the node, or how it begins → name of the picture. A node that is not here has one of its first panel. */
const PICTURES: Record<string, string> = {
	'Cart Update · Acknowledge': 'panel-cart-update-acknowledge',
	'Cart Update · Upload Tracking': 'panel-cart-update',
	'File Order Import Trigger · Any CSV, by Column': 'panel-file-order-import-trigger-csv',
	'File Order Import Trigger · Detect': 'panel-file-order-import-trigger',
	'Order Rules': 'panel-order-rules',
	'Order Store · Order · Edit': 'panel-order-store-edit',
	'Order Store · Order · Get Many': 'panel-order-store',
	'Order Store Trigger · Due Work': 'panel-order-store-trigger',
	'Order Store Trigger · Events': 'panel-order-store-trigger-events',
	'WMS Send · Cancel': 'panel-wms-send-cancel',
	'WMS Send · Send': 'panel-wms-send',
	'WMS Shipment Poll Trigger · File Exchange': 'panel-wms-shipment-poll-trigger',
};

const TALL = { width: SIZE.width, height: 1180 };

export async function checkPanels(
	part: Part,
	editor: Editor,
	rest: Rest,
	pictures: Pictures,
	credentialsFor: (type: NodeType) => ReadonlyMap<string, { id: string; name: string }>,
): Promise<void> {
	const taken = new Set<string>();
	await editor.page.setViewportSize(TALL);
	for (const type of await ourNodeTypes(rest)) {
		const variants = variantsOf(type, credentialsFor(type));
		await editor.openWorkflow(await rest.createWorkflow(workflowOf(`Panels of ${type.displayName}`, variants)));
		const wrong: string[] = [];
		for (const variant of variants) {
			await editor.openPanel(variant.node.name);
			wrong.push(...(await wrongIn(editor, variant)), ...editor.takeErrors().map((error) => `${variant.node.name}: ${error}`));
			const picture = pictureOf(type, variant);
			if (picture !== undefined && !taken.has(picture)) await pictures.take(editor, picture, await panelBox(editor));
			if (picture !== undefined) taken.add(picture);
			await editor.closePanel();
		}
		part.check(`${type.displayName}: ${variants.length} panels open without an error`, wrong.length === 0, wrong.slice(0, 5).join('; '));
	}
	await editor.page.setViewportSize(SIZE);
}

/** Of several variants with the same picture, the first one is taken. */
function pictureOf({ name, displayName }: NodeType, { node }: Variant): string | undefined {
	const begins = (start: string): boolean => node.name === start || node.name.startsWith(`${start} · `);
	const chosen = Object.entries(PICTURES);
	if (chosen.some(([start]) => start === displayName || start.startsWith(`${displayName} · `)))
		return chosen.find(([start]) => begins(start))?.[1];
	return `panel-${name.slice(name.indexOf('.') + 1).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function wrongIn(editor: Editor, { node, shown, incomplete }: Variant): Promise<string[]> {
	const panel = editor.the('node-parameters').first();
	const text = await panel.innerText();
	const wrong: string[] = [];
	for (const [name, label] of Object.entries(shown)) {
		const input = panel.locator(`[data-test-id="parameter-input-${name}"]`).first();
		const value = await input.evaluate((element) => element.innerText + (element.querySelector('input')?.value ?? ''), null);
		if (!value.includes(label)) wrong.push(`${node.name}: ${name} shows "${value}" instead of "${label}"`);
	}
	if (/undefined|\[object Object\]|NaN/.test(text)) wrong.push(`${node.name}: the panel shows a value that is none`);
	const red = (await panel.locator('[data-test-id="parameter-issues"]').count()) > 0;
	if (red !== incomplete) wrong.push(`${node.name}: ${red ? 'a parameter is red' : 'nothing says what is missing'}`);
	return wrong;
}

/** The middle of the panel, from its tabs to its last parameter. */
const panelBox = async (editor: Editor): Promise<Box> =>
	await editor.page.evaluate(() => {
		const { document, innerHeight } = globalThis as unknown as PageGlobals;
		const parameters = document.querySelector('[data-test-id="node-parameters"]')!.getBoundingClientRect();
		const tabs = document.querySelector('[data-test-id="tab-params"]')!.getBoundingClientRect();
		const items = [
			...document.querySelectorAll(
				'[data-test-id="node-parameters"] [data-test-id="parameter-item"], [data-test-id="node-parameters"] [class*="add"]',
			),
		];
		const bottom = Math.max(...items.map((item) => item.getBoundingClientRect().bottom));
		const top = tabs.top - 12;
		return { x: parameters.left, y: top, width: parameters.width, height: Math.min(bottom + 16, innerHeight - 25) - top };
	}, null);
