/** A database and a Redis of one's own, for n8n in queue mode; both are gone at the end. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Part } from './Part';
import { answers, freePort } from '../../testing/servers/ports';

export interface Database {
	host: string;
	port: number;
	user: string;
	password: string;
	name: string;
}

/** A new database on the server of TEST_POSTGRES_URL. */
export async function ownDatabase(part: Part): Promise<Database> {
	const url = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');
	const name = `order_fulfillment_e2e_${process.pid}_${Date.now().toString(36)}`;
	const query = async (sql: string): Promise<void> => {
		const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
		await client.connect().catch((error: unknown) => {
			throw new Error(
				`Part (c) needs a Postgres at ${url.host} (or TEST_POSTGRES_URL): ${error instanceof Error ? error.message : String(error)}`,
			);
		});
		try {
			await client.query(sql);
		} finally {
			await client.end();
		}
	};
	await query(`CREATE DATABASE "${name}"`);
	part.atEnd(async () => await query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
	return {
		host: url.hostname,
		port: Number(url.port || 5432),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
		name,
	};
}

export interface RedisTarget {
	host: string;
	port: number;
	/** Before every key. */
	prefix: string;
}

/** A Redis process of our own where the program is installed; else the server of TEST_REDIS_URL, under a prefix of our own. */
export async function ownRedis(part: Part): Promise<RedisTarget> {
	const prefix = `e2e-${process.pid}-${Date.now().toString(36)}`;
	const url = process.env.TEST_REDIS_URL;
	if (url !== undefined) {
		const { hostname, port } = new URL(url);
		return { host: hostname, port: Number(port || 6379), prefix };
	}
	if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) {
		throw new Error('Part (c) needs Redis: install redis-server, or name a running one in TEST_REDIS_URL.');
	}
	const port = await freePort();
	const folder = path.join(part.folder, 'redis');
	mkdirSync(folder, { recursive: true });
	const child = spawn(
		'redis-server',
		['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
		{ stdio: 'ignore' },
	);
	part.atEnd(() => void child.kill('SIGKILL'));
	for (let tries = 0; ; tries += 1) {
		if (await answers(port)) return { host: '127.0.0.1', port, prefix };
		if (tries > 50) throw new Error('redis-server did not start.');
		await pause(100);
	}
}

/** What all processes of one n8n in queue mode share. */
export const queueEnvironment = (database: Database, redis: RedisTarget): Record<string, string> => ({
	EXECUTIONS_MODE: 'queue',
	N8N_ENCRYPTION_KEY: `key-of-${redis.prefix}`,
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: database.host,
	DB_POSTGRESDB_PORT: String(database.port),
	DB_POSTGRESDB_DATABASE: database.name,
	DB_POSTGRESDB_USER: database.user,
	DB_POSTGRESDB_PASSWORD: database.password,
	QUEUE_BULL_REDIS_HOST: redis.host,
	QUEUE_BULL_REDIS_PORT: String(redis.port),
	QUEUE_BULL_PREFIX: redis.prefix,
	N8N_REDIS_KEY_PREFIX: redis.prefix,
});
