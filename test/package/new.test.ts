/** npm run new, in a copy of the checkout: it type-checks, builds, n8n sees the new nodes and actions, and the test of what is new fails until it is written. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage']);
const MINUTES = 60_000;

interface Property {
	name: string;
	options?: Array<{ name?: string; value?: unknown; values?: Property[] }>;
	displayOptions?: { show?: Record<string, unknown[]> };
}

interface Listed {
	name: string;
	displayName: string;
	credentials?: Array<{ name: string }>;
	properties: Property[];
}

let copy: string;
const node24 = path.join(root, 'scripts/use-node24.cjs');
const run = (...args: string[]): string =>
	execFileSync(process.execPath, [path.join(copy, 'scripts/use-node24.cjs'), ...args], { cwd: copy, encoding: 'utf8', stdio: 'pipe' });
const filesOf = (): Set<string> =>
	new Set(execFileSync('find', ['.', '-type', 'f', '-not', '-path', './dist/*'], { cwd: copy, encoding: 'utf8' }).trim().split('\n'));
const listed = (kind: 'nodes' | 'credentials'): Listed[] =>
	JSON.parse(readFileSync(path.join(copy, `dist/types/${kind}.json`), 'utf8')) as Listed[];
const propertyOf = (node: string, parameter: string): Property | undefined =>
	listed('nodes')
		.find(({ name }) => name === node)
		?.properties.find(({ name }) => name === parameter);
const choicesOf = (node: string, parameter: string): unknown[] => (propertyOf(node, parameter)?.options ?? []).map(({ value }) => value);
/** The fields of a rule's actions. */
function actionFields(node: string, parameter: string): Property[] {
	const rows = (property: Property | undefined): Property[] => property?.options?.[0]?.values ?? [];
	return rows(rows(propertyOf(node, parameter)).find(({ name }) => name === 'actions'));
}

beforeAll(() => {
	copy = mkdtempSync(path.join(tmpdir(), 'new-'));
	cpSync(root, copy, { recursive: true, filter: (from) => !LEFT_OUT.has(path.basename(from)) });
	symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
}, 2 * MINUTES);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it(
	'writes a cart, a WMS and actions of rules that build and that n8n lists, and says what is not written yet',
	() => {
		const before = filesOf();
		const contents = new Map([...before].map((file) => [file, readFileSync(path.join(copy, file), 'latin1')]));
		run('scripts/new.ts', 'cart', 'EverShop');
		run('scripts/new.ts', 'wms', 'ShipWell');
		run('scripts/new.ts', 'rule-action', 'EverGreen');
		run('scripts/new.ts', 'shipment-action', 'KeepDry');

		// One pure folder, one partner folder, one credential, icons, a trigger for a cart, tests of its own; an action is one file; of what was
		// there, registries, package.json and the table of the test of actions.
		expect([...filesOf()].filter((file) => !before.has(file)).sort()).toEqual([
			'./credentials/EverShopOrdersApi.credentials.ts',
			'./credentials/ShipWellApi.credentials.ts',
			'./docs/carts/evershop.md',
			'./docs/wms/shipwell.md',
			'./icons/everShopOrderImportTrigger.dark.svg',
			'./icons/everShopOrderImportTrigger.svg',
			'./icons/everShopOrdersApi.dark.svg',
			'./icons/everShopOrdersApi.svg',
			'./icons/shipWellApi.dark.svg',
			'./icons/shipWellApi.svg',
			'./lib/carts/everShop/index.ts',
			'./lib/rules/actions/everGreen.ts',
			'./lib/rules/shipmentActions/keepDry.ts',
			'./lib/wms/shipWell/index.ts',
			'./nodes/EverShopOrderImportTrigger/EverShopOrderImportTrigger.node.json',
			'./nodes/EverShopOrderImportTrigger/EverShopOrderImportTrigger.node.ts',
			'./nodes/partners/everShop/index.ts',
			'./nodes/partners/everShop/signIn.ts',
			'./nodes/partners/shipWell/index.ts',
			'./nodes/partners/shipWell/signIn.ts',
			'./test/carts/everShopHarness.ts',
			'./test/nodes/everShop.test.ts',
			'./test/nodes/shipWell.test.ts',
			'./test/wms/shipWellHarness.ts',
		]);
		expect(
			[...contents]
				.filter(([file, text]) => readFileSync(path.join(copy, file), 'latin1') !== text)
				.map(([file]) => file)
				.sort(),
		).toEqual([
			'./lib/rules/actions/registry.ts',
			'./lib/rules/shipmentActions/registry.ts',
			'./nodes/partners/index.ts',
			'./package.json',
			'./test/rules/everyAction.test.ts',
		]);

		run('gulp', 'build');
		const trigger = listed('nodes').find(({ name }) => name === 'everShopOrderImportTrigger');
		expect(trigger).toMatchObject({
			displayName: 'EverShop Order Import Trigger',
			credentials: [{ name: 'everShopOrdersApi' }, { name: 'orderStoreApi' }],
		});
		for (const node of ['cartUpdate', 'orderStore']) expect(choicesOf(node, 'cart')).toContain('everShop');
		for (const node of ['wmsSend', 'wmsShipmentPollTrigger']) expect(choicesOf(node, 'wms')).toContain('shipWell');
		expect(listed('credentials').map(({ name }) => name)).toEqual(expect.arrayContaining(['everShopOrdersApi', 'shipWellApi']));

		for (const [node, rules, action, field] of [
			['orderRules', 'rules', 'everGreen', 'everGreenText'],
			['cartUpdate', 'shipmentRules', 'keepDry', 'keepDryText'],
		] as const) {
			const fields = actionFields(node, rules);
			expect(fields[0]?.options?.map(({ value }) => value)).toContain(action);
			expect(fields.find(({ name }) => name === field)?.displayOptions).toEqual({ show: { action: [action] } });
		}

		// The copy stands elsewhere, without published schemas and real servers beside it; this run wants none of them, in CI neither.
		const env = { ...process.env, CI: '' };
		for (const [file, title] of [
			['carts/contract', 'the cart everShop'],
			['wms/contract', 'the WMS shipWell'],
			['rules/everyAction', 'orders: everGreen'],
			['rules/everyAction', 'shipments: keepDry'],
		] as const) {
			const { status, stderr } = spawnSync(
				process.execPath,
				[path.join(copy, 'scripts/use-node24.cjs'), 'jest', `test/${file}.test.ts`, '-t', title],
				{ cwd: copy, encoding: 'utf8', env },
			);
			expect(status).toBe(1);
			expect(stderr).toMatch(/is not written yet: see lib\//);
		}
	},
	8 * MINUTES,
);

it.each([
	[['shop', 'EverShop'], 'Usage: npm run new'],
	[['cart', 'ever shop'], 'is no name'],
	[['cart', 'Shopify'], 'There is a Shopify already'],
	[['rule-action', 'Route'], 'There is a Route already'],
])('refuses %j', (args, message) => {
	const { status, stderr } = spawnSync(process.execPath, [node24, 'scripts/new.ts', ...args], { cwd: root, encoding: 'utf8' });
	expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
});
