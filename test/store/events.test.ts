/** Events on Postgres, whose numbers are given before the commit: nothing is missed, nothing told twice, and nobody else is waited for. */
import fc from 'fast-check';
import pg from 'pg';
import type { OrderStore } from '../../lib/store/OrderStore';
import { eventsOf } from '../../lib/store/orders/events';
import { actor, imported, importOne } from './fixtures';
import { databaseOf, onEachDatabase, tableOf, withClient, type TestStore } from './harness';

type Events = OrderStore['events'];

const noteOf = (text: string) => ({ kind: 'note', actor, data: { text } }) as const;
const textsOf = (entries: Awaited<ReturnType<Events>>['entries']): string[] => entries.map(({ data }) => (data as { text: string }).text);

/** Another process with a transaction of its own. */
class Writer {
	private client: pg.Client | null = null;
	private written: string[] = [];

	constructor(
		private readonly config: Extract<TestStore['config'], { kind: 'postgres' }>,
		private readonly orderId: string,
		private readonly committed: string[],
	) {}

	async insert(text: string): Promise<void> {
		this.client ??= await this.connected();
		await this.client.query(
			`INSERT INTO ${tableOf(this.config, 'timeline')} (order_id, at, kind, actor_kind, actor_name, data) VALUES ($1, now(), 'note', 'system', 's', $2)`,
			[this.orderId, JSON.stringify({ text })],
		);
		this.written.push(text);
	}

	async commit(): Promise<void> {
		if (this.client === null) return;
		await this.client.query('COMMIT');
		this.committed.push(...this.written);
		await this.end();
	}

	async rollBack(): Promise<void> {
		await this.client?.query('ROLLBACK');
		await this.end();
	}

	/** Its process is gone without a word. */
	async kill(): Promise<void> {
		const client = this.client;
		if (client === null) return;
		const gone = new Promise((resolve) => client.once('end', resolve));
		await withClient(
			async (other) => await other.query('SELECT pg_terminate_backend($1)', [(client as unknown as { processID: number }).processID]),
		);
		await gone;
		await this.end();
	}

	async end(): Promise<void> {
		await this.client?.end();
		this.client = null;
		this.written = [];
	}

	private async connected(): Promise<pg.Client> {
		const client = new pg.Client({ ...this.config, ssl: false });
		client.on('error', () => undefined);
		await client.connect();
		await client.query('BEGIN');
		return client;
	}
}

onEachDatabase(
	'events',
	(open) => {
		let test: TestStore;
		let orderId: string;
		let committed: string[];
		const writer = (): Writer => new Writer(test.config as Extract<TestStore['config'], { kind: 'postgres' }>, orderId, committed);
		const note = async (text: string) => {
			const order = (await test.orderStore.get(orderId))!;
			await test.orderStore.amend({ orderId, version: order.version, actor, entries: [noteOf(text)] });
			committed.push(text);
		};
		beforeEach(async () => {
			test = await open();
			orderId = (await importOne(test.orderStore, imported('1'))).id;
			committed = [];
		});

		it('are told once each, in order, whatever writers do meanwhile', async () => {
			const impatient = eventsOf(await databaseOf(test.config), 0);
			const step = fc.oneof(
				{ weight: 5, arbitrary: fc.record({ writer: fc.nat(3), does: fc.constant('insert' as const) }) },
				{ weight: 2, arbitrary: fc.record({ writer: fc.nat(3), does: fc.constant('commit' as const) }) },
				{ weight: 1, arbitrary: fc.record({ writer: fc.nat(3), does: fc.constantFrom('rollBack' as const, 'kill' as const) }) },
				{ weight: 3, arbitrary: fc.record({ writer: fc.nat(1), does: fc.constant('poll' as const) }) },
			);
			let name = 0;
			await fc.assert(
				fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
					committed.length = 0;
					const writers = [0, 1, 2, 3].map(writer);
					// Two readers: one may know what is settled from what the other one asked.
					const readers = await Promise.all(
						[0, 1].map(async () => ({
							after: (await impatient({ after: null, limit: 1 })).next,
							told: [] as string[],
							numbers: [] as number[],
						})),
					);
					const poll = async (reader: (typeof readers)[number], events: Events) => {
						const { entries, next } = await events({ after: reader.after, limit: 3 });
						reader.told.push(...textsOf(entries));
						reader.numbers.push(...entries.map(({ id }) => Number(id)));
						reader.after = next;
						return entries.length;
					};
					for (const { writer: index, does } of steps) {
						if (does === 'poll') await poll(readers[index]!, impatient);
						else if (does === 'insert') await writers[index]!.insert(`n${(name += 1)}`);
						else await writers[index]![does]();
					}
					for (const one of writers) await one.rollBack();
					for (const reader of readers) {
						while ((await poll(reader, test.orderStore.events)) > 0);
						expect([...reader.told].sort()).toEqual([...committed].sort());
						expect(reader.numbers).toEqual([...reader.numbers].sort((left, right) => left - right));
					}
				}),
				{ numRuns: 60 },
			);
		}, 120_000);

		it('do not wait for transactions elsewhere on the server', async () => {
			const { next } = await test.orderStore.events({ after: null, limit: 10 });
			const impatient = eventsOf(await databaseOf(test.config), 0);
			await withClient(async (here) => {
				const elsewhere = new pg.Client({
					...(test.config as { host: string; port: number; user: string; password: string }),
					database: 'postgres',
				});
				await elsewhere.connect();
				for (const client of [here, elsewhere]) {
					await client.query('BEGIN');
					await client.query('SELECT pg_current_xact_id()');
				}
				// Of the same store, but no writer of the timeline.
				await here.query(`LOCK TABLE ${tableOf(test.config, 'timeline')} IN ROW SHARE MODE`);
				await here.query(`UPDATE ${tableOf(test.config, 'cursor')} SET version = version`);
				await note('told at once');
				expect(textsOf((await impatient({ after: next, limit: 10 })).entries)).toEqual(['told at once']);
				await elsewhere.end();
			});
		});

		it('wait a moment for a writer that is about to commit', async () => {
			const { next } = await test.orderStore.events({ after: null, limit: 10 });
			const slow = writer();
			await slow.insert('slow');
			await note('fast');
			const patient = test.orderStore.events({ after: next, limit: 10 });
			await slow.commit();
			expect(textsOf((await patient).entries)).toEqual(['slow', 'fast']);
		});

		it('give what comes before a writer that does not end, and the rest once it is gone', async () => {
			const impatient = eventsOf(await databaseOf(test.config), 0);
			const { next } = await impatient({ after: null, limit: 10 });
			const stuck = writer();
			await note('before');
			await stuck.insert('lost');
			await note('after');
			const first = await impatient({ after: next, limit: 10 });
			expect(textsOf(first.entries)).toEqual(['before']);
			// Somebody who begins now starts behind what is decided, and misses nothing that is not.
			const fresh = await impatient({ after: null, limit: 10 });
			expect(textsOf((await impatient({ after: fresh.next, limit: 10 })).entries)).toEqual([]);
			await stuck.kill();
			expect(textsOf((await test.orderStore.events({ after: first.next, limit: 10 })).entries)).toEqual(['after']);
			expect(textsOf((await test.orderStore.events({ after: fresh.next, limit: 10 })).entries)).toEqual(['after']);
		});

		it('leave out numbers that were given and never used, and those of deleted orders', async () => {
			const { next } = await test.orderStore.events({ after: null, limit: 10 });
			const gone = await importOne(test.orderStore, imported('2'));
			const other = writer();
			await other.insert('rolled back');
			await other.rollBack();
			await note('one');
			await test.orderStore.transition({ orderId: gone.id, from: 'new', to: 'archived', version: gone.version, actor, reason: null });
			await test.orderStore.purge({ orderId: gone.id, from: 'archived', version: gone.version + 1, actor });
			const { entries, next: behind } = await test.orderStore.events({ after: next, limit: 10 });
			expect(textsOf(entries)).toEqual(['one']);
			await note('two');
			expect(textsOf((await test.orderStore.events({ after: behind, limit: 10 })).entries)).toEqual(['two']);
		});
	},
	['postgres'],
);
