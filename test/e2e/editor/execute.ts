/** "Execute step" on Order Rules: orders from pinned samples go to the outputs that the node names. */
import { readTemplates } from '../n8n/setUp';
import type { NodeJson, Rest } from '../n8n/Rest';
import { PACKAGE } from '../n8n/tarball';
import type { Part } from '../Part';
import type { Editor } from './Editor';
import type { Pictures } from './Pictures';

const address = { name: 'Ada Lovelace', address1: '12 Elm Street', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' };
const order = (number: number, change: Record<string, unknown> = {}): { json: Record<string, unknown> } => ({
	json: {
		orderNumber: `#${number}`,
		currency: 'USD',
		total: '38.00',
		customer: { name: 'Ada Lovelace', email: `customer${number}@shop.example` },
		shippingAddress: address,
		shippingMethod: 'Standard Shipping',
		lines: [{ sku: 'RED-MUG', name: 'Red mug', quantity: 4, unitPrice: '9.50' }],
		...change,
	},
});

const SAMPLES = [
	order(2001),
	order(2002, { shippingMethod: 'DHL Paket' }),
	order(2003, { customer: { name: 'QA', email: 'qa@example.test' } }),
	order(2004, { total: '1497.00', lines: [{ sku: 'LAMP-01', name: 'Lamp', quantity: 30, unitPrice: '49.90' }] }),
	order(2005, { shippingMethod: 'Carrier pigeon' }),
	order(2006, { shippingMethod: 'Free Shipping' }),
];

/** What each output must hold. */
const OUTPUTS: Record<string, number> = { MAIN: 3, Skipped: 1, Delayed: 1, Error: 1 };

export async function checkExecution(
	part: Part,
	editor: Editor,
	rest: Rest,
	pictures: Pictures,
	credentials: ReadonlyMap<string, string>,
): Promise<void> {
	const rules = readTemplates()
		.flatMap(({ nodes }) => nodes)
		.find(({ type }) => type === `${PACKAGE}.orderRules`)!;
	const store = { orderStoreApi: { id: credentials.get('Order Store')!, name: 'Order Store' } };
	const node = (name: string, type: string, x: number, parameters: NodeJson['parameters'], more: Partial<NodeJson> = {}): NodeJson => ({
		id: `00000000-0000-4000-8000-0000000000${x / 10}`,
		name,
		type,
		typeVersion: 1,
		position: [x, 0],
		parameters,
		...more,
	});
	const nodes = [
		node('Sample orders', 'n8n-nodes-base.manualTrigger', 100, {}),
		node('Import', `${PACKAGE}.orderStore`, 400, { resource: 'order', operation: 'import', store: 'acme-us' }, { credentials: store }),
		node('Rules', `${PACKAGE}.orderRules`, 700, rules.parameters, { credentials: store }),
	];
	const to = (name: string): object => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	const { id } = (await rest.editor('POST', '/rest/workflows', {
		name: 'Sample orders through the rules',
		nodes,
		connections: { 'Sample orders': to('Import'), Import: to('Rules') },
		pinData: { 'Sample orders': SAMPLES },
		settings: { executionOrder: 'v1' },
	})) as { id: string };

	await editor.openWorkflow(id);
	await editor.openPanel('Rules');
	await editor.the('node-execute-button').click();
	const output = editor.the('output-panel');
	const branches = output.locator('[data-test-id="branches"]');
	await branches.waitFor();
	const tabs = (await branches.locator('[data-test-id^="tab-"]').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
	for (const [name, count] of Object.entries(OUTPUTS)) {
		const label = `${name} Branch (${count} item${count === 1 ? '' : 's'})`;
		part.check(
			`Execute step: the output ${label}`,
			tabs.some((tab) => tab.includes(label)),
			tabs.join(', '),
		);
	}
	await editor.messagesGone();
	await editor.still('[data-test-id="output-panel"]');
	await pictures.take(editor, 'order-rules-executed');
	await editor.closePanel();
	await editor.fit();
	await pictures.take(editor, 'order-rules-executed-canvas');
	const errors = editor.takeErrors();
	part.check('Execute step: no errors in the console', errors.length === 0, errors.join('; '));
}
