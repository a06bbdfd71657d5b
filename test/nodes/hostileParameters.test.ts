/**
 * Every parameter of every node that has the order store gets what a stranger could send into a workflow, by an expression where the parameter takes one and else as
 * it would stand in a workflow file; and a log of all statements shows that nothing of it became SQL. Parameters come from the nodes' own descriptions, so a new
 * one is driven too.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ICredentialDataDecryptedObject, INode, INodeProperties, INodeTypeDescription, NodeParameterValueType } from 'n8n-workflow';
import pg from 'pg';
import { orderFromJson } from '../../lib/carts/file/json';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { getOrderStore } from '../../lib/store/connect';
import { NodeSqlite } from '../../lib/store/database/nodeSqlite';
import { checksParameters } from '../../nodes/shared/checkParameters';
import { node, workflow } from '../../testing/engine/buildWorkflow';
import { createEngine, type Engine } from '../../testing/engine/Engine';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { onEachDatabase } from '../store/harness';

/** Stands in every hostile text, and in nothing else. */
const MARK = 'xh0stile';
const SECRET = 'the-secret-of-n8n';

const HOSTILE: readonly unknown[] = [
	`${MARK}' OR "1"='1'; DROP TABLE oms_order; /* \u0000 */ $1 -- `,
	`asc, CAST((SELECT data FROM credentials_entity LIMIT 1) AS integer), (SELECT pg_sleep(60)::text), (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n) -- ${MARK}`,
	`__proto__.${MARK}`,
	{ text: `1 = 1 -- ${MARK}` },
	[`${MARK}'`],
	JSON.parse(`{ "__proto__": { "text": "${MARK}" }, "constructor": "${MARK}", "length": 1 }`),
	-1e99,
];

const classes = loadSourceClasses();
const descriptions = classes.nodeTypes.map((Class): INodeTypeDescription => {
	const { description } = new Class();
	if (!('properties' in description)) throw new Error('A node has versions');
	return description;
});
const withStore = descriptions.filter(({ credentials = [] }) => credentials.some(({ name }) => name === 'orderStoreApi'));

interface Case {
	/** "orderStore: filters.sortDirection (resource order, operation getAll)" */
	name: string;
	type: INodeTypeDescription;
	takesExpressions: boolean;
	parameters(value: NodeParameterValueType): INode['parameters'];
}

/** Every parameter with those that it depends on, however deep. */
function casesOf(type: INodeTypeDescription): Case[] {
	const walk = (
		properties: readonly INodeProperties[],
		where: string[],
		shown: INode['parameters'],
		nest: (inner: INode['parameters'], root: INode['parameters']) => INode['parameters'],
	): Case[] =>
		properties.flatMap((property) => {
			if (property.type === 'notice') return [];
			const [beside, root] = [{ ...shown }, {} as INode['parameters']];
			for (const [key, values] of Object.entries(property.displayOptions?.show ?? {})) {
				const value = values?.[0] as NodeParameterValueType;
				if (key.startsWith('/')) root[key.slice(1)] = value;
				else if (!key.startsWith('@')) beside[key] = value;
			}
			const at = [...where, property.name];
			const own: Case = {
				name: `${type.name}: ${at.join('.')} ${JSON.stringify({ ...beside, ...root })}`,
				type,
				takesExpressions: property.noDataExpression !== true,
				parameters: (value) => nest({ ...beside, [property.name]: value }, root),
			};
			if (property.type === 'collection') {
				return [
					own,
					...walk((property.options ?? []) as INodeProperties[], at, {}, (inner, above) =>
						nest({ ...beside, [property.name]: inner }, { ...root, ...above }),
					),
				];
			}
			if (property.type !== 'fixedCollection') return [own];
			const groups = (property.options ?? []).flatMap((option) => ('values' in option ? [option] : []));
			return [
				own,
				...groups.flatMap((group) => {
					const wrap = (inner: INode['parameters']) => ({ [group.name]: property.typeOptions?.multipleValues ? [inner] : inner });
					return walk(group.values, [...at, group.name], {}, (inner, above) =>
						nest({ ...beside, [property.name]: wrap(inner) }, { ...root, ...above }),
					);
				}),
			];
		});
	return walk(type.properties, [], {}, (inner, root) => ({ ...inner, ...root }));
}

const cases = withStore.flatMap(casesOf);

let partner: Server;
let folder: string;
let restriction: string | undefined;
beforeAll(async () => {
	// A partner that refuses everybody: nothing is read from it, and nothing is tried again.
	partner = createServer((_, response) => response.writeHead(401, { 'content-type': 'application/json' }).end('{}')).listen(0, '127.0.0.1');
	await new Promise((resolve) => partner.once('listening', resolve));
	folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
	mkdirSync(path.join(folder, 'orders'));
	restriction = process.env.N8N_RESTRICT_FILE_ACCESS_TO;
	process.env.N8N_RESTRICT_FILE_ACCESS_TO = folder;
});
afterAll(() => {
	partner.close();
	rmSync(folder, { recursive: true, force: true });
	if (restriction === undefined) delete process.env.N8N_RESTRICT_FILE_ACCESS_TO;
	else process.env.N8N_RESTRICT_FILE_ACCESS_TO = restriction;
});

/** A credential with something in each of its fields. */
function filled(Class: (typeof classes.credentialTypes)[number]) {
	const credential = new Class();
	const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
	const data: ICredentialDataDecryptedObject = {};
	for (const { name, type, default: given } of credential.properties)
		data[name] = /url|^shop$/i.test(name) ? url : type === 'string' && given === '' ? 'x' : (given as string);
	return { type: credential.name, name: 'x', data: credential.name === 'fileExchangeApi' ? { folder } : data };
}

/** All statements of both drivers from now on, and their parameters. */
function statementLog(): { texts: string[]; values: string[] } {
	const log = { texts: [] as string[], values: [] as string[] };
	const { prepare } = NodeSqlite.prototype;
	jest.spyOn(NodeSqlite.prototype, 'prepare').mockImplementation(function (this: NodeSqlite, text) {
		log.texts.push(text);
		const statement = prepare.call(this, text);
		for (const method of ['all', 'run'] as const) {
			const original = statement[method].bind(statement) as (...values: unknown[]) => never;
			statement[method] = (...values: unknown[]) => {
				log.values.push(...values.map(String));
				return original(...values);
			};
		}
		for (const method of ['allRows', 'runRow'] as const) {
			const original = statement[method].bind(statement) as (values: unknown[]) => never;
			statement[method] = (values: unknown[]) => {
				log.values.push(...values.map(String));
				return original(values);
			};
		}
		return statement;
	});
	const query = pg.Client.prototype.query as unknown as (...given: unknown[]) => unknown;
	jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
		const [first, values] = given;
		log.texts.push(typeof first === 'string' ? first : String((first as { text?: string }).text));
		log.values.push(...(Array.isArray(values) ? values : []).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))));
		return query.apply(this, given);
	} as never);
	return log;
}

onEachDatabase('hostile parameters', (open, dialect) => {
	// Statements are made by the same code for both databases; Postgres needs four times as long for a run.
	const hostiles = dialect === 'sqlite' ? HOSTILE : [HOSTILE[1], HOSTILE[3]];
	let config: StoreConfig;
	let orderStore: OrderStore;
	let engine: Engine;
	let log: ReturnType<typeof statementLog>;
	beforeEach(async () => {
		const opened = await open();
		config = opened.config;
		await opened.raw(`CREATE TABLE IF NOT EXISTS ${config.kind === 'postgres' ? `"${config.schema}".` : ''}credentials_entity (data text)`);
		await opened.raw(`INSERT INTO ${config.kind === 'postgres' ? `"${config.schema}".` : ''}credentials_entity VALUES ('${SECRET}')`);
		if (config.kind === 'sqlite') process.env.N8N_RESTRICT_FILE_ACCESS_TO = `${folder};${path.dirname(config.file)}`;
		log = statementLog();
		orderStore = await getOrderStore(config);
		const data: ICredentialDataDecryptedObject =
			config.kind === 'sqlite'
				? { database: 'sqlite', file: config.file }
				: {
						database: 'postgres',
						host: config.host,
						port: config.port,
						databaseName: config.database,
						user: config.user,
						password: config.password,
						ssl: 'off',
						schema: config.schema!,
						tablePrefix: 'oms_',
					};
		engine = await createEngine({
			...classes,
			credentials: [
				...classes.credentialTypes.map(filled).filter(({ type }) => type !== 'orderStoreApi'),
				{ type: 'orderStoreApi', name: 'x', data },
			],
		});
	});
	afterEach(async () => {
		await orderStore.close();
		await engine.close();
		jest.restoreAllMocks();
	});

	/** An order for each run, since what one does to it the next one may be refused. */
	async function freshOrders(count: number): Promise<string[]> {
		const orders = Array.from({ length: count }, (_, index) =>
			orderFromJson({ orderNumber: `N${index}`, lines: [{ sku: 'RED-MUG', quantity: 2 }] }, 'test'),
		);
		const results = await orderStore.importPage({
			source: 'test',
			cursorFrom: null,
			cursorTo: null,
			store: 'acme',
			cart: 'test',
			failures: [],
			abandonAfterDays: 45,
			onChange: 'replace',
			actor: { kind: 'node', name: 'test' },
			orders,
		});
		return results.map(({ orderId }) => orderId!);
	}

	/** What the node gave or said, as text. */
	async function drive({ type, takesExpressions, parameters }: Case, hostile: unknown, id: string): Promise<string> {
		const credentials = Object.fromEntries((type.credentials ?? []).map(({ name }) => [name, { id: null, name: 'x' }]));
		const own = (value: unknown) => node('Node', type.name, parameters(value as NodeParameterValueType), { credentials });
		if (type.polling) {
			const value = takesExpressions ? `={{ JSON.parse(${JSON.stringify(JSON.stringify(hostile))}) }}` : hostile;
			const json = workflow('Hostile', [own(value)]);
			engine.unpublish(json);
			return await engine.poll(json, 'Node').then(
				(items) => JSON.stringify(items),
				(error: Error) => error.message,
			);
		}
		const json = workflow(
			'Hostile',
			[node('Start', 'n8n-nodes-base.manualTrigger'), own(takesExpressions ? '={{ $json.hostile }}' : hostile)],
			'Start -> Node',
		);
		const execution = await engine.runWorkflow(json, { items: [{ json: { id, hostile } as never }] });
		return JSON.stringify([execution.runs('Node').map(({ outputs }) => outputs), execution.error?.message, execution.error?.description]);
	}

	it.each(withStore.map(({ name }) => name))('never become SQL in %s', async (name) => {
		const before = log.values.length;
		const own = cases.filter(({ type }) => type.name === name);
		const ids = await freshOrders(own.length * hostiles.length);
		for (const one of own) {
			for (const hostile of hostiles) {
				const answer = await drive(one, hostile, ids.pop()!);
				const told = {
					case: one.name,
					hostile,
					leaked: answer.includes(SECRET),
					statement: log.texts.find((text) => /xh0stile|credentials_entity|pg_sleep|RECURSIVE|__proto__/i.test(text)),
				};
				expect(told).toEqual({ case: one.name, hostile, leaked: false, statement: undefined });
			}
		}
		// The node did get to the store.
		expect(log.values.length).toBeGreaterThan(before);
	});

	const search = async (parameters: INode['parameters'], item: object = {}) => {
		const json = workflow(
			'Search',
			[
				node('Start', 'n8n-nodes-base.manualTrigger'),
				node(
					'Node',
					'orderStore',
					{ resource: 'order', operation: 'getAll', ...parameters },
					{ credentials: { orderStoreApi: { id: null, name: 'x' } } },
				),
			],
			'Start -> Node',
		);
		const execution = await engine.runWorkflow(json, { items: [{ json: item as never }] });
		return { error: execution.error, numbers: execution.runs('Node')[0]?.outputs[0]?.map(({ json: { orderNumber } }) => orderNumber) };
	};

	it.each<[string, INode['parameters'], string, string]>([
		[
			'a choice that there is not',
			{ filters: { sortDirection: '={{ "sideways" }}' } },
			'Sort Direction: "sideways" is none of the choices.',
			'Choose one of: desc, asc.',
		],
		[
			'one of several',
			{ filters: { statuses: '={{ ["open", "lost"] }}' } },
			'Statuses: "lost" is none of the choices.',
			'Choose one of: new, routed,',
		],
		['a number that is none', { limit: '={{ "1; DROP" }}' }, 'Limit: "1; DROP" is not allowed here.', 'Give a whole number of at least 1.'],
		['a number out of range', { limit: 0 }, 'Limit: 0 is not allowed here.', 'Give a whole number of at least 1.'],
		['a yes that is none', { returnAll: '={{ "perhaps" }}' }, 'Return All: "perhaps" is neither yes nor no.', 'Give true or false.'],
		[
			'a list where text is due, which was no filter at all before',
			{ filters: { stores: '={{ ["acme"] }}' } },
			'Stores: ["acme"] is no text.',
			'join the values of a list with commas',
		],
	])('name parameter, value and choices: %s', async (_, parameters, message, description) => {
		await freshOrders(1);
		expect((await search(parameters)).error).toMatchObject({ message, description: expect.stringContaining(description), itemIndex: 0 });
	});

	it('leave what an expression may well give: text for a number or a yes, and nothing', async () => {
		await freshOrders(3);
		const filters = {
			sortBy: 'orderNumber',
			sortDirection: '={{ $json.direction }}',
			stores: '={{ $json.stores }}',
			statuses: '={{ $json.statuses }}',
		};
		expect(
			await search({ returnAll: '={{ "false" }}', limit: '={{ "2" }}', filters }, { direction: 'asc', stores: 'acme', statuses: 'new' }),
		).toEqual({ error: undefined, numbers: ['N0', 'N1'] });
		expect((await search({ returnAll: '={{ "TRUE" }}', filters })).numbers).toEqual(['N2', 'N1', 'N0']);
	});

	if (dialect === 'postgres') {
		it('never become SQL in the credential of the order store', async () => {
			for (const field of ['schema', 'tablePrefix'] as const) {
				for (const hostile of HOSTILE)
					await expect(getOrderStore({ ...config, [field]: String(hostile) } as StoreConfig)).rejects.toMatchObject({
						code: 'store_configuration',
					});
			}
			expect(log.texts.filter((text) => text.includes(MARK))).toEqual([]);
		});
	}
});

it('are compared with their descriptions by every node', () => {
	expect(classes.nodeTypes.filter((Class) => !checksParameters(Class as never)).map(({ name }) => name)).toEqual([]);
});

it('are tried on every node with the order store, and name parameter, value and choices', () => {
	expect(withStore.map(({ name }) => name)).toEqual(descriptions.map(({ name }) => name));
	expect(cases.length).toBeGreaterThan(300);
	expect(cases.some(({ name }) => name.startsWith('orderStore: filters.sortDirection'))).toBe(true);
});
