/**
 * The file cart: order files that a shop exports into a folder, and tracking files that it reads back.
 *
 * A file is read when it is complete (see `stableFiles`), oldest first, page by page, and moved to the archive after its last page was
 * recorded. A crash at any point only has it read again, which changes nothing: orders are unique by their key.
 */
import { FolderFailure, type FileEntry, type Folder } from '../../files/Folder';
import { doneBefore, positionIn, sameFile, stableFiles } from '../../files/stableFiles';
import { asError, FulfillmentError, MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { ImportedOrder, JsonValue } from '../../order/order';
import type { Cart, CartSession, ImportFilter, RawOrderPage } from '../Cart';
import { toJsonOrder } from './json';
import { plainStatus, presetOf } from './presets';
import { isRawFileOrder, type RawFileOrder } from './raw';
import { readFile, type FoundOrder } from './readFile';
import { assertSettings, directoriesOf, type FileCartSettings } from './settings';
import { toTableOrder } from './tableOrder';
import { writeTracking } from './tracking';

export const fileCart: Cart<Folder, FileCartSettings> = {
	code: 'file',
	label: 'File',
	credential: 'fileExchangeApi',
	toOrder,
	open: openSession,
};

function toOrder(raw: unknown): ImportedOrder {
	if (!isRawFileOrder(raw)) {
		throw new MappingError('order', null, 'is not an order of the file cart', 'Import the file again.');
	}
	return raw.format === 'json' ? toJsonOrder(raw) : toTableOrder(raw);
}

function openSession(folder: Folder, settings: FileCartSettings): CartSession {
	const { inbox, archive, failed, tracking } = directoriesOf(settings);

	async function* pagesOf(directory: string, file: FileEntry, skip: number, filter: ImportFilter): AsyncGenerator<RawOrderPage> {
		let page = emptyPage();
		let read = 0;
		for await (const { raw } of readFile(folder, directory, file, settings)) {
			// A full page is given only when there is more: the last one has to archive the file.
			if (page.orders.length + page.failures.length >= Math.max(1, filter.pageSize)) {
				yield { ...page, next: positionIn(directory, file, read) };
				page = emptyPage();
			}
			read += 1;
			if (read <= skip) continue;
			const { order, failure } = tried(raw);
			if (failure) page.failures.push(failure);
			else if (wanted(raw, order, filter)) page.orders.push(raw);
		}
		// Somebody wrote to the file while we read it. Its end may be cut off: it is read again at the next poll.
		if (!sameFile(file, await folder.stat(directory, file.name))) return;
		yield { ...page, afterRecorded: async () => void (await folder.move(inbox, file.name, archive)) };
	}

	return {
		source: `file:${settings.store}`,

		async *listOrders(cursor, filter) {
			assertSettings(settings);
			for (const file of await stableFiles(folder, inbox, settings)) {
				try {
					yield* pagesOf(inbox, file, doneBefore(inbox, file, cursor), filter);
				} catch (error) {
					const failure = fileFailure(error, `${inbox}/${file.name}`);
					if (failure === null) throw asError(error);
					// Another poller has archived it meanwhile.
					if ((await folder.stat(inbox, file.name)) === null) continue;
					const unreadable = error instanceof MappingError;
					yield {
						...emptyPage(),
						failures: [failure],
						// A file that may only be locked for now stays where it is.
						...(unreadable ? { afterRecorded: async () => void (await folder.move(inbox, file.name, failed)) } : {}),
					};
				}
			}
		},

		async getOrder(orderNumber) {
			assertSettings(settings);
			for (const directory of [inbox, archive]) {
				const files = (await folder.list(directory)).sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, LOOK_UP_FILES);
				for (const file of files) {
					const found = await lookIn(readFile(folder, directory, file, settings), orderNumber);
					if (found !== null) return found;
				}
			}
			return null;
		},

		/** Exports that were read already lie in the archive. Nothing is moved; a file that cannot be read is the import's to tell. */
		async *ordersBetween(from, _to, filter) {
			assertSettings(settings);
			for (const directory of [archive, inbox]) {
				const files = (await folder.list(directory)).filter(({ modifiedAt }) => modifiedAt >= Date.parse(from));
				for (const file of files) {
					try {
						for await (const { orders, failures } of pagesOf(directory, file, 0, filter)) yield { orders, failures, next: null };
					} catch (error) {
						if (fileFailure(error, `${directory}/${file.name}`) === null) throw asError(error);
					}
				}
			}
		},

		uploadTracking: async (order, shipment) => await writeTracking(folder, tracking, order, shipment),
	};
}

/** How many files of a directory are looked through for one order, the newest first. */
const LOOK_UP_FILES = 500;

const emptyPage = (): RawOrderPage => ({ orders: [], failures: [], next: null });

type Tried = { order: ImportedOrder; failure?: undefined } | { order?: undefined; failure: NewImportFailure };

function tried(raw: RawFileOrder): Tried {
	try {
		return { order: toOrder(raw) };
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw asError(error);
		const file = raw.origin?.file ?? '';
		const row = raw.origin?.rows[0] ?? 0;
		const named = nameOf(raw);
		return {
			failure: {
				subject: 'order',
				// The order's own key when it has one: a corrected export is the same order, and resolves the failure.
				key: named === '' ? `${file}:${row}` : named,
				origin: `${file}, row ${row}`,
				message: error.message,
				remedy: error.remedy,
				payload: raw as unknown as JsonValue,
			},
		};
	}
}

function nameOf(raw: RawFileOrder): string {
	const text = (value: JsonValue | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');
	if (raw.format === 'json') {
		if (typeof raw.order !== 'object' || raw.order === null || Array.isArray(raw.order)) return '';
		return text(raw.order.externalId) || text(raw.order.orderNumber);
	}
	const { columns } = presetOf(raw);
	for (const path of ['externalId', 'orderNumber']) {
		const cell = raw.rows.map((row) => (columns.get(path) ?? []).map((name) => text(row[name])).filter(Boolean).join(' ')).find(Boolean);
		if (cell) return cell;
	}
	return '';
}

function wanted(raw: RawFileOrder, order: ImportedOrder, filter: ImportFilter): boolean {
	const { content } = order;
	if (filter.earliestOrderDate !== null && content.orderedAt !== null && Date.parse(content.orderedAt) < Date.parse(filter.earliestOrderDate)) return false;
	if (filter.skus.length > 0 && !content.lines.some(({ sku }) => sku !== null && filter.skus.includes(sku))) return false;
	if (filter.tags.length > 0 && !content.tags.some((tag) => filter.tags.includes(tag))) return false;
	// The store must hear of a cancellation, whatever statuses are imported.
	if (order.canceled) return true;
	const statuses = filter.statuses.map(plainStatus).filter((status) => status !== '');
	if (raw.format === 'json') {
		const status = typeof raw.order === 'object' && raw.order !== null && !Array.isArray(raw.order) ? raw.order.status : null;
		return statuses.length === 0 || (typeof status === 'string' && statuses.includes(plainStatus(status)));
	}
	const preset = presetOf(raw);
	const first = raw.rows[0] ?? {};
	const names = preset.columns.get('status') ?? [];
	const status = plainStatus(raw.rows.map((row) => names.map((name) => row[name] ?? '').join(' ').trim()).find((cell) => cell !== '') ?? '');
	// What the shop has shipped itself must not be shipped again, unless somebody asks for exactly that.
	if (preset.shipped(first) && !statuses.includes('fulfilled')) return false;
	const accepted = statuses.length > 0 ? statuses.filter((name) => name !== 'fulfilled') : (preset.defaultStatuses ?? []);
	return accepted.length === 0 || (status === '' && statuses.length === 0) || accepted.includes(status);
}

/** A file that cannot be read is one failure; null = it is no fault of this file. */
function fileFailure(error: unknown, path: string): NewImportFailure | null {
	if (!(error instanceof MappingError || error instanceof FolderFailure)) return null;
	return { subject: 'order', key: `file:${path}`, origin: path, message: error.message, remedy: error.remedy, payload: { file: path } };
}

async function lookIn(orders: AsyncGenerator<FoundOrder>, orderNumber: string): Promise<RawFileOrder | null> {
	const plain = (number: string): string => number.trim().replace(/^#/, '');
	try {
		for await (const { number, raw } of orders) if (plain(number) === plain(orderNumber)) return raw;
	} catch (error) {
		// One unreadable file does not hide the order in another.
		if (!(error instanceof FulfillmentError)) throw asError(error);
	}
	return null;
}
