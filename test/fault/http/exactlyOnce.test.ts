/**
 * Orders over HTTP (a thousand with EXACTLY_ONCE=full), from two processes of ours that work on the same orders, to a warehouse that takes orders and fails to say so,
 * while our processes are killed in the middle of their requests: in the end the warehouse has each order exactly once.
 */
import { CLIENT, EXTENSIV_TOKEN, ExtensivPeer } from '../../../testing/servers/extensiv';
import { FAULTS, WIRE_FAULTS, type Fault, type Peer, type PeerRequest, type RareFault } from '../../../testing/servers/Peer';
import { CHANNEL, SHIPBOB_KEY, ShipBobPeer } from '../../../testing/servers/shipBob';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../../testing/servers/httpWarehouse';
import { SHIPSTATION_KEY, ShipStationPeer } from '../../../testing/servers/shipStation';
import { onEachDatabase, type DialectName } from '../../store/harness';
import { routedOrders } from './routedOrders';
import { Senders, statusesOf } from './senders';
import { SENDER, SHIPSTATION_TOGETHER, type Account, type WarehouseCode } from './warehouses';

jest.setTimeout(600_000);

/** A thousand orders of each trouble on each database take a quarter of an hour; every run has some of them. */
const FULL = process.env.EXACTLY_ONCE === 'full';
const ORDERS = FULL ? 1000 : 240;
const ORDERS_OF_ONE = FULL ? 1000 : 120;
/** A fault in every so many orders, or requests with so many. */
const FAULT_EVERY = 8;
/** A process is killed at every so many orders: now before the warehouse carries it out, now after it. */
const KILL_EVERY = 40;

interface Warehouse {
	peer: Peer;
	account: Omit<Account, 'url'>;
	/** Hands over an order, or several. */
	isOrder(request: PeerRequest): boolean;
	/** So many at the most. Default: 1. */
	together?: number;
	references(): string[];
}

/** Tryton, a real server that takes its time, has a run of its own. */
const PEERS: Record<Exclude<WarehouseCode, 'tryton'>, () => Promise<Warehouse>> = {
	shipBob: async () => {
		const shipBob = await ShipBobPeer.open();
		return {
			peer: shipBob.peer,
			account: { key: SHIPBOB_KEY, channel: CHANNEL },
			isOrder: ({ method, path: at }) => method === 'POST' && at.endsWith('/order'),
			references: () => shipBob.references(),
		};
	},
	genericHttp: async () => {
		const warehouse = await HttpWarehousePeer.open();
		return {
			peer: warehouse.peer,
			account: { key: WAREHOUSE_KEY, channel: '' },
			isOrder: ({ method, path: at }) => method === 'POST' && at === '/api/orders',
			references: () => warehouse.references(),
		};
	},
	extensiv: async () => {
		const extensiv = await ExtensivPeer.open();
		return {
			peer: extensiv.peer,
			account: { key: EXTENSIV_TOKEN, channel: CLIENT.customerId },
			isOrder: ({ method, path: at }) => method === 'POST' && at === '/orders',
			references: () => extensiv.references(),
		};
	},
	shipStation: async () => {
		const shipStation = await ShipStationPeer.open();
		return {
			peer: shipStation.peer,
			account: { key: SHIPSTATION_KEY, channel: '1' },
			isOrder: ({ method, path: at }) => method === 'POST' && at === '/v2/shipments',
			together: SHIPSTATION_TOGETHER,
			references: () => shipStation.references(),
		};
	},
};

const stops: Array<() => void> = [];
afterEach(() => {
	for (const stop of stops.splice(0)) stop();
});

const TROUBLE: Record<string, ReadonlyArray<Fault | RareFault>> = {
	'takes the order and drops the connection': ['reset-after'],
	'takes the order and answers 500': ['500-after'],
	'answers late': ['late'],
	'carries a request out twice': ['twice'],
	'does all of it, and every other fault': ['late', 'twice', ...FAULTS, ...WIRE_FAULTS.filter((fault) => fault !== 'retry-after')],
};

/** What a warehouse that takes everything does twice by itself, nobody can prevent. */
const RUNS: ReadonlyArray<readonly [name: string, code: keyof typeof PEERS]> = [
	...Object.keys(TROUBLE).map((name) => [name, 'shipBob'] as const),
	...Object.keys(TROUBLE)
		.filter((name) => TROUBLE[name]!.join() !== 'twice')
		.map((name) => [name, 'genericHttp'] as const),
	...Object.keys(TROUBLE)
		.filter((name) => FULL || TROUBLE[name]!.length > 1)
		.flatMap((name) => [[name, 'extensiv'] as const, [name, 'shipStation'] as const]),
];
const isTried = (name: string, code: WarehouseCode, dialect: DialectName): boolean =>
	FULL || dialect === 'sqlite' || (TROUBLE[name]!.length > 1 && (code === 'shipBob' || code === 'genericHttp'));

onEachDatabase('exactly once over HTTP', (open, dialect) => {
	it.each(RUNS.filter(([name, code]) => isTried(name, code, dialect)))('a warehouse that %s: %s', async (name, code) => {
		const faults = TROUBLE[name]!.filter((fault) => code !== 'genericHttp' || fault !== 'twice');
		const count = faults.length > 1 ? ORDERS : ORDERS_OF_ONE;
		const { orderStore, config } = await open();
		const references = await routedOrders(orderStore, count);
		const warehouse = await PEERS[code]();
		const senders = new Senders({ config, warehouse: code, account: { url: warehouse.peer.url, ...warehouse.account } });
		stops.push(() => senders.stop());
		const { together = 1 } = warehouse;
		const [faultEvery, killEvery] = [Math.ceil(FAULT_EVERY / together), Math.ceil(KILL_EVERY / together)];
		let requests = 0;
		let failed = 0;
		warehouse.peer.faultAt = (_, request) => {
			const sender = request.headers[SENDER] ?? '';
			if (!warehouse.isOrder(request)) return null;
			requests += 1;
			if (requests % killEvery === 0) {
				if ((requests / killEvery) % 2 === 0) setImmediate(() => senders.kill(sender));
				else senders.kill(sender);
			}
			return requests % faultEvery === 0 ? faults[(failed += 1) % faults.length]! : null;
		};
		senders.start();
		senders.start();
		await senders.end();

		const { references: arrived } = warehouse;
		expect(arrived().sort()).toEqual(references.sort());
		expect(Object.fromEntries(await statusesOf(orderStore))).toEqual({ open: count });
		expect(failed).toBeGreaterThanOrEqual(count / together / faultEvery - 1);
		expect(senders.killed).toBeGreaterThanOrEqual(Math.floor(count / together / killEvery) - 2);
		process.stdout.write(
			`${dialect}, ${code}, ${name}: ${requests} requests for ${count} orders, ${failed} faults, ${senders.killed} kills\n`,
		);
	});
});
