/** Each node is found in the list of nodes to add, by its name and by the words that people would look for. */
import type { Part } from '../Part';
import type { Editor } from './Editor';
import type { Rest } from '../n8n/Rest';
import type { Pictures } from './Pictures';
import { ourNodeTypes } from './variants';

/** What people type, and the nodes that must be among the answers. n8n shows Order Store and its trigger as one entry. */
const SEARCHES: Record<string, string[]> = {
	'cart update': ['Cart Update'],
	'file order import': ['File Order Import Trigger'],
	'order rules': ['Order Rules'],
	'order store': ['Order Store'],
	'wms send': ['WMS Send'],
	'wms shipment': ['WMS Shipment Poll Trigger'],
	Shopify: ['Cart Update', 'File Order Import Trigger'],
	WooCommerce: ['Cart Update', 'File Order Import Trigger'],
	'3PL': ['WMS Send', 'WMS Shipment Poll Trigger', 'Order Rules'],
	warehouse: ['WMS Send', 'WMS Shipment Poll Trigger'],
	fulfillment: ['Cart Update', 'File Order Import Trigger', 'Order Rules', 'Order Store', 'WMS Send', 'WMS Shipment Poll Trigger'],
	OMS: ['File Order Import Trigger', 'Order Rules', 'Order Store'],
	'940': ['WMS Send'],
	'945': ['WMS Shipment Poll Trigger'],
	routing: ['Order Rules'],
	tracking: ['Cart Update', 'WMS Shipment Poll Trigger'],
	'e-commerce': ['File Order Import Trigger'],
	dropship: ['WMS Send'],
	reprocess: ['Order Store'],
	'order alert': ['Order Store'],
	'held orders': ['Order Store'],
	retry: ['Order Store'],
	'order status': ['Order Store'],
};

const PICTURES = new Map([
	['fulfillment', 'node-creator-fulfillment'],
	['warehouse', 'node-creator-warehouse'],
	['Shopify', 'node-creator-shopify'],
]);

/** Every node is found by its own name and by every word of its codex; n8n shows a node and its trigger as one entry. */
async function wordsOf(rest: Rest): Promise<Map<string, string[]>> {
	const types = await ourNodeTypes(rest);
	const names = new Set(types.map(({ displayName }) => displayName));
	const entryOf = (displayName: string): string => {
		const action = displayName.replace(/ Trigger$/, '');
		return names.has(action) ? action : displayName;
	};
	const wanted = new Map<string, string[]>();
	for (const { displayName, codex } of types) {
		for (const word of [displayName.toLowerCase(), ...(codex?.alias ?? [])])
			wanted.set(word, [...new Set([...(wanted.get(word) ?? []), entryOf(displayName)])]);
	}
	return wanted;
}

export async function checkSearch(part: Part, editor: Editor, rest: Rest, pictures: Pictures): Promise<void> {
	await editor.goto('/workflow/new');
	await editor.the('canvas-add-button').locator('button').first().click();
	await editor.the('node-creator-search-bar').waitFor();
	await editor.still('[data-test-id="node-creator"]');
	for (const [text, wanted] of Object.entries(SEARCHES)) {
		const names = await editor.searchNodes(text);
		const missing = wanted.filter((name) => !names.includes(name));
		part.check(
			`searching for "${text}" finds ${wanted.join(', ')}`,
			missing.length === 0,
			missing.length === 0 ? '' : `not ${missing.join(', ')}, but ${names.join(', ')}`,
		);
		const picture = PICTURES.get(text);
		if (picture !== undefined) await pictures.take(editor, picture, editor.the('node-creator'));
	}
	const unfound: string[] = [];
	const words = await wordsOf(rest);
	for (const [text, wanted] of words) {
		const names = await editor.searchNodes(text);
		unfound.push(...wanted.filter((name) => !names.includes(name)).map((name) => `"${text}" does not find ${name}`));
	}
	part.check(`${words.size} names and search words find their nodes`, unfound.length === 0, unfound.slice(0, 8).join('; '));
	await editor.searchNodes('order store');
	await editor
		.the('node-creator-item-name')
		.filter({ hasText: /^\s*Order Store\s*$/ })
		.first()
		.click();
	const actions = editor.the('node-creator');
	await actions.filter({ hasText: /Actions\s*\(\d+\)/ }).waitFor();
	await editor.still('[data-test-id="node-creator"]');
	await pictures.take(editor, 'node-creator-order-store', actions);
	const offered = await actions.innerText();
	part.check(
		'the entry of Order Store offers its operations and its trigger',
		/On due work/.test(offered) && /Actions\s*\([1-4]\d\)/.test(offered),
		offered.replace(/\s+/g, ' ').slice(0, 300),
	);
	const errors = editor.takeErrors();
	part.check('searching: no errors in the console', errors.length === 0, errors.join('; '));
}
