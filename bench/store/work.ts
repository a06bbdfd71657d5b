/** The same work twice, in turns: by our store, and by the driver alone with the same rows, statements and transactions. */
import { createHash } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { actor, order, page } from './orders';
import { insertRows, type Driver, type Pair, type Row } from './targets';

const BATCH = 250;
/** Work done by one side before it is the other one's turn; short, so that other load hits both alike. */
const TURN = 5_000;

export interface Measured {
	ours: number;
	raw: number;
	count: number;
}

async function timed(into: Measured, side: 'ours' | 'raw', work: () => Promise<void>): Promise<void> {
	const start = performance.now();
	await work();
	into[side] += performance.now() - start;
}

const fresh = (count: number): Measured => ({ ours: 0, raw: 0, count });

/**
 * For short work that is done many times: each turn's time is kept and the median counts, since one sync that had to wait for
 * another program's would outweigh a hundred that had not.
 */
class Turns {
	private readonly times = { ours: [] as number[], raw: [] as number[] };

	async time(side: 'ours' | 'raw', work: () => Promise<void>): Promise<void> {
		const turn = fresh(1);
		await timed(turn, side, work);
		this.times[side].push(turn[side]);
	}

	/** @param warmUp turns that do not count: code that is not compiled yet @param each pieces of work in a turn */
	measured(warmUp: number, each: number): Measured {
		const median = (times: readonly number[]) => times.slice(warmUp).sort((a, b) => a - b)[Math.floor((times.length - warmUp) / 2)]!;
		return { ours: median(this.times.ours), raw: median(this.times.raw), count: each };
	}
}

async function inTransaction(driver: Driver, work: () => Promise<void>): Promise<void> {
	await driver.query(driver.dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
	await work();
	await driver.query('COMMIT');
}

/** @returns times in milliseconds, and the longest time in which the event loop stood still while we imported */
export async function importing(pair: Pair, count: number): Promise<Measured & { stallMs: number }> {
	const { orderStore, inside, raw } = pair;
	const result = fresh(count);
	let stallMs = 0;
	let lastId = '';
	for (let start = 0; start < count; start += TURN) {
		const batches: ReturnType<typeof order>[][] = [];
		for (let at = start; at < Math.min(count, start + TURN); at += BATCH) {
			batches.push(Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => order(at + index)));
		}
		const delay = monitorEventLoopDelay({ resolution: 1 });
		await new Promise((resolve) => setTimeout(resolve, 5));
		delay.enable();
		await timed(result, 'ours', async () => {
			for (const orders of batches) {
				await orderStore.importPage(page(orders));
				await new Promise(setImmediate);
			}
		});
		delay.disable();
		stallMs = Math.max(stallMs, delay.max / 1e6);

		for (let batch = 0; batch < batches.length; batch += 1) {
			const orders = await inside.query(`SELECT * FROM ${inside.table('order')} WHERE id > $1 ORDER BY id LIMIT ${BATCH}`, [lastId]);
			lastId = String(orders.at(-1)!.id);
			const ids = orders.map(({ id }) => `'${id}'`).join();
			const contents = await inside.query(`SELECT * FROM ${inside.table('order_content')} WHERE order_id IN (${ids})`);
			const entries = await inside.query(
				`SELECT order_id, at, kind, actor_kind, actor_name, data FROM ${inside.table('timeline')} WHERE order_id IN (${ids})`,
			);
			const parsed = contents.map((row) => ({ snapshot: JSON.parse(String(row.snapshot)), payload: JSON.parse(String(row.payload)) }));
			await timed(result, 'raw', async () => {
				// Whoever uses the driver alone has to make texts of the order and its payload too.
				const texts = contents.map((row, index) => ({
					...row,
					snapshot: JSON.stringify(parsed[index]!.snapshot),
					payload: JSON.stringify(parsed[index]!.payload),
				}));
				await inTransaction(raw, async () => {
					await insertRows(raw, 'order', orders);
					await insertRows(raw, 'order_content', texts);
					await insertRows(raw, 'timeline', entries);
				});
				await new Promise(setImmediate);
			});
		}
	}
	return { ...result, stallMs };
}

/** What the database's own housekeeping does within a minute after so many rows: without it, plans are made on old statistics. */
export async function settling({ inside, raw }: Pair): Promise<void> {
	for (const driver of [inside, raw]) {
		if (driver.dialect === 'sqlite') await driver.query('PRAGMA wal_checkpoint(TRUNCATE)');
		else for (const table of ['order', 'order_content', 'timeline']) await driver.query(`VACUUM ANALYZE ${driver.table(table)}`);
	}
}

const idsOf = async (driver: Driver, status: string, count: number): Promise<string[]> =>
	(await driver.query(`SELECT id FROM ${driver.table('order')} WHERE status = '${status}' ORDER BY id LIMIT ${count}`)).map(({ id }) =>
		String(id),
	);

const STATUS_CHANGED = '{"from":"new","to":"routed","reason":"bench"}';

async function note(raw: Driver, ids: readonly string[], at: string): Promise<void> {
	const entry = (id: string): Row => ({
		order_id: id,
		at,
		kind: 'status_changed',
		actor_kind: 'system',
		actor_name: 'bench',
		data: STATUS_CHANGED,
	});
	await insertRows(raw, 'timeline', ids.map(entry));
}

/** Moves before the clock starts. */
const WARM_UP = 500;
const MOVES = 20;

/** One order for each transaction: its row, its timeline. */
export async function transitioning(pair: Pair, count: number): Promise<Measured> {
	const { orderStore, inside, raw } = pair;
	const ids = await idsOf(inside, 'new', count + WARM_UP);
	const turns = new Turns();
	for (let start = 0; start + MOVES <= ids.length; start += MOVES) {
		const turn = ids.slice(start, start + MOVES);
		await turns.time('ours', async () => {
			for (const orderId of turn) await orderStore.transition({ orderId, from: 'new', to: 'routed', version: 1, actor, reason: 'bench' });
		});
		await turns.time('raw', async () => {
			for (const id of turn) {
				const now = new Date().toISOString();
				await inTransaction(raw, async () => {
					await raw.query(
						`UPDATE ${raw.table('order')} SET status = $1, version = 2, updated_at = $2, due_at = $2, claim_owner = NULL ` +
							`WHERE id = $3 AND status = 'new' AND version = 1`,
						['routed', now, id],
					);
					await note(raw, [id], now);
				});
			}
		});
	}
	return turns.measured(WARM_UP / MOVES, MOVES);
}

const CLAIM = 50;

/** Takes 50 due orders for each transaction, with what a worker needs of them. */
export async function claiming(pair: Pair, count: number): Promise<Measured> {
	const { orderStore, inside, raw } = pair;
	for (const driver of [inside, raw])
		await driver.query(`UPDATE ${driver.table('order')} SET due_at = $1 WHERE status = 'routed'`, ['2020-01-01T00:00:00.000Z']);
	const turns = new Turns();
	for (let done = 0; done < count + WARM_UP; done += CLAIM) {
		await turns.time('ours', async () => {
			await orderStore.claim({
				statuses: ['routed'],
				to: 'queued',
				sendTo: { wms: 'bench', account: 'bench' },
				limit: CLAIM,
				leaseMs: 60_000,
				worker: 'w',
				actor,
				reason: 'bench',
			});
		});
		await turns.time('raw', async () => {
			const now = new Date().toISOString();
			await inTransaction(raw, async () => {
				const rows = await raw.query(
					`SELECT o.*, c.snapshot, c.edits, c.result, c.progress FROM ${raw.table('order')} o JOIN ${raw.table('order_content')} c ON c.order_id = o.id ` +
						`WHERE o.status = 'routed' AND o.due_at <= $1 ORDER BY o.due_at, o.id LIMIT ${CLAIM}${raw.dialect === 'postgres' ? ' FOR UPDATE OF o SKIP LOCKED' : ''}`,
					[now],
				);
				const ids = rows.map(({ id }) => String(id));
				await raw.query(
					`UPDATE ${raw.table('order')} SET status = 'queued', version = version + 1, claim_epoch = claim_epoch + 1, claim_owner = 'w', ` +
						`attempts = attempts + 1, sending = 'may_be_there', sendings = sendings + 1, updated_at = $1, due_at = $1 WHERE id IN (${ids.map((id) => `'${id}'`).join()})`,
					[now],
				);
				await note(raw, ids, now);
				// Whoever uses the driver alone has to read the texts, and to write down what is about to be sent, too.
				await insertRows(
					raw,
					'sending',
					rows.map((row) => sendingOf(row, now)),
				);
			});
		});
	}
	return turns.measured(WARM_UP / CLAIM, CLAIM);
}

function sendingOf(row: Row, at: string): Row {
	const content = JSON.stringify(JSON.parse(String(row.snapshot)));
	const hash = createHash('sha256').update(content).digest('base64url');
	return {
		order_id: String(row.id),
		number: 1,
		wms: 'bench',
		account: 'bench',
		reference: String(row.reference),
		state: 'may_be_there',
		attempts: 1,
		requested_at: at,
		content_hash: hash,
		content,
		snapshot_hash: hash,
	};
}

/** Pages of 50 by status, newest first, one after the other. */
export async function searching(pair: Pair, pages: number): Promise<Measured> {
	const { orderStore } = pair;
	// A connection of its own, as our store has one for reading: the other one still has the newest orders in its cache.
	const raw = await pair.another();
	const turns = new Turns();
	let after: string | null = null;
	let last: Row | undefined;
	for (let number = 0; number < pages; number += 1) {
		await turns.time('ours', async () => {
			after = (await orderStore.search({ statuses: ['new'], limit: 50, after })).next;
		});
		await turns.time('raw', async () => {
			const from = last ? 'AND (imported_at, id) < ($1, $2)' : '';
			const rows = await raw.query(
				`SELECT o.*, c.snapshot, c.edits, c.result, c.progress FROM (SELECT * FROM ${raw.table('order')} WHERE status = 'new' ${from} ` +
					`ORDER BY imported_at DESC, id DESC LIMIT 51) o JOIN ${raw.table('order_content')} c ON c.order_id = o.id ORDER BY imported_at DESC, id DESC`,
				last ? [last.imported_at, last.id] : [],
			);
			for (const row of rows) JSON.parse(String(row.snapshot));
			last = rows[49];
		});
	}
	await raw.close();
	return turns.measured(Math.ceil(pages / 10), 1);
}

/** Everything that is New goes to Abandoned, with its timeline, 2000 for each transaction. */
export async function abandoning(pair: Pair, count: number): Promise<Measured> {
	const { orderStore, inside, raw } = pair;
	for (const driver of [inside, raw]) {
		const ids = (await idsOf(driver, 'new', count)).map((id) => `'${id}'`).join();
		await driver.query(`UPDATE ${driver.table('order')} SET abandon_at = $1 WHERE id IN (${ids})`, ['2020-01-01T00:00:00.000Z']);
		await driver.query(driver.dialect === 'postgres' ? `VACUUM ANALYZE ${driver.table('order')}` : 'PRAGMA wal_checkpoint(TRUNCATE)');
	}
	const result = fresh(0);
	for (let done = 0; done < count; done += 2_000) {
		await timed(result, 'ours', async () => {
			result.count += (await orderStore.abandonOverdue({ includePartiallyShipped: false, limit: 2_000, actor })).length;
		});
		await timed(result, 'raw', async () => {
			const order = raw.table('order');
			const now = new Date().toISOString();
			const found =
				`SELECT id FROM ${order} WHERE abandon_at <= $1 AND status IN ('new', 'routed', 'delayed', 'open', 'error', 'partially_shipped') ` +
				`AND status <> 'partially_shipped' AND shipment_count = 0 ORDER BY abandon_at, id LIMIT 2000`;
			await inTransaction(raw, async () => {
				const ids = (await raw.query(`${found}${raw.dialect === 'postgres' ? ' FOR UPDATE' : ''}`, [now])).map(({ id }) => id);
				const list = raw.dialect === 'postgres' ? '= ANY($2::text[])' : 'IN (SELECT value FROM json_each($2))';
				const value = raw.dialect === 'postgres' ? ids : JSON.stringify(ids);
				await raw.query(
					`INSERT INTO ${raw.table('timeline')} (order_id, at, kind, actor_kind, actor_name, data) SELECT id, $1${raw.dialect === 'postgres' ? '::timestamptz' : ''}, ` +
						`'status_changed', 'system', 'bench', '{"from":"' || status || '","to":"abandoned","reason":"No shipment data arrived in time."}' FROM ${order} WHERE id ${list}`,
					[now, value],
				);
				await raw.query(
					`UPDATE ${order} SET status = 'abandoned', version = version + 1, claim_owner = NULL, due_at = NULL, updated_at = $1 WHERE id ${list}`,
					[now, value],
				);
			});
		});
	}
	return result;
}
