/**
 * The file WMS: order files that the warehouse takes from a folder, and the files in which it reports (formats: `request.ts`, `reports.ts`).
 *
 * The contract with the warehouse: it takes an order by moving its file from `orders` to `orders/processed` in one rename, and leaves it
 * there. That is how we know that it has the order when our own note of it was lost in a crash.
 */
import { openContent } from '../../files/content';
import type { Folder } from '../../files/Folder';
import { pathOf, takenFiles, waitingFiles, type InboxFile } from '../../files/inbox';
import { InboxMemory } from '../../files/inboxMemory';
import { doneBefore, sameFile } from '../../files/position';
import { beginPoll, putAway, putAwayEnded } from '../../files/putAway';
import type { Cursor } from '../../order/wmsEvent';
import { pagesOfAll } from '../common/reportFiles';
import type { Wms, WmsEventPage, WmsSession } from '../Wms';
import { readReport, type ReportKind } from './reports';
import { toRequest, type FileWmsRequest } from './request';
import { cancelOrder, createOrder, findOrder, type FileSite } from './sending';
import { assertDirectories, directoriesOf, limitsOf, placesOf, type FileWmsSettings } from './settings';

/** The adapter with the limits of one warehouse; `fileWms` has the default ones. */
export const fileWmsFor = (settings: FileWmsSettings): Wms<Folder, FileWmsRequest, FileWmsSettings> => {
	const limits = limitsOf(settings);
	return {
		code: 'file',
		label: 'File Exchange',
		limits,
		// Two files of one name cannot be, and the name is made of the reference.
		capabilities: { uniqueReference: true, cancel: true, lateMs: 0 },
		toRequest: (order) => toRequest(order, limits),
		open: openSession,
	};
};

export const fileWms = fileWmsFor({});

const REPORTS: readonly ReportKind[] = ['acknowledgements', 'shipments', 'cancellations'];
const PAGE_SIZE = 200;

function openSession(folder: Folder, settings: FileWmsSettings): WmsSession<FileWmsRequest> {
	const directories = directoriesOf(settings);
	const site: FileSite = { folder, directories, limits: limitsOf(settings), encoding: settings.encoding };

	async function* pagesOfEach(
		filesOf: (directory: string) => AsyncIterable<InboxFile>,
		cursor: Cursor | null,
		memory: InboxMemory,
	): AsyncGenerator<WmsEventPage> {
		const reports = { folder, code: 'file', failedOf: ({ inbox }: InboxFile) => placesOf(inbox).failed, memory };
		for (const kind of REPORTS)
			yield* pagesOfAll(filesOf(directories[kind]), reports, (file) => pagesOf({ folder, settings }, file, kind, cursor, memory));
	}

	return {
		source: `wms:file:${folder.label}`,
		findOrder: async (reference) => await findOrder(site, reference),
		createOrder: async (request) => await createOrder(site, request),
		async *listShipments(cursor) {
			assertDirectories(settings);
			const places = REPORTS.map((kind) => placesOf(directories[kind]));
			const memory = await beginPoll(folder, cursor, places);
			await putAwayEnded(folder, cursor, places, memory);
			yield* pagesOfEach((directory) => takenFiles(folder, directory, settings, 'name', memory), cursor, memory);
		},
		async *previewShipments() {
			assertDirectories(settings);
			yield* pagesOfEach((directory) => waitingFiles(folder, directory, settings, 'name'), null, new InboxMemory());
		},
		cancelOrder: async (order) => await cancelOrder(site, order),
	};
}

/** Pages of one file. Every one moves the position, so that a poller that was overtaken records nothing. */
async function* pagesOf(
	{ folder, settings }: { folder: Folder; settings: FileWmsSettings },
	file: InboxFile,
	kind: ReportKind,
	cursor: Cursor | null,
	memory: InboxMemory,
): AsyncGenerator<WmsEventPage> {
	if (file.problem) throw file.problem;
	const content = await openContent(folder, file.directory, file.name);
	const { events, failures, columns } = await readReport(content.bytes(), pathOf(file), kind, settings.encoding);
	// Its owner wrote to the file while we read it: the next poll reads it again.
	if (!sameFile(file, await folder.stat(file.directory, file.name))) return;
	const shown = events.length > 0 && Object.keys(columns).length > 0 && memory.showOnce(JSON.stringify(columns)) ? { columns } : {};
	let start = Math.min(doneBefore(file, content.hash, cursor), events.length);
	for (; start + PAGE_SIZE < events.length; start += PAGE_SIZE) {
		yield {
			...shown,
			events: events.slice(start, start + PAGE_SIZE),
			failures: [],
			next: memory.positionIn(file, content.hash, start + PAGE_SIZE),
		};
	}
	yield {
		...shown,
		events: events.slice(start),
		failures,
		next: memory.endOf(file, content.hash, events.length, 'archive'),
		afterRecorded: async () => await putAway(folder, file, placesOf(file.inbox).archive, { hash: content.hash, to: 'archive', memory }),
	};
}
