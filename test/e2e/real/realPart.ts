/**
 * (e) Real systems on both sides: what customers buy in a Vendure goes through a real n8n to a warehouse, and comes back as tracking; n8n, or in
 * queue mode one of its workers, is killed on the way. Counted in Vendure and at the warehouse, not in our store.
 */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ADDRESS, vendureUrl, VendureShop, type Bought } from '../../real/vendureShop';
import { trytonMissing } from '../../../testing/servers/tryton';
import type { PartBody } from '../main';
import type { Part } from '../Part';
import { People } from '../People';
import { Rest } from '../n8n/Rest';
import { createCredentials, withCredentials, type Credential } from '../n8n/setUp';
import { installInto } from '../n8n/tarball';
import { checkExecutions } from '../lifecycle';
import { ownDatabase, ownRedis, queueEnvironment } from '../servers';
import { peopleWorkflow } from '../workflows';
import { FolderWarehouse } from './FolderWarehouse';
import { TrytonWarehouse } from './TrytonWarehouse';
import type { HeldOrder, Warehouse } from './Warehouse';
import { COMPANY, realWorkflows, SHOP } from './workflows';

type Kind = 'plain' | 'in two parcels' | 'skipped' | 'held' | 'canceled';

/** Of ten orders. */
const KINDS: readonly Kind[] = [
	'skipped',
	'held',
	'canceled',
	'in two parcels',
	'in two parcels',
	'in two parcels',
	'plain',
	'plain',
	'plain',
	'plain',
];
const LINES = [
	{ sku: 'RED-MUG', quantity: 2 },
	{ sku: 'TEE-L', quantity: 3 },
];

interface Placed extends Bought {
	kind: Kind;
	/** Set once the store has it. */
	reference?: string;
}

/** n8n as it runs: all in one process, or a main process with two workers. */
interface Running {
	rest: Rest;
	store: Record<string, unknown>;
	/** Kills what works on orders, and starts it again. */
	killAndStart(): Promise<void>;
	stop(): Promise<void>;
}

export const realPart: PartBody = async (part, tarballs) => {
	if (vendureUrl() === null) return part.say('skipped: no real Vendure runs (npm run real -- npm run e2e)');
	await throughN8n(part, await inQueueMode(part, tarballs.own), await warehouseOf(part));
};

/** A real Tryton where it is installed; else folders. */
async function warehouseOf(part: Part): Promise<Warehouse> {
	const missing = trytonMissing();
	if (missing === null) {
		const tryton = await TrytonWarehouse.open(['DE']);
		part.atEnd(async () => await tryton.close());
		return tryton;
	}
	part.say(`no real Tryton (${missing}): the warehouse exchanges files`);
	return new FolderWarehouse(path.join(part.folder, 'warehouse'));
}

/** Five n8n start beside each other here: what takes a minute alone takes several. */
const PATIENCE_S = 1200;

async function throughN8n(part: Part, n8n: Running, warehouse: Warehouse): Promise<void> {
	const { rest } = n8n;
	const shop = await VendureShop.open();
	const vendure: Credential = {
		name: SHOP,
		type: 'vendureOrdersApi',
		data: {
			url: shop.url,
			authentication: 'password',
			username: 'superadmin',
			password: 'superadmin',
			apiKey: '',
			channelToken: shop.channel,
			customFields: '',
		},
	};
	const ids = await createCredentials(rest, [
		{ name: 'Order Store', type: 'orderStoreApi', data: n8n.store },
		vendure,
		warehouse.credential,
	]);
	for (const workflow of [peopleWorkflow(), ...realWorkflows(warehouse)])
		await rest.publish(await rest.createWorkflow(withCredentials(workflow, ids)));
	const people = new People(rest);

	const count = part.settings.all ? 100 : 30;
	const placed: Placed[] = [];
	for (let index = 0; index < count; index += 1) {
		const kind = KINDS[index % KINDS.length]!;
		const company = kind === 'skipped' ? COMPANY.skip : kind === 'held' ? COMPANY.hold : 'Engines';
		placed.push({ ...(await shop.place({ lines: LINES, address: { ...ADDRESS, company } })), kind });
	}
	const of = (...kinds: Kind[]): Placed[] => placed.filter(({ kind }) => kinds.includes(kind));
	part.say(`${count} orders are placed in Vendure: ${[...new Set(KINDS)].map((kind) => `${of(kind).length} ${kind}`).join(', ')}`);

	const wanted = of('plain', 'in two parcels', 'held', 'canceled');
	await part.until(
		'the warehouse got its first orders',
		async () => (await warehouse.orders()).length >= wanted.length / 3,
		PATIENCE_S,
		100,
	);
	await n8n.killAndStart();
	let arrived = 0;
	// What the killed process had begun is taken up when its lease of five minutes is over.
	await part.until(
		'the warehouse has every order that is to be sent',
		async () => (arrived = (await warehouse.orders()).length) >= wanted.length,
		PATIENCE_S,
		2000,
		() => `${arrived} of ${wanted.length}`,
	);
	await part.until(
		'the store knows every order',
		async () => {
			const known = new Map((await people.orders()).map(({ externalId, reference }) => [String(externalId), String(reference)]));
			for (const order of placed) {
				const reference = known.get(order.id) ?? known.get(order.code);
				if (reference !== undefined) order.reference = reference;
			}
			return placed.every(({ reference }) => reference !== undefined);
		},
		60,
		2000,
	);

	for (const { id } of of('canceled')) await shop.cancel(id);
	part.say(`${of('canceled').length} orders are canceled in Vendure`);
	const held = async (): Promise<Map<string, HeldOrder>> => new Map((await warehouse.orders()).map((order) => [order.reference, order]));
	await part.until(
		'they are canceled at the warehouse',
		async () => {
			const left = await held();
			return of('canceled').every(({ reference }) => !left.has(reference!));
		},
		PATIENCE_S,
		2000,
	);

	const expected = new Map<string, string[]>();
	const ship = async ({ id, reference }: Placed, parcel: number, pieces: Record<string, number>): Promise<void> => {
		const tracking = `1Z${reference!.replace(/\W/g, '')}P${parcel}`;
		expected.set(id, [...(expected.get(id) ?? []), tracking]);
		await warehouse.ship(reference!, pieces, tracking);
	};
	for (const order of of('plain', 'held')) await ship(order, 1, { 'RED-MUG': 2, 'TEE-L': 3 });
	for (const order of of('in two parcels')) await ship(order, 1, { 'RED-MUG': 2 });
	const told = async (): Promise<string[]> => (await Promise.all(placed.map(async ({ id }) => await shop.tracking(id)))).flat();
	await part.until('Vendure was told of some parcels', async () => (await told()).length >= 5, PATIENCE_S, 500);
	await n8n.killAndStart();
	for (const order of of('in two parcels')) await ship(order, 2, { 'TEE-L': 3 });
	const parcels = [...expected.values()].flat().length;
	let fulfillmentsOfShipment = 0;
	await part.until(
		'Vendure was told of every parcel',
		async () => (fulfillmentsOfShipment = (await told()).length) >= parcels,
		PATIENCE_S,
		3000,
		() => `${fulfillmentsOfShipment} of ${parcels}`,
	);
	await pause(65_000);

	await countIn(part, shop, warehouse, placed, expected);
	// n8n gives up the execution of a worker that went away.
	await checkExecutions(part, rest, /failed to be processed too many times/);
	await n8n.stop();
}

/** Both sides, in the end. */
async function countIn(
	part: Part,
	shop: VendureShop,
	warehouse: Warehouse,
	placed: readonly Placed[],
	expected: ReadonlyMap<string, string[]>,
): Promise<void> {
	const orders = await warehouse.orders();
	const sent = placed.filter(({ kind }) => kind !== 'skipped' && kind !== 'canceled');
	const references = orders.map(({ reference }) => reference);
	const twice = references.filter((reference, index) => references.indexOf(reference) !== index);
	const lost = sent.filter(({ reference }) => !references.includes(reference!));
	const wrong = orders.filter(({ pieces }) => pieces['RED-MUG'] !== 2 || pieces['TEE-L'] !== 3);
	part.check(
		`at the warehouse: ${orders.length} orders, sent twice ${twice.length}, lost ${lost.length}`,
		twice.length === 0 && lost.length === 0 && orders.length === sent.length && wrong.length === 0,
		[...twice, ...lost.map(({ code }) => code), ...wrong.map(({ reference }) => `${reference} is incomplete`)].join(', '),
	);
	const problems: string[] = [];
	for (const { id, code, kind, lines } of placed) {
		const { fulfillments, state } = await shop.order(id);
		const valid = (
			fulfillments as Array<{ state: string; trackingCode: string; lines: Array<{ orderLineId: string; quantity: number }> }>
		).filter((one) => one.state !== 'Cancelled');
		const tracking = valid.map(({ trackingCode }) => trackingCode).sort();
		if (tracking.join() !== (expected.get(id) ?? []).sort().join())
			problems.push(`${code} (${kind}) has the tracking ${tracking.join(', ') || 'none'}`);
		for (const line of lines) {
			const shipped = valid
				.flatMap((one) => one.lines)
				.filter(({ orderLineId }) => orderLineId === line.id)
				.reduce((sum, { quantity }) => sum + quantity, 0);
			if (shipped !== (expected.has(id) ? line.quantity : 0))
				problems.push(`${code} (${kind}): ${shipped} of ${line.quantity} × ${line.sku} are shipped`);
		}
		if (kind === 'canceled' && state !== 'Cancelled') problems.push(`${code} is ${state}`);
	}
	part.check(
		`in Vendure: ${placed.length} orders, ${[...expected.values()].flat().length} parcels, each told once and to the right lines`,
		problems.length === 0,
		problems.slice(0, 5).join('; '),
	);
}

/** @returns n8n with a main process and two workers; the workers are killed in turn */
async function inQueueMode(part: Part, tarball: string): Promise<Running> {
	const database = await ownDatabase(part);
	const env = queueEnvironment(database, await ownRedis(part));
	const names = ['worker-1', 'worker-2'];
	for (const name of ['main', ...names]) installInto(path.join(part.folder, name), tarball);
	const main = await part.start('main', { env });
	const rest = new Rest(main.url);
	await rest.signIn();
	const workers = new Map<string, Awaited<ReturnType<Part['start']>>>();
	for (const name of names) workers.set(name, await part.start(name, { env, command: 'worker' }));
	let kills = 0;
	return {
		rest,
		store: {
			database: 'postgres',
			host: database.host,
			port: database.port,
			databaseName: database.name,
			user: database.user,
			password: database.password,
			ssl: 'off',
			schema: 'public',
			tablePrefix: 'oms_',
		},
		async killAndStart() {
			const name = names[kills % names.length]!;
			kills += 1;
			await workers.get(name)!.kill();
			part.say(`${name} is killed and started again`);
			workers.set(name, await part.start(name, { env, command: 'worker' }));
		},
		async stop() {
			for (const instance of [...workers.values(), main]) await instance.stop();
		},
	};
}
