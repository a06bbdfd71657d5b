/** The troubles: what goes wrong, what n8n shows then, and what is so once it is mended. */
import path from 'node:path';
import { NodeSqlite } from '../../../lib/store/database/nodeSqlite';
import { openOrderStore } from '../../../lib/store/connect';
import { fileTemplates } from '../n8n/setUp';
import type { Rest } from '../n8n/Rest';
import type { Part } from '../Part';
import { ownDatabase } from '../servers';
import { Gate } from './Gate';
import { failuresWorkflow, ordersWorkflow, Place } from './Place';
import { SmallDisk } from './SmallDisk';

export interface Trouble {
	/** While n8n runs. */
	first(): Promise<void>;
	/** n8n is down; it will start in this state. */
	whileDown?(): Promise<void> | void;
	/** n8n has started again. */
	afterStart?(since: Date): Promise<void>;
}

const IMPORT = fileTemplates('01');
const IMPORT_AND_RETRY = fileTemplates('01', '02');

/** Publishes a webhook, and calls it; what its execution says. */
async function asked(place: Place, pattern: RegExp): Promise<{ message: string; description: string } | null> {
	const since = new Date();
	await place.orders().catch(() => undefined);
	return await place.failure(pattern, since);
}

/** A database that is down, comes up, goes down, and is still down when n8n starts. */
export async function storeDown(part: Part, rest: Rest): Promise<Trouble> {
	const { host, port, name, user, password } = await ownDatabase(part);
	const gate = await Gate.before({ host, port });
	part.atEnd(async () => await gate.shut());
	const place = new Place(part, rest, 'store-down', {
		store: {
			database: 'postgres',
			host: '127.0.0.1',
			port: gate.port,
			databaseName: name,
			user,
			password,
			ssl: 'off',
			schema: 'public',
			tablePrefix: 'oms_',
		},
	});
	const [problem, remedy] = [/order store cannot be reached \(E\w+\)/, /Check that the database of the order store is running/];
	return {
		first: async () => {
			await place.makeCredentials();
			place.says("the credential's test", await place.tested('Order Store'), problem, remedy);
			place.says('publishing', await place.publish(IMPORT), problem, remedy);
			await gate.open();
			part.check('store-down: published once the database is up', (await place.publish([...IMPORT, ordersWorkflow(place.name)])) === null);
			place.export(3);
			await place.delivered('once the database is up');
			const since = new Date();
			await gate.shut();
			place.export(3);
			place.says('the failed execution of a trigger', await place.failure(problem, since), problem, remedy);
			place.says('the failed execution of a node', await asked(place, problem), problem, remedy);
		},
		afterStart: async (since) => {
			place.says('the trigger of an n8n that started before its database', await place.failure(problem, since), problem, remedy);
			await gate.open();
			await place.delivered('once the database is up, with nobody publishing anything');
			part.check('store-down: nodes work again', (await place.orders()).length === 6);
		},
	};
}

/** A store that a newer version of the package has used, as after going back to an older image. */
export async function newerVersion(part: Part, rest: Rest): Promise<Trouble> {
	const place = new Place(part, rest, 'newer-version');
	const file = String(place.store.file);
	const change = (sql: string): void => {
		const database = new NodeSqlite(file);
		database.prepare(sql).run();
		database.close();
	};
	const downgrade = (): void => change(`INSERT INTO oms_migrations (timestamp, name) VALUES (1999999999999, 'Future1999999999999')`);
	const update = (): void => change('DELETE FROM oms_migrations WHERE timestamp = 1999999999999');
	const [problem, remedy] = [/made by a newer version/, /Update the community node/];
	return {
		first: async () => {
			await (await openOrderStore({ kind: 'sqlite', file })).close();
			downgrade();
			await place.makeCredentials();
			place.export(3);
			place.says("the credential's test", await place.tested('Order Store'), problem, remedy);
			place.says('publishing', await place.publish(IMPORT), problem, remedy);
			update();
			part.check('newer-version: published after the update', (await place.publish([...IMPORT, ordersWorkflow(place.name)])) === null);
			await place.delivered('after the update');
		},
		whileDown: () => {
			downgrade();
			place.export(3);
		},
		afterStart: async (since) => {
			place.says('the failed execution of a trigger', await place.failure(problem, since), problem, remedy);
			place.says('the failed execution of a node', await asked(place, problem), problem, remedy);
			update();
			await place.delivered('after the update, with nobody publishing anything');
		},
	};
}

/** The disk with the order store is full. */
export function fullStoreDisk(part: Part, rest: Rest): Trouble | null {
	// Large enough that the write-ahead log of the store alone does not fill it: a log shrinks only when the file beside it may grow.
	const disk = SmallDisk.mount(part, 'full-store-disk', 24);
	if (disk === null) return null;
	const place = new Place(part, rest, 'full-store', { store: { database: 'sqlite', file: path.join(disk.folder, 'orders.sqlite') } });
	const [problem, remedy] = [/order store cannot be used: no space is left on its disk/, /Free space/];
	return {
		first: async () => {
			await place.makeCredentials();
			place.export(3);
			part.check('full-store: published', (await place.publish(IMPORT_AND_RETRY)) === null);
			await place.delivered('with space left');
			const since = new Date();
			disk.fill();
			// More than fits into the pages that the file has already.
			place.export(120);
			place.says('the failed execution of a trigger', await place.failure(problem, since), problem, remedy);
			disk.free();
		},
		// What was recorded before the disk was full, but not handed on, becomes due after five minutes.
		afterStart: async () => await place.delivered('with space again', 480),
	};
}

/** What the warehouse's folder does not let a node do is a reason of the order, and it is tried again. */
function lockedWarehouse(
	part: Part,
	rest: Rest,
	name: string,
	problem: RegExp,
	remedy: RegExp,
	shut: (disk: SmallDisk) => void,
	open: (disk: SmallDisk) => void,
): Trouble | null {
	const disk = SmallDisk.mount(part, `${name}-disk`, 1);
	if (disk === null) return null;
	const place = new Place(part, rest, name, { warehouse: path.join(disk.folder, 'warehouse') });
	return {
		first: async () => {
			await place.makeCredentials();
			shut(disk);
			place.export(3);
			part.check(`${name}: published`, (await place.publish([...IMPORT_AND_RETRY, ordersWorkflow(name)])) === null);
			let reason = '';
			const delayed = async (): Promise<boolean> => {
				const found = (await place.orders()).filter(({ status }) => status === 'delayed');
				reason = String(found[0]?.statusReason ?? '');
				return found.length === 3;
			};
			await part.until(`${name}: the orders are Delayed`, delayed, 130, 1000);
			place.says('the reason of a Delayed order', reason, problem, remedy);
			open(disk);
			await place.delivered('once that is mended', 300);
		},
	};
}

export const fullWarehouse = (part: Part, rest: Rest): Trouble | null =>
	lockedWarehouse(
		part,
		rest,
		'full-warehouse',
		/no space is left on the disk/,
		/Free space/,
		(disk) => disk.fill(),
		(disk) => disk.free(),
	);

export const protectedWarehouse = (part: Part, rest: Rest): Trouble | null =>
	lockedWarehouse(
		part,
		rest,
		'protected-warehouse',
		/may not do this|mounted read-only/,
		/permission|for writing/,
		(disk) => disk.protect(true),
		(disk) => disk.protect(false),
	);

/** The shop's folder can be read, but nothing can be moved in it: its orders are sent all the same, and that is told once. */
export function protectedShop(part: Part, rest: Rest): Trouble | null {
	const disk = SmallDisk.mount(part, 'protected-shop-disk', 1);
	if (disk === null) return null;
	const place = new Place(part, rest, 'protected-shop', { shop: path.join(disk.folder, 'shop') });
	return {
		first: async () => {
			await place.makeCredentials();
			part.check('protected-shop: published', (await place.publish([...IMPORT, failuresWorkflow(place.name)])) === null);
			place.export(3);
			disk.protect(true);
			await place.delivered('although nothing can be moved there');
			const told = await place.failures();
			place.says('the failure of the file', told[0] ?? null, /cannot be put away/, /move files there/);
			part.check('protected-shop: that is told once', told.length === 1, String(told.length));
			disk.protect(false);
			place.export(3);
			await place.delivered('once that is mended');
		},
	};
}

/** Somebody deletes a credential that published workflows use. */
export function deletedCredential(part: Part, rest: Rest): Trouble {
	const place = new Place(part, rest, 'deleted-credential');
	const [problem, remedy] = [/credential "(Shop folder|Order Store)" of the node ".+" cannot be used/, /Choose a credential in the node/];
	return {
		first: async () => {
			await place.makeCredentials();
			place.export(3);
			part.check('deleted-credential: published', (await place.publish([...IMPORT, ordersWorkflow(place.name)])) === null);
			await place.delivered('before');
			const since = new Date();
			for (const name of ['Shop folder', 'Order Store']) await place.deleteCredential(name);
			place.export(3);
			place.says('the failed execution of a trigger', await place.failure(problem, since), problem, remedy);
			place.says('the failed execution of a node', await asked(place, /credential/i), /credential/i, /./);
		},
		afterStart: async (since) => {
			place.says('the failed execution of a trigger after a restart', await place.failure(problem, since), problem, remedy);
			await place.makeCredentials();
			part.check(
				'deleted-credential: published with new credentials',
				(await place.publish([...IMPORT, ordersWorkflow(place.name)])) === null,
			);
			await place.delivered('with new credentials');
			part.check('deleted-credential: the order store is the same', (await place.orders()).length === 6);
		},
	};
}
