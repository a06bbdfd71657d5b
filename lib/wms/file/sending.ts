/** Order files: put out once, looked for where they may be, and taken back before the warehouse has them. */
import { openContent } from '../../files/content';
import type { Folder } from '../../files/Folder';
import { filesIn, pathOf, readingOf, type InboxFile } from '../../files/inbox';
import type { TextEncoding } from '../../files/text';
import { asError, FulfillmentError } from '../../order/errors';
import { fileOutcome } from '../common/reportFiles';
import type { CancelOutcome, FieldLimit, SendOutcome, WaitingOrder } from '../Wms';
import { differenceOf, ownRows, readOrderFile, type OrderFileRow } from './orderFile';
import { readReport, type Report } from './reports';
import { orderFileName, orderText, requestProblems, type FileWmsRequest } from './request';
import { placesOf, type directoriesOf } from './settings';

/** A second way to recognise an order; the first is its file, so this one may be bounded. */
const LOOK_UP_FILES = 500;

/** One warehouse, by one folder. */
export interface FileSite {
	folder: Folder;
	directories: ReturnType<typeof directoriesOf>;
	limits: readonly FieldLimit[];
	/** Of acknowledgements. */
	encoding: TextEncoding | undefined;
}

export async function createOrder(site: FileSite, request: FileWmsRequest): Promise<SendOutcome> {
	const { folder, directories, limits } = site;
	const { reference } = request;
	const problems = requestProblems(request, limits);
	if (problems.length > 0) return { kind: 'rejected', problems };
	try {
		let there = await placeOf(site, reference);
		const name = orderFileName(reference);
		if (there === null && (await folder.create(directories.orders, name, orderText(request))) === 'created') {
			if ((await folder.stat(directories.processed, name)) === null) return { kind: 'accepted', wmsOrderId: reference };
			// Either the warehouse took our file this moment, and there is nothing to withdraw; or this process slept since it looked,
			// another worker's file was taken meanwhile, and ours must not be taken as well.
			if ((await folder.move(directories.orders, name, directories.canceled)) === null) return { kind: 'accepted', wmsOrderId: reference };
			there = 'taken';
		}
		const rows = await rowsIn(folder, there === 'taken' ? directories.processed : directories.orders, name);
		const other = rows?.[0]?.reference ?? '';
		if (other === '' || other === reference.trim())
			return {
				kind: 'duplicate',
				wmsOrderId: reference,
				...(rows === null ? {} : { differs: differenceOf(rows, await ownRows(request)) }),
			};
		// A disk that takes "A" and "a" for one name.
		const problem = `the file ${name} holds another order, ${other}`;
		return { kind: 'rejected', problems: [{ field: 'reference', value: reference, problem, code: 'rejected_by_wms' }] };
	} catch (error) {
		return fileOutcome(error);
	}
}

export async function cancelOrder(site: FileSite, { reference }: WaitingOrder): Promise<CancelOutcome> {
	const { folder, directories } = site;
	const name = orderFileName(reference);
	if ((await folder.move(directories.orders, name, directories.canceled)) !== null) return 'canceled';
	if ((await folder.stat(directories.processed, name)) !== null) return 'too_late';
	if ((await folder.stat(directories.canceled, name)) !== null) return 'canceled';
	return (await acknowledged(site, reference)) === null ? 'not_found' : 'too_late';
}

export async function findOrder(site: FileSite, reference: string): Promise<{ wmsOrderId: string } | null> {
	if ((await placeOf(site, reference)) !== null) return { wmsOrderId: reference };
	return await acknowledged(site, reference);
}

/** Looked for in the order in which the warehouse moves it, so that a file on its way is seen in the second place. */
async function placeOf({ folder, directories }: FileSite, reference: string): Promise<'waiting' | 'taken' | null> {
	const name = orderFileName(reference);
	if ((await folder.stat(directories.orders, name)) !== null) return 'waiting';
	return (await folder.stat(directories.processed, name)) !== null ? 'taken' : null;
}

/** What an order file holds; null = it cannot be read, and counts as ours: better a question than a second package. */
async function rowsIn(folder: Folder, directory: string, name: string): Promise<OrderFileRow[] | null> {
	try {
		return await readOrderFile(folder.read(directory, name), name);
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw asError(error);
		return null;
	}
}

/** A warehouse that has acknowledged an order has it, even if its file is gone. In the order in which a file moves, the newest first. */
async function acknowledged(site: FileSite, reference: string): Promise<{ wmsOrderId: string } | null> {
	const { folder, directories } = site;
	const { inbox, archive } = placesOf(directories.acknowledgements);
	for (const directory of [inbox, readingOf(inbox), archive]) {
		const files = (await filesIn(folder, inbox, directory)).sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, LOOK_UP_FILES);
		for (const file of files) {
			const found = (await eventsIn(site, file)).find((event) => event.kind === 'acknowledged' && event.reference === reference);
			if (found) return { wmsOrderId: found.wmsOrderId ?? reference };
		}
	}
	return null;
}

/** Of acknowledgements. One unreadable file does not hide what is in another. */
async function eventsIn({ folder, encoding }: FileSite, file: InboxFile): Promise<Report['events']> {
	try {
		const { bytes } = await openContent(folder, file.directory, file.name);
		return (await readReport(bytes(), pathOf(file), 'acknowledgements', encoding)).events;
	} catch (error) {
		if (!(error instanceof FulfillmentError)) throw asError(error);
		return [];
	}
}
