/** What warehouses that are reached by files have in common. */
import { FolderFailure, type Folder } from '../../files/Folder';
import { assertNotEmpty, pathOf, type InboxFile } from '../../files/inbox';
import { stuckFailure, type InboxMemory } from '../../files/inboxMemory';
import { putAway } from '../../files/putAway';
import { asError, FulfillmentError, MappingError } from '../../order/errors';
import type { SendOutcome, WmsEventPage } from '../Wms';

interface ReportFiles {
	folder: Folder;
	/** Of the adapter. */
	code: string;
	/** Where a file goes that cannot be read. */
	failedOf(file: InboxFile): string;
	memory: InboxMemory;
}

/** Pages of several files; one that cannot be read is a failure, and the others go on. */
export async function* pagesOfAll(
	files: AsyncIterable<InboxFile>,
	reports: ReportFiles,
	pagesOf: (file: InboxFile) => AsyncIterable<WmsEventPage>,
): AsyncGenerator<WmsEventPage> {
	yield* toldStuck(reports);
	for await (const file of files) {
		try {
			assertNotEmpty(file);
			yield* pagesOf(file);
		} catch (error) {
			if (!(error instanceof MappingError || error instanceof FolderFailure)) throw asError(error);
			// Another poller has archived it meanwhile.
			if ((await reports.folder.stat(file.directory, file.name)) === null) continue;
			yield failedFile(reports, error, file);
		}
		yield* toldStuck(reports);
	}
}

/** Files that stay where they are, each told once: the page that tells it also remembers it. */
function* toldStuck({ code, memory }: ReportFiles): Generator<WmsEventPage> {
	const stuck = memory.tell();
	if (stuck.length === 0) return;
	yield { events: [], failures: stuck.map((one) => ({ subject: 'shipment', ...stuckFailure(one, code) })), next: memory.cursor() };
}

function failedFile({ folder, code, failedOf, memory }: ReportFiles, error: MappingError | FolderFailure, file: InboxFile): WmsEventPage {
	const path = pathOf(file);
	const { message, remedy } = error;
	const failures: WmsEventPage['failures'] = [
		{ subject: 'shipment', key: `${code}:${path}`, origin: path, message, remedy, payload: { file: path } },
	];
	// A file that may only be locked for now stays where it is.
	if (!(error instanceof MappingError)) return { events: [], failures, next: null };
	return {
		events: [],
		failures,
		next: memory.endOf(file, '', 0, 'failed'),
		afterRecorded: async () => await putAway(folder, file, failedOf(file), { hash: '', to: 'failed', memory }),
	};
}

/** What an error while writing an order file means: nothing was visible before the file got its name. */
export function fileOutcome(error: unknown): SendOutcome {
	if (!(error instanceof FulfillmentError) || error.code !== 'file_access') throw asError(error);
	const cause = `${error.message} ${error.remedy}`;
	if (error instanceof FolderFailure && error.written === 'maybe') return { kind: 'unknown', cause };
	// Also for a folder that n8n does not allow: once it is allowed, the order goes out.
	return { kind: 'unavailable', cause };
}
