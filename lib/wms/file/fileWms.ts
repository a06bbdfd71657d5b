/**
 * The file WMS: order files that the warehouse takes from a folder, and the files in which it reports (formats: `request.ts`, `reports.ts`).
 *
 * The contract with the warehouse: it takes an order by moving its file from `orders` to `orders/processed` in one rename, and leaves it
 * there. That is how we know that it has the order when our own note of it was lost in a crash.
 */
import { openCsv } from '../../files/csv';
import { FolderFailure, type FileEntry, type Folder } from '../../files/Folder';
import { doneBefore, positionIn, sameFile, stableFiles } from '../../files/stableFiles';
import { asError, FulfillmentError, MappingError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import type { SendOutcome, Wms, WmsEventPage, WmsSession } from '../Wms';
import { readReport, type ReportKind } from './reports';
import { orderFileName, orderText, requestProblems, toRequest, type FileWmsRequest } from './request';
import { directoriesOf, limitsOf, type FileWmsSettings } from './settings';

/** The adapter with the limits of one warehouse; `fileWms` has the default ones. */
export const fileWmsFor = (settings: FileWmsSettings): Wms<Folder, FileWmsRequest, FileWmsSettings> => {
	const limits = limitsOf(settings);
	return {
		code: 'file',
		label: 'File Exchange',
		credential: 'fileExchangeApi',
		limits,
		// Two files of one name cannot be, and the name is made of the reference.
		capabilities: { uniqueReference: true, cancel: true },
		toRequest: (order) => toRequest(order, limits),
		open: openSession,
	};
};

export const fileWms = fileWmsFor({});

const REPORTS: readonly ReportKind[] = ['acknowledgements', 'shipments', 'cancellations'];
const PAGE_SIZE = 200;

function openSession(folder: Folder, settings: FileWmsSettings): WmsSession<FileWmsRequest> {
	const directories = directoriesOf(settings);
	const limits = limitsOf(settings);

	/** Looked for in the order in which the warehouse moves it, so that a file on its way is seen in the second place. */
	async function find(reference: string): Promise<'waiting' | 'taken' | null> {
		const name = orderFileName(reference);
		if ((await folder.stat(directories.orders, name)) !== null) return 'waiting';
		return (await folder.stat(directories.processed, name)) !== null ? 'taken' : null;
	}

	async function createOrder(request: FileWmsRequest): Promise<SendOutcome> {
		const { reference } = request;
		const problems = requestProblems(request, limits);
		if (problems.length > 0) return { kind: 'rejected', problems };
		try {
			const there = await find(reference);
			const name = orderFileName(reference);
			if (there === null && (await folder.create(directories.orders, name, orderText(request))) === 'created') {
				if ((await folder.stat(directories.processed, name)) === null) return { kind: 'accepted', wmsOrderId: reference };
				// Either the warehouse took our file this moment, and there is nothing to withdraw; or this process slept since it looked,
				// another worker's file was taken meanwhile, and ours must not be taken as well.
				await folder.move(directories.orders, name, directories.canceled);
				return { kind: 'duplicate', wmsOrderId: reference };
			}
			const other = await otherReference(there === 'taken' ? directories.processed : directories.orders, name, reference);
			if (other === null) return { kind: 'duplicate', wmsOrderId: reference };
			// A disk that takes "A" and "a" for one name.
			const problem = `the file ${name} holds another order, ${other}`;
			return { kind: 'rejected', problems: [{ field: 'reference', value: reference, problem, code: 'rejected_by_wms' }] };
		} catch (error) {
			return outcomeOf(error);
		}
	}

	/** The reference in an order file, if it is another one. A file that cannot be read counts as ours: better a question than a second parcel. */
	async function otherReference(directory: string, name: string, reference: string): Promise<string | null> {
		try {
			const table = await openCsv(folder.read(directory, name), { origin: name, unescapeFormulas: true });
			try {
				for await (const row of table.rows) {
					const found = row.cell('reference');
					return found === '' || found === reference.trim() ? null : found;
				}
			} finally {
				await table.close();
			}
		} catch (error) {
			if (!(error instanceof FulfillmentError)) throw asError(error);
		}
		return null;
	}

	async function* pagesOf(directory: string, file: FileEntry, kind: ReportKind, done: number): AsyncGenerator<WmsEventPage> {
		const { events, failures } = await readReport(folder, directory, file, kind);
		// Somebody wrote to the file while we read it: the next poll reads it again.
		if (!sameFile(file, await folder.stat(directory, file.name))) return;
		let start = Math.min(done, events.length);
		for (; start + PAGE_SIZE < events.length; start += PAGE_SIZE) {
			yield { events: events.slice(start, start + PAGE_SIZE), failures: [], next: positionIn(directory, file, start + PAGE_SIZE) };
		}
		yield {
			events: events.slice(start),
			failures,
			next: null,
			afterRecorded: async () => void (await folder.move(directory, file.name, `${directory}/archive`)),
		};
	}

	return {
		source: `wms:file:${folder.label}`,

		findOrder: async (reference) => {
			if ((await find(reference)) !== null) return { wmsOrderId: reference };
			return await acknowledged(reference);
		},

		createOrder,

		async *listShipments(cursor: Cursor | null) {
			for (const kind of REPORTS) {
				const directory = directories[kind];
				const files = (await stableFiles(folder, directory, settings)).sort((a, b) => (a.name < b.name ? -1 : 1));
				for (const file of files) {
					try {
						yield* pagesOf(directory, file, kind, doneBefore(directory, file, cursor));
					} catch (error) {
						if (!(error instanceof MappingError || error instanceof FolderFailure)) throw asError(error);
						// Another poller has archived it meanwhile.
						if ((await folder.stat(directory, file.name)) === null) continue;
						yield failedFile(error, directory, file);
					}
				}
			}
		},

		async cancelOrder({ reference }) {
			const name = orderFileName(reference);
			if ((await folder.move(directories.orders, name, directories.canceled)) !== null) return 'canceled';
			if ((await folder.stat(directories.processed, name)) !== null) return 'too_late';
			if ((await folder.stat(directories.canceled, name)) !== null) return 'canceled';
			return (await acknowledged(reference)) === null ? 'not_found' : 'too_late';
		},
	};

	function failedFile(error: FulfillmentError, directory: string, file: FileEntry): WmsEventPage {
		const path = `${directory}/${file.name}`;
		const { message, remedy } = error;
		return {
			events: [],
			failures: [{ subject: 'shipment', key: `file:${path}`, origin: path, message, remedy, payload: { file: path } }],
			next: null,
			// A file that may only be locked for now stays where it is.
			...(error instanceof MappingError
				? { afterRecorded: async () => void (await folder.move(directory, file.name, `${directory}/failed`)) }
				: {}),
		};
	}

	/** A warehouse that has acknowledged an order has it, even if its file is gone. Newest files first. */
	async function acknowledged(reference: string): Promise<{ wmsOrderId: string } | null> {
		for (const directory of [directories.acknowledgements, `${directories.acknowledgements}/archive`]) {
			const files = (await folder.list(directory)).sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, LOOK_UP_FILES);
			for (const file of files) {
				const events = await readReport(folder, directory, file, 'acknowledgements').then(
					(report) => report.events,
					(error: unknown) => {
						if (error instanceof FulfillmentError) return [];
						throw asError(error);
					},
				);
				const found = events.find((event) => event.kind === 'acknowledged' && event.reference === reference);
				if (found) return { wmsOrderId: found.wmsOrderId ?? reference };
			}
		}
		return null;
	}
}

/** A second way to recognise an order; the first is its file, so this one may be bounded. */
const LOOK_UP_FILES = 500;

/** What an error while writing means: nothing was visible before the file got its name. */
function outcomeOf(error: unknown): SendOutcome {
	if (!(error instanceof FulfillmentError) || error.code !== 'file_access') throw asError(error);
	const cause = `${error.message} ${error.remedy}`;
	if (error instanceof FolderFailure && error.written === 'maybe') return { kind: 'unknown', cause };
	// Also for a folder that n8n does not allow: once it is allowed, the order goes out.
	return { kind: 'unavailable', cause };
}
