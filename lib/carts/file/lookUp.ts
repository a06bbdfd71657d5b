/** Looks through files that were read already, and those that wait. */
import { openContent } from '../../files/content';
import type { Folder } from '../../files/Folder';
import { filesIn, pathOf, readingOf, type InboxFile } from '../../files/inbox';
import { unwrapped } from '../../files/spreadsheet';
import { asError, FulfillmentError } from '../../order/errors';
import type { IsoDate } from '../../order/order';
import type { ImportFilter, OrderPage } from '../Cart';
import { nameOf } from './failures';
import type { RawFileOrder } from './raw';
import { readFile, type FoundOrder } from './readFile';
import { fileFailure, pagesOf, type FileShop } from './reading';
import type { FileCartSettings } from './settings';

/** How many files of a directory are looked through for one order, the newest first. */
const LOOK_UP_FILES = 500;

const newestFirst = (a: InboxFile, b: InboxFile): number => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1);

/** Null = no file has it. */
export async function findOrder({ folder, settings, inbox, archive }: FileShop, orderNumber: string): Promise<RawFileOrder | null> {
	// In the order in which a file moves, so that one on its way is seen in the second place.
	for (const directory of [inbox, readingOf(inbox), archive]) {
		const files = (await filesIn(folder, inbox, directory)).sort(newestFirst).slice(0, LOOK_UP_FILES);
		for (const file of files) {
			const found = await lookIn(folder, file, settings, orderNumber);
			if (found !== null) return found;
		}
	}
	return null;
}

async function lookIn(folder: Folder, file: InboxFile, settings: FileCartSettings, orderNumber: string): Promise<RawFileOrder | null> {
	const plain = (number: string): string => unwrapped(number.trim(), true).replace(/^#/, '');
	try {
		const orders: AsyncGenerator<FoundOrder> = readFile(await openContent(folder, file.directory, file.name), pathOf(file), settings);
		for await (const { number, raw } of orders) if (plain(number) === plain(orderNumber)) return raw;
	} catch (error) {
		// One unreadable file does not hide the order in another.
		if (!(error instanceof FulfillmentError)) throw asError(error);
	}
	return null;
}

/**
 * Exports that were read already lie in the archive. Nothing is moved; a file that cannot be read is the import's to record. Of an order that
 * stands in several files only the newest one counts: the others say what it was.
 */
export async function* ordersSince(shop: FileShop, from: IsoDate, filter: ImportFilter): AsyncGenerator<OrderPage> {
	const { folder, inbox, archive } = shop;
	const files: InboxFile[] = [];
	for (const directory of [inbox, readingOf(inbox), archive]) files.push(...(await filesIn(folder, inbox, directory)));
	const yieldedKeys = new Set<string>();
	for (const file of files.filter(({ modifiedAt }) => modifiedAt >= Date.parse(from)).sort(newestFirst)) {
		const keysHere = new Set<string>();
		const isNews = (raw: RawFileOrder): boolean => {
			const key = nameOf(raw);
			if (key !== '') keysHere.add(key);
			return !yieldedKeys.has(key);
		};
		try {
			for await (const { orders, failures } of pagesOf(shop, file, null, filter, isNews)) yield { orders, failures, next: null };
		} catch (error) {
			const failure = fileFailure(error, file);
			if (failure === null) throw asError(error);
			yield { orders: [], failures: [], unread: [failure], next: null };
		}
		for (const key of keysHere) yieldedKeys.add(key);
	}
}
