/** Reads order files page by page. */
import { openContent } from '../../files/content';
import { FolderFailure, type Folder } from '../../files/Folder';
import { assertNotEmpty, pathOf, type InboxFile } from '../../files/inbox';
import { InboxMemory, stuckFailure } from '../../files/inboxMemory';
import { doneBefore, sameFile } from '../../files/position';
import { putAway } from '../../files/putAway';
import { asError, MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { ImportedOrder } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { ImportFilter, OrderPage } from '../Cart';
import { judged } from '../common/eligible';
import { Reading } from '../common/listing';
import { failureOf } from './failures';
import type { FileOrder } from './fileOrder';
import { toJsonOrder } from './json';
import { isRawFileOrder, type RawFileOrder } from './raw';
import { readFile } from './readFile';
import type { Directories, FileCartSettings } from './settings';
import { toTableOrder } from './tableOrder';
import { standingOf } from './wanted';

/** A folder in which a shop leaves its files. */
export interface FileShop extends Directories {
	folder: Folder;
	settings: FileCartSettings;
	/** Of a poll. */
	memory?: InboxMemory;
}

export function toOrder(raw: unknown): ImportedOrder {
	if (!isRawFileOrder(raw)) {
		throw new MappingError('order', null, 'is not an order of the file cart', 'Import the file again.');
	}
	const { order, doubt } = fileOrderOf(raw);
	if (doubt !== null) throw doubt.error;
	return order;
}

const fileOrderOf = (raw: RawFileOrder): FileOrder => (raw.format === 'json' ? toJsonOrder(raw) : toTableOrder(raw));

/** Pages of one file. Every one moves the position, so that a poller that was overtaken records nothing. @param counts the others are left out */
export async function* pagesOf(
	{ folder, settings, archive, memory = new InboxMemory() }: FileShop,
	file: InboxFile,
	cursor: Cursor | null,
	filter: ImportFilter,
	counts: (raw: RawFileOrder) => boolean = () => true,
): AsyncGenerator<OrderPage> {
	if (file.problem) throw file.problem;
	const content = await openContent(folder, file.directory, file.name);
	const skip = doneBefore(file, content.hash, cursor);
	const newPage = (): Reading<RawFileOrder, Eligible> => new Reading((raw) => eligible(raw, filter), failureOf);
	let page = newPage();
	let read = 0;
	for await (const { raw } of readFile(content, pathOf(file), settings)) {
		// A full page is given only when there is more: the last one has to archive the file.
		if (page.results.length + page.failures.length >= Math.max(1, filter.pageSize)) {
			yield pageOf(page, memory.positionIn(file, content.hash, read));
			page = newPage();
		}
		read += 1;
		if (read <= skip || !counts(raw)) continue;
		page.add(raw);
	}
	// Its owner wrote to the file while we read it. Its end may be cut off: it is read again at the next poll.
	if (!sameFile(file, await folder.stat(file.directory, file.name))) return;
	yield {
		...pageOf(page, memory.endOf(file, content.hash, read, 'archive')),
		afterRecorded: async () => await putAway(folder, file, archive, { hash: content.hash, to: 'archive', memory }),
	};
}

/** The same for each of several files; one that cannot be read is a failure, and the others go on. */
export async function* pagesOfAll(
	shop: FileShop & { memory: InboxMemory },
	files: AsyncIterable<InboxFile>,
	cursor: Cursor | null,
	filter: ImportFilter,
): AsyncGenerator<OrderPage> {
	const { memory } = shop;
	yield* toldStuck(memory);
	for await (const file of files) {
		try {
			assertNotEmpty(file);
			yield* pagesOf(shop, file, cursor, filter);
		} catch (error) {
			const failure = fileFailure(error, file);
			if (failure === null) throw asError(error);
			// Another poller has archived it meanwhile.
			if ((await shop.folder.stat(file.directory, file.name)) === null) continue;
			// A file that may only be locked for now stays where it is.
			if (!(error instanceof MappingError)) yield { orders: [], failures: [failure], next: null };
			else
				yield {
					orders: [],
					failures: [failure],
					next: memory.endOf(file, '', 0, 'failed'),
					afterRecorded: async () => await putAway(shop.folder, file, shop.failed, { hash: '', to: 'failed', memory }),
				};
		}
		yield* toldStuck(memory);
	}
}

/** Files that stay where they are, each told once: the page that tells it also remembers it. */
function* toldStuck(memory: InboxMemory): Generator<OrderPage> {
	const stuck = memory.tell();
	if (stuck.length === 0) return;
	yield { orders: [], failures: stuck.map((one) => ({ subject: 'order', ...stuckFailure(one, 'file') })), next: memory.cursor() };
}

function pageOf(page: Reading<RawFileOrder, Eligible>, next: Cursor): OrderPage {
	const { results, failures } = page.end();
	return { orders: results.map(({ order }) => order), failures: [...failures, ...results.flatMap(({ failure }) => failure ?? [])], next };
}

/** A placed order that somebody, or a check, stopped, as the shops whose files are read write it: one that is first seen so is recorded. */
const HELD = /^(on[ _-]?hold|holded|payment[ _]review|fraud|suspected fraud|manual verification required|disputed)$/i;

/** An order, and what is for a person if the store does not know it. */
interface Eligible {
	order: ImportedOrder;
	failure: NewImportFailure | null;
}

/** Throws MappingError. */
function eligible(raw: RawFileOrder, filter: ImportFilter): Eligible {
	const { order, doubt } = fileOrderOf(raw);
	const { isWanted, isShipped, status } = standingOf(raw, filter.statuses);
	if (isShipped) return { order: { ...order, notEligible: 'shipped by the shop' }, failure: null };
	if (!isWanted) return { order: judged(order, { isWanted, isHeld: HELD.test(status), status }), failure: null };
	return doubt === null
		? { order, failure: null }
		: { order: { ...order, notEligible: doubt.reason }, failure: failureOf(raw, doubt.error) };
}

/** A file that cannot be read is one failure; null = it is no fault of this file. */
export function fileFailure(error: unknown, file: InboxFile): NewImportFailure | null {
	if (!(error instanceof MappingError || error instanceof FolderFailure)) return null;
	const path = pathOf(file);
	return { subject: 'order', key: `file:${path}`, origin: path, message: error.message, remedy: error.remedy, payload: { file: path } };
}
