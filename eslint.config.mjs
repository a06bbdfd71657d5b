// n8n's own rules for community nodes, for self-hosted n8n, all of them and with warnings counted as errors; plus the import boundaries of this
// repository. The plugins are installed in tools/lint (see scripts/lint.cjs).
import { createRequire } from 'node:module';
import path from 'node:path';
import noCircle from './tools/lint/noCircle.mjs';

const tools = createRequire(path.join(import.meta.dirname ?? process.cwd(), 'tools/lint/package.json'));
const { configWithoutCloudSupport } = tools('@n8n/node-cli/eslint');
const importX = tools('eslint-plugin-import-x');
const n8nNodesBase = tools('eslint-plugin-n8n-nodes-base');

const asError = (setting) => {
	const [severity, ...options] = Array.isArray(setting) ? setting : [setting];
	return severity === 'warn' || severity === 1 ? ['error', ...options] : setting;
};
const n8nRules = configWithoutCloudSupport.map(({ rules, ...config }) =>
	rules === undefined
		? config
		: { ...config, rules: Object.fromEntries(Object.entries(rules).map(([name, setting]) => [name, asError(setting)])) },
);

const databasePackages = {
	group: ['typeorm', 'typeorm/*', 'pg', 'pg/*', 'pg-*', 'reflect-metadata'],
	message: 'Only lib/store/database and lib/store/migrations know the database packages.',
};
const n8nPackages = {
	group: ['n8n-workflow', 'n8n-workflow/*', 'n8n-core', 'n8n-core/*', '@n8n/*'],
	message: 'Only nodes/, credentials/ and one file each of lib/rules and lib/http import n8n packages.',
};
const n8nInternals = {
	...n8nPackages,
	group: ['n8n-core', 'n8n-core/*', '@n8n/*'],
	message: 'A node imports n8n-workflow only; the rest of n8n is not there when it runs.',
};
const decorators = {
	group: ['typeorm'],
	importNamePattern:
		'^(Entity|ViewEntity|ChildEntity|TableInheritance|.*Column|Generated|VirtualColumn|OneToOne|OneToMany|ManyToOne|ManyToMany|Join(Column|Table)|RelationId|Index|Unique|Check|Exclusion|ForeignKey|Before[A-Z].*|After[A-Z].*|EventSubscriber|Tree.*)$',
	message: 'Decorated entities clash with the TypeORM of n8n in one process: use EntitySchema.',
};

/** One file each may translate between n8n's types and ours. */
const n8nFiles = ['lib/rules/n8n*.ts', 'lib/http/n8n*.ts'];

const packages = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

/** What each part of lib/ may import of ours; nodes → fulfillment → {rules, carts, wms, store} → order. */
const mayImport = {
	order: [],
	files: ['order'],
	http: ['order'],
	rules: ['order'],
	carts: ['order', 'http', 'files'],
	wms: ['order', 'http', 'files'],
	store: ['order'],
	fulfillment: ['order', 'http', 'files', 'rules', 'carts', 'wms', 'store'],
};
/** What each room of the order store may import of the others, through their doors (index.ts); connect.ts and orderStoreOn.ts, which open and furnish the house, import them all. */
const rooms = {
	migrations: [],
	database: ['migrations'],
	orders: ['database'],
	partners: ['database', 'orders'],
	moves: ['database', 'orders'],
	imports: ['database', 'orders', 'partners', 'moves'],
	reports: ['database', 'orders', 'partners', 'moves'],
	upkeep: ['database', 'orders', 'partners', 'moves'],
};
/** The interface of the order store. */
const storeTypes = ['OrderStore', 'StoreConfig', 'connecting', 'importing', 'moving', 'reading', 'reporting'];
const zones = [
	{
		target: './lib',
		from: ['./nodes', './credentials', './dashboard', './test', './demo', './bench'],
		message: 'lib/ does not know who uses it.',
	},
	{
		target: ['./nodes', './credentials', './dashboard'],
		from: ['./test', './demo', './bench', './tools', './scripts'],
		message: 'Shipped code does not import what is not shipped.',
	},
	...Object.entries(rooms).map(([room, allowed]) => ({
		target: `./lib/store/${room}`,
		from: './lib/store',
		except: [`./${room}`, ...allowed.map((name) => `./${name}/index.ts`), ...storeTypes.map((name) => `./${name}.ts`)],
		message: `lib/store/${room} imports of the order store only its interface${allowed.map((name) => `, ${name}/index.ts`).join('')}.`,
	})),
	...Object.entries(mayImport).map(([part, allowed]) => ({
		target: `./lib/${part}`,
		from: './lib',
		except: [part, ...allowed].map((name) => `./${name}`),
		message:
			allowed.length === 0 ? `lib/${part} imports nothing of ours.` : `lib/${part} imports only lib/${[part, ...allowed].join(', lib/')}.`,
	})),
];

export default [
	{
		ignores: [
			'dist/**',
			'coverage/**',
			'tools/**',
			'scripts/**',
			'test/**',
			'testing/**',
			'demo/**',
			'bench/**',
			'sandbox/**',
			'**/*.cjs',
			'*.js',
			'*.mjs',
		],
	},
	// A comment cannot switch a rule off.
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	...n8nRules,
	{
		files: ['lib/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts', 'dashboard/**/*.ts'],
		plugins: { 'import-x': importX.default ?? importX, ours: { rules: { 'no-circle': noCircle } } },
		rules: {
			'import-x/no-restricted-paths': ['error', { zones, basePath: import.meta.dirname ?? process.cwd() }],
			'ours/no-circle': 'error',
		},
	},
	// Fields of actions are written as n8n writes them.
	{ files: ['lib/rules/{actions,shipmentActions}/**/*.ts'], rules: n8nNodesBase.configs.nodes.rules },
	{ files: ['nodes/**/*.ts', 'credentials/**/*.ts'], rules: packages(databasePackages, n8nInternals) },
	{ files: ['lib/**/*.ts', 'dashboard/**/*.ts'], rules: packages(databasePackages, n8nPackages) },
	{ files: n8nFiles, rules: packages(databasePackages, n8nInternals) },
	{ files: ['lib/store/{database,migrations}/**/*.ts'], rules: packages(n8nPackages, decorators) },
	{
		files: ['lib/**/*.ts'],
		rules: {
			'no-restricted-syntax': ['error', { selector: 'Decorator', message: decorators.message }],
		},
	},
];
