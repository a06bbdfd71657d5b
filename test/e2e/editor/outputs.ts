/** The outputs of Order Rules follow its warehouses: the canvas has another one as soon as a person adds a warehouse, before anything is saved. */
import type { Rest } from '../n8n/Rest';
import { PACKAGE } from '../n8n/tarball';
import type { Part } from '../Part';
import type { Editor } from './Editor';

/** With items in it, and as n8n draws it since 2.40. */
const ADD = '[data-test-id="fixed-collection-add"], [data-test-id="fixed-collection-add-top-level-button"]';
const OTHERS = ['Skipped', 'Delayed', 'Error'];

export async function checkOutputs(part: Part, editor: Editor, rest: Rest): Promise<void> {
	const node = {
		id: '00000000-0000-4000-8000-000000000070',
		name: 'Rules',
		type: `${PACKAGE}.orderRules`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const { id } = (await rest.editor('POST', '/rest/workflows', {
		name: 'Outputs',
		nodes: [node],
		connections: {},
		settings: { executionOrder: 'v1' },
	})) as { id: string };
	// Loaded anew: n8n still shows what ran last, on nodes of the same name.
	await editor.goto(`/workflow/${id}`);
	await editor.the('canvas-node').first().waitFor();
	const check = async (what: string, ...warehouses: string[]): Promise<void> => {
		await editor.still('[data-test-id="canvas-node"]');
		const wanted = [...warehouses, ...OTHERS];
		const found = await outputsOf(editor, node.name);
		part.check(`Order Rules on the canvas ${what}: ${wanted.join(', ')}`, found.join() === wanted.join(), found.join(', '));
	};
	await check('has an output for its warehouse', 'MAIN');

	await editor.openPanel(node.name);
	const warehouses = editor.the('fixed-collection-warehouses').first();
	await warehouses.locator(ADD).first().click();
	const codes = warehouses.locator('[data-test-id="parameter-input-code"] input, [data-test-id="parameter-input-code"] textarea');
	await codes.nth((await codes.count()) - 1).fill('BER');
	await editor.closePanel();
	await check('has one for the warehouse that was just added', 'MAIN', 'BER');
	const errors = editor.takeErrors();
	part.check('Order Rules on the canvas: no errors in the console', errors.length === 0, errors.join('; '));
}

/** The names of the outputs, from top to bottom. */
const outputsOf = async (editor: Editor, name: string): Promise<string[]> => {
	const texts = await editor.page
		.locator(`[data-test-id="canvas-node-output-handle"][data-node-name=${JSON.stringify(name)}]`)
		.allInnerTexts();
	return texts.map((text) => text.replace(/\s+/g, ' ').trim());
};
