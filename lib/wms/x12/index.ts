/**
 * EDI X12 4010: an interchange for each order (940) is put where the warehouse takes its files from, and what it puts into our directory
 * is read: advices (945) and acknowledgements (997). Control numbers are kept in the store and belong to the order, so that a repeat after
 * a crash is the same interchange, byte for byte, which the warehouse's translator knows as a repeat.
 *
 * The warehouse may remove what it took, or move it to "processed". A copy in "sent" tells that the order is there, and waits for its 997.
 */
import type { Folder } from '../../files/Folder';
import { takenFiles, waitingFiles } from '../../files/inbox';
import { InboxMemory } from '../../files/inboxMemory';
import { beginPoll } from '../../files/putAway';
import { pagesOfAll } from '../common/reportFiles';
import type { Wms, WmsSession } from '../Wms';
import type { ControlNumbers } from './inbox';
import { LIMITS, toRequest, type X12Request } from './order940';
import { overdue, pagesOf } from './reading';
import { cancelOrder, createOrder, findOrderFile, type X12Site } from './sending';
import { partnerOf, sequenceOf, type X12Settings } from './settings';

export { controlNumbersOf } from './inbox';
export type { X12Request } from './order940';
export { partnerOf, type X12Settings } from './settings';

interface X12Io {
	folder: Folder;
	numbers: ControlNumbers;
}

export const x12Wms: Wms<X12Io, X12Request, X12Settings> = {
	code: 'x12',
	label: 'EDI X12',
	limits: LIMITS,
	// Two files of one name cannot be, and the name is made of the reference.
	capabilities: { uniqueReference: true, cancel: true, lateMs: 0 },
	toRequest,
	open: openSession,
};

function openSession({ folder, numbers }: X12Io, settings: X12Settings): WmsSession<X12Request> {
	const partner = partnerOf(settings);
	const { incoming } = partner;
	const site: X12Site = { folder, numbers, partner };
	const places = { inbox: incoming, archive: `${incoming}/archive`, failed: `${incoming}/failed` };
	const reports = { folder, code: 'x12', failedOf: () => places.failed };
	return {
		source: `wms:${sequenceOf(partner)}@${folder.label}`,
		account: `wms:${sequenceOf(partner)}`,
		findOrder: async (reference) => ((await findOrderFile(site, reference)) === null ? null : { wmsOrderId: reference }),
		createOrder: async (request) => await createOrder(site, request),
		async *listShipments(cursor) {
			const memory = await beginPoll(folder, cursor, [places]);
			yield* pagesOfAll(takenFiles(folder, incoming, settings, 'name', memory), { ...reports, memory }, (file) =>
				pagesOf(site, file, cursor, memory),
			);
			yield* overdue(site);
		},
		async *previewShipments() {
			const memory = new InboxMemory();
			yield* pagesOfAll(waitingFiles(folder, incoming, settings, 'name'), { ...reports, memory }, (file) =>
				pagesOf(site, file, null, memory),
			);
		},
		cancelOrder: async (order) => await cancelOrder(site, order),
	};
}
