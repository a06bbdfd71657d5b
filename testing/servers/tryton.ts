/**
 * A real Tryton server with stock, packages and tracking, on a copy of a template database that `trytonTemplate.ts` makes once. It needs Debian's packages
 * tryton-server, tryton-modules-stock, tryton-modules-stock-package-shipping and python3-psycopg2. On Postgres, since Tryton's SQLite knows no unique codes.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { JsonValue } from '../../lib/order/order';
import { answers, freePort } from './ports';
import { leftOut } from '../../test/scope/leftOut';

export const TEMPLATE = 'tryton_template';
const POSTGRES_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** @param database '' = the server alone, as Tryton is configured with it */
export function databaseUrl(database: string): string {
	const url = new URL(POSTGRES_URL);
	url.protocol = database === '' ? 'postgresql:' : url.protocol;
	url.pathname = `/${database}`;
	return url.href;
}

export const TRYTON_USER = 'n8n';
export const TRYTON_PASSWORD = 'kw7-Qz9pLm2x';

/** Why there is no server; null = there is. Throws in CI. */
export function trytonMissing(): string | null {
	const missing = existsSync('/usr/bin/trytond')
		? templateIsThere()
			? null
			: 'its template database is missing: npm run tryton:template'
		: 'tryton-server is not installed';
	if (missing !== null) leftOut('the tests with Tryton', missing);
	return missing;
}

/** Suites are declared before anything can be awaited, so a child process looks. */
function templateIsThere(): boolean {
	const look = `const pg = require('pg'); const c = new pg.Client({ connectionString: process.argv[1], connectionTimeoutMillis: 3000 });
		c.connect().then(() => c.query('SELECT 1 FROM pg_database WHERE datname = $1', [process.argv[2]])).then((r) => process.exit(r.rowCount === 1 ? 0 : 1), () => process.exit(1));`;
	return spawnSync(process.execPath, ['-e', look, databaseUrl('postgres'), TEMPLATE], { stdio: 'ignore' }).status === 0;
}

let count = 0;

export class Tryton {
	private child: ChildProcess | null = null;
	private readonly directory = mkdtempSync(path.join(os.tmpdir(), 'tryton-'));
	private key = '';
	/** That people work in; null before there is one. */
	company: number | null = 1;

	private constructor(
		readonly database: string,
		readonly port: number,
	) {}

	/** A copy of the template with a server. */
	static async open(): Promise<Tryton> {
		const database = `tryton_${Date.now().toString(36)}_${process.pid}_${(count += 1)}`;
		// Nobody is connected to the template: it is only ever copied.
		await onServer(async (client) => await client.query(`CREATE DATABASE "${database}" TEMPLATE "${TEMPLATE}"`));
		return await Tryton.serve(database);
	}

	/** A server on a database that is there. */
	static async serve(database: string): Promise<Tryton> {
		const tryton = new Tryton(database, await freePort());
		await tryton.start();
		return tryton;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	async start(): Promise<void> {
		const config = path.join(this.directory, 'trytond.conf');
		writeFileSync(config, `[database]\nuri = ${databaseUrl('')}\n[web]\nlisten = 127.0.0.1:${this.port}\n`);
		const log = openSync(path.join(this.directory, 'log'), 'a');
		this.child = spawn('/usr/bin/trytond', ['-c', config, '-d', this.database], { stdio: ['ignore', log, log] });
		closeSync(log);
		for (const end = Date.now() + 180_000; !(await answers(this.port));) {
			if (this.child.exitCode !== null || Date.now() > end) throw new Error(`Tryton does not answer at port ${this.port}: ${this.log()}`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	/** What the server said last. */
	log(): string {
		return readFileSync(path.join(this.directory, 'log'), 'utf8').slice(-3_000);
	}

	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		const { child } = this;
		this.child = null;
		if (child === null || child.exitCode !== null) return;
		const ended = new Promise((resolve) => child.once('exit', resolve));
		const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
		child.kill(signal);
		await ended;
		clearTimeout(late);
	}

	/** @param keep the database stays */
	async close({ keep = false } = {}): Promise<void> {
		await this.stop();
		rmSync(this.directory, { recursive: true, force: true });
		if (!keep) await onServer(async (client) => await client.query(`DROP DATABASE IF EXISTS "${this.database}" WITH (FORCE)`));
	}

	async sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
		return await onServer(async (client) => (await client.query<Row>(text, parameters)).rows, this.database);
	}

	/** No shipment, no party of an order. */
	async reset(): Promise<void> {
		await this.sql(
			"DELETE FROM stock_package; DELETE FROM stock_move WHERE shipment IS NOT NULL; DELETE FROM stock_shipment_out; DELETE FROM party_party WHERE code LIKE 'order:%'",
		);
	}

	/** Live shipments of orders, by the reference in the code of the party; one entry for each shipment. */
	async references(): Promise<string[]> {
		const rows = await this.sql<{ code: string }>(
			`SELECT code FROM stock_shipment_out s JOIN party_party p ON p.id = s.customer WHERE s.state <> 'cancelled' ORDER BY s.id`,
		);
		return rows.map(({ code }) => code.replace(/^order:/, ''));
	}

	/** As people at the warehouse do it, with all rights. Confirms what Tryton warns of. */
	async rpc(method: string, ...parameters: JsonValue[]): Promise<JsonValue> {
		if (this.key === '') {
			const [id, key] = (await this.post('common.db.login', ['admin', { password: 'admin-secret' }])) as [number, string];
			this.key = Buffer.from(`admin:${id}:${key}`).toString('base64');
		}
		for (;;) {
			try {
				return await this.post(`model.${method}`, [...parameters, this.company === null ? {} : { company: this.company }]);
			} catch (error) {
				if (!(error instanceof RpcError) || error.answer[0] !== 'UserWarning') throw error;
				await this.post('model.res.user.warning.create', [[{ user: 1, name: (error.answer[1] as string[])[0] ?? '', always: false }], {}]);
			}
		}
	}

	private async post(method: string, params: JsonValue[]): Promise<JsonValue> {
		const headers = { 'content-type': 'application/json', ...(this.key === '' ? {} : { authorization: `Session ${this.key}` }) };
		const response = await fetch(`${this.url}/${this.database}/`, {
			method: 'POST',
			headers,
			body: JSON.stringify({ id: 1, method, params }),
			signal: AbortSignal.timeout(30_000),
		});
		if (!response.ok) throw new Error(`${method}: ${response.status}`);
		const { result, error } = (await response.json()) as { result?: JsonValue; error?: unknown[] };
		if (error !== undefined) throw new RpcError(method, error);
		return result ?? null;
	}
}

class RpcError extends Error {
	constructor(
		method: string,
		readonly answer: unknown[],
	) {
		super(`${method}: ${JSON.stringify(answer)}`);
	}
}

/** Runs on the Postgres server, in its own database unless another one is named. */
export async function onServer<T>(run: (client: pg.Client) => Promise<T>, database = 'postgres'): Promise<T> {
	const client = new pg.Client({ connectionString: databaseUrl(database) });
	await client.connect();
	try {
		return await run(client);
	} finally {
		await client.end();
	}
}
