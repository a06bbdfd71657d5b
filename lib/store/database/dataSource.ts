/** Opens TypeORM on one of the two databases. */
import { chmod, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { asError } from '../../order/errors';
import { checkConfig, schemaOf, tablePrefixOf, type PostgresConfig, type SqliteConfig, type StoreConfig } from './config';
import { EmbeddedFile } from './embedded';
import { entitySchemas } from './schemas';
import { migrationsTableOf } from './migrate';
import { migrationsFor } from '../migrations';
import { NodeSqlite } from './nodeSqlite';
import { makeBounded } from './postgresRunner';
import { refuseForeign, refuseForeignFile } from './storeFile';
import { makeSafe, whenFree } from './writeGate';

/** Connections to Postgres for each process; n8n has its own pool beside it. */
const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 10_000;

interface Opened {
	dataSource: DataSource;
	/** Of an embedded store. */
	file: EmbeddedFile | null;
}

/** Connects; does not touch tables. Nothing of it may run when the module is loaded: n8n loads every node at start. */
export async function openDataSource(config: StoreConfig): Promise<Opened> {
	checkConfig(config);
	const prefix = tablePrefixOf(config);
	const common = {
		entities: Object.values(entitySchemas(config)),
		migrations: migrationsFor({ kind: config.kind, prefix, schema: schemaOf(config) }),
		synchronize: false,
		migrationsRun: false,
		logging: false as const,
		// TypeORM's default, "migrations", is n8n's own table.
		migrationsTableName: migrationsTableOf(config),
		metadataTableName: `${prefix}typeorm_metadata`,
	};
	if (config.kind === 'postgres') {
		const dataSource = await postgres(config, common).initialize();
		makeBounded(dataSource, POOL_SIZE);
		return { dataSource, file: null };
	}
	const dataSource = await sqlite(config, common);
	const file = new EmbeddedFile(config.file);
	await dataSource.initialize();
	makeSafe(dataSource, file);
	// Whatever came to its path while it was opened is not what was opened.
	file.check();
	return { dataSource, file };
}

type Common = Pick<DataSource['options'], 'entities' | 'migrations' | 'synchronize' | 'migrationsRun' | 'logging'>;

async function sqlite(config: SqliteConfig, common: Common): Promise<DataSource> {
	const folder = path.dirname(config.file);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await whenFree(() => refuseForeignFile(config.file));
	await makePrivate(config.file);
	return new DataSource({
		...common,
		type: 'better-sqlite3',
		driver: NodeSqlite,
		database: config.file,
		timeout: 10,
		prepareDatabase: async (database: NodeSqlite) => {
			try {
				await whenFree(() => refuseForeign(database));
			} catch (error) {
				database.close();
				throw asError(error);
			}
			const mode = walIsSafe() ? 'WAL' : 'DELETE';
			await whenFree(() => {
				if (database.pragma('journal_mode', { simple: true }) !== mode.toLowerCase()) database.pragma(`journal_mode = ${mode}`);
			});
			// An order that was reported as imported must survive a power cut.
			database.pragma('synchronous = FULL');
			database.pragma('cache_size = -16000');
		},
	});
}

/**
 * Made here, so that SQLite gives its companion files the same mode: orders hold addresses. One that is there is not opened: to close it again would end the locks that
 * SQLite has on it in this process.
 */
async function makePrivate(file: string): Promise<void> {
	try {
		await (await open(file, 'wx', 0o600)).close();
	} catch (error) {
		const there = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
		if (!there) throw asError(error);
		await chmod(file, 0o600);
	}
}

/** Versions before 3.51.3 can corrupt the file when several processes reset the write-ahead log. */
function walIsSafe(): boolean {
	const [major = 0, minor = 0, patch = 0] = (process.versions.sqlite ?? '').split('.').map(Number);
	return major * 1_000_000 + minor * 1_000 + patch >= 3_051_003;
}

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** As Postgres writes a time of a session in UTC, which most servers' are: "2026-11-23 20:00:00.12+00". */
const IN_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00$/;

/** @example isoOf('2026-11-23 20:00:00.12+00', parse) // "2026-11-23T20:00:00.120Z". A Date of each took a quarter of what this process does to read a page of orders. */
function isoOf(time: string, parse: (value: string) => unknown): string {
	if (!IN_UTC.test(time)) return (parse(time) as Date).toISOString();
	return `${time.slice(0, 10)}T${time.slice(11, 19)}.${time.slice(20, -3).padEnd(3, '0')}Z`;
}

/** Times as ISO text and counts as numbers, as SQLite gives them. Local to our connections: n8n may use pg too. */
const types = {
	getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) => {
		const parse = pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
		if (oid === TIMESTAMPTZ) return (value) => isoOf(value, parse);
		return oid === INT8 ? Number : parse;
	},
};

function postgres(config: PostgresConfig, common: Common): DataSource {
	const schema = schemaOf(config);
	return new DataSource({
		...common,
		type: 'postgres',
		driver: pg,
		host: config.host,
		port: config.port,
		database: config.database,
		username: config.user,
		password: config.password,
		ssl: config.ssl === 'no-verify' ? { rejectUnauthorized: false } : config.ssl,
		...(schema === undefined ? {} : { schema }),
		poolSize: POOL_SIZE,
		installExtensions: false,
		applicationName: 'n8n-nodes-order-fulfillment',
		connectTimeoutMS: CONNECT_TIMEOUT_MS,
		// A connection that breaks while idle is replaced; the caller whose query fails is told.
		poolErrorHandler: () => undefined,
		extra: { types, allowExitOnIdle: true, keepAlive: true },
	});
}
