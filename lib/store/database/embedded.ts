/** An embedded store's file while it is open: each transaction asks whether it is still there, and an older copy is noticed when it is opened. */
import { besideOf, Epochs, readEpoch, writeEpoch } from './epochs';
import { metaOf, setMeta } from './meta';
import type { Database, Transaction } from './session';
import { sql } from './sql';
import { OpenedFile } from './storeFile';
import type { Watch } from './writeGate';

export class EmbeddedFile extends OpenedFile implements Watch {
	private epochs: Epochs | undefined;

	beforeCommit(run: (statement: string) => unknown[]): (() => void) | undefined {
		return this.epochs?.beforeCommit(run);
	}

	/**
	 * Once the store has its tables: if it is older than the file beside it says, it is a copy from before, and in recovery from now on. A file beside it that is missing,
	 * or speaks of another store, says nothing; it is made anew.
	 *
	 * @param recover begins the recovery
	 */
	async begin(database: Database, recover: (transaction: Transaction) => Promise<unknown>): Promise<void> {
		const beside = besideOf(this.file);
		const saved = readEpoch(beside);
		const store = (await database.read(async (session) => await metaOf(session, 'store_id'))) ?? '';
		const epochOf = async () => Number((await database.read(async (session) => await metaOf(session, 'epoch'))) ?? 0);
		if (saved !== null && saved.store === store && saved.epoch > (await epochOf())) {
			await database.write(async (transaction) => {
				// Another process may have been first.
				if (Number((await metaOf(transaction, 'epoch')) ?? 0) >= saved.epoch) return;
				await setMeta(transaction, 'epoch', String(saved.epoch + 1));
				await recover(transaction);
			});
		}
		const known = { store, epoch: await epochOf() };
		if (saved?.store !== store || saved.epoch !== known.epoch) writeEpoch(beside, known);
		const grow = async () =>
			await database.write(
				async ({ execute, tables }) => void (await execute(sql`UPDATE ${tables.meta} SET value = value WHERE key = 'epoch'`)),
			);
		this.epochs = new Epochs(beside, known, grow, () => this.fail());
	}

	async settle(): Promise<void> {
		await this.epochs?.settle();
	}

	close(): void {
		this.epochs?.close();
	}
}
