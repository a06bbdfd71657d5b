/**
 * EDI X12 4010: an interchange for each order (940) is put where the warehouse takes its files from, and what it puts into our directory
 * is read: advices (945) and acknowledgements (997). Control numbers are kept in the store and belong to the order, so that a repeat after
 * a crash is the same interchange, byte for byte, which the warehouse's translator knows as a repeat.
 *
 * The warehouse may remove what it took, or move it to "processed". A copy in "sent" tells that the order is there, and waits for its 997.
 */
import { FolderFailure, type FileEntry, type Folder } from '../../files/Folder';
import { safeFileName } from '../../files/names';
import { doneBefore, positionIn, sameFile, stableFiles } from '../../files/stableFiles';
import { asError, FulfillmentError, MappingError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import type { SendOutcome, WaitingOrder, Wms, WmsEventPage, WmsSession } from '../Wms';
import { segmentsOf997 } from './ack997';
import { ORDER_KEY, reportOf, textOf, type ControlNumbers, type InboxReport } from './inbox';
import { depositorNumber, keyProblems, LIMITS, segmentsOf940, toRequest, type X12Request } from './order940';
import { element, readX12 } from './read';
import { partnerOf, sequenceOf, type X12Settings } from './settings';
import { interchangeText } from './write';

export { controlNumbersOf, type ControlNumbers } from './inbox';
export type { X12Request } from './order940';
export { DEFAULT_TRACKING_AT, partnerOf, type X12Settings } from './settings';

export interface X12Io {
	folder: Folder;
	numbers: ControlNumbers;
}

export const x12Wms: Wms<X12Io, X12Request, X12Settings> = {
	code: 'x12',
	label: 'EDI X12',
	credential: 'x12PartnerApi',
	limits: LIMITS,
	// Two files of one name cannot be, and the name is made of the reference.
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: openSession,
};

const SENT = 'sent';
const PAGE_SIZE = 200;
const fileName = (reference: string): string => `${safeFileName(reference, 120)}.edi`;

function openSession({ folder, numbers }: X12Io, settings: X12Settings): WmsSession<X12Request> {
	const partner = partnerOf(settings);
	const { outgoing, incoming } = partner;
	const canceled = `${outgoing}/canceled`;

	/** Looked for in the order in which a file moves, so that one on its way is seen in the second place. */
	async function find(reference: string): Promise<string | null> {
		const name = fileName(reference);
		for (const directory of [outgoing, `${outgoing}/processed`, SENT, `${SENT}/acknowledged`, `${SENT}/unacknowledged`]) {
			if ((await folder.stat(directory, name)) !== null) return directory;
		}
		return null;
	}

	async function createOrder(request: X12Request): Promise<SendOutcome> {
		const { reference } = request;
		const problems = keyProblems(partner, request);
		if (problems.length > 0) return { kind: 'rejected', problems };
		const name = fileName(reference);
		try {
			let there = await find(reference);
			if (there === null) {
				const control = await numbers.take(`${ORDER_KEY}${reference}`);
				const text = interchangeText(partner, control, { functionalId: 'OW', transactionSet: '940', segments: segmentsOf940(partner, request, control.number) });
				if ((await folder.create(outgoing, name, text)) === 'created') {
					if ((await folder.stat(`${outgoing}/processed`, name)) === null) {
						await folder.create(SENT, name, text);
						return { kind: 'accepted', wmsOrderId: reference };
					}
					// Either the warehouse took our file this moment, or this process slept since it looked and another's was taken.
					await folder.move(outgoing, name, canceled);
					return { kind: 'duplicate', wmsOrderId: reference };
				}
				there = outgoing;
			}
			const found = await textIn(there, name);
			const other = found === null ? null : otherReference(found, depositorNumber(reference, (await numbers.take(`${ORDER_KEY}${reference}`)).number));
			if (other !== null) {
				const problem = `the file ${name} holds another order, ${other}`;
				return { kind: 'rejected', problems: [{ field: 'reference', value: reference, problem, code: 'rejected_by_wms' }] };
			}
			// A crash may have come between the file and its copy.
			if (there === outgoing && found !== null) await folder.create(SENT, name, found);
			return { kind: 'duplicate', wmsOrderId: reference };
		} catch (error) {
			return outcomeOf(error);
		}
	}

	/** Null when it was taken meanwhile. */
	async function textIn(directory: string, name: string): Promise<string | null> {
		const file = await folder.stat(directory, name);
		if (file === null) return null;
		try {
			return await textOf(folder, directory, file);
		} catch (error) {
			if ((await folder.stat(directory, name)) === null) return null;
			throw asError(error);
		}
	}

	async function* pagesOf(file: FileEntry, done: number): AsyncGenerator<WmsEventPage> {
		const origin = `${incoming}/${file.name}`;
		const report = await reportOf(partner, numbers, await textOf(folder, incoming, file), origin);
		// Somebody wrote to the file while we read it: the next poll reads it again.
		if (!sameFile(file, await folder.stat(incoming, file.name))) return;
		let start = Math.min(done, report.events.length);
		for (; start + PAGE_SIZE < report.events.length; start += PAGE_SIZE) {
			yield { events: report.events.slice(start, start + PAGE_SIZE), failures: [], next: positionIn(incoming, file, start + PAGE_SIZE) };
		}
		yield { events: report.events.slice(start), failures: report.failures, next: null, afterRecorded: async () => await finish(file, report) };
	}

	/** Every step may come twice: a crash between them leaves the file, and the next poll goes through all of them again. */
	async function finish(file: FileEntry, { toAnswer, answered, failures }: InboxReport): Promise<void> {
		for (const { group, key } of toAnswer) {
			const control = await numbers.take(key);
			const text = interchangeText(partner, control, { functionalId: 'FA', transactionSet: '997', segments: segmentsOf997(group) });
			await folder.create(outgoing, `997-${String(control.number).padStart(9, '0')}.edi`, text);
		}
		for (const { reference, accepted } of answered) {
			const to = `${SENT}/${accepted ? 'acknowledged' : 'rejected'}`;
			if ((await folder.move(SENT, fileName(reference), to)) === null) await folder.move(`${SENT}/unacknowledged`, fileName(reference), to);
		}
		await folder.move(incoming, file.name, `${incoming}/${failures.length === 0 ? 'archive' : 'failed'}`);
	}

	/** Orders whose 997 has not come in time; each is told once. */
	async function* overdue(): AsyncGenerator<WmsEventPage> {
		const hours = partner.acknowledgementHours;
		if (hours === 0) return;
		const late = (await folder.list(SENT)).filter(({ modifiedAt }) => modifiedAt < Date.now() - hours * 3_600_000);
		for (const { name } of late) {
			yield {
				events: [],
				failures: [{
					subject: 'shipment', key: `x12:997:${name}`, origin: `${SENT}/${name}`,
					message: `The warehouse has not acknowledged the order in ${name} (no 997 within ${hours} hours).`,
					remedy: `Ask the warehouse whether it has the order. If not, copy ${SENT}/unacknowledged/${name} to ${outgoing}: it keeps its control number, so a translator that has it drops the repeat.`,
					payload: { file: `${SENT}/${name}` },
				}],
				next: null,
				afterRecorded: async () => void (await folder.move(SENT, name, `${SENT}/unacknowledged`)),
			};
		}
	}

	async function cancelOrder({ reference }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const name = fileName(reference);
		if ((await folder.stat(outgoing, name)) !== null) {
			// The copy first: one that stayed behind would say that the warehouse has the order.
			const copy = await folder.move(SENT, name, `${SENT}/canceled`);
			if ((await folder.move(outgoing, name, canceled)) !== null) return 'canceled';
			if (copy !== null) await folder.move(`${SENT}/canceled`, copy, SENT);
		}
		if ((await find(reference)) !== null) return 'too_late';
		return (await folder.stat(canceled, name)) !== null ? 'canceled' : 'not_found';
	}

	return {
		source: `wms:${sequenceOf(partner)}@${folder.label}`,
		findOrder: async (reference) => ((await find(reference)) === null ? null : { wmsOrderId: reference }),
		createOrder,
		async *listShipments(cursor: Cursor | null) {
			for (const file of (await stableFiles(folder, incoming, settings)).sort((a, b) => (a.name < b.name ? -1 : 1))) {
				try {
					yield* pagesOf(file, doneBefore(incoming, file, cursor));
				} catch (error) {
					if (!(error instanceof MappingError || error instanceof FolderFailure)) throw asError(error);
					// Another poller has archived it meanwhile.
					if ((await folder.stat(incoming, file.name)) === null) continue;
					yield failedFile(error, file);
				}
			}
			yield* overdue();
		},
		cancelOrder,
	};

	function failedFile(error: FulfillmentError, file: FileEntry): WmsEventPage {
		const path = `${incoming}/${file.name}`;
		return {
			events: [],
			failures: [{ subject: 'shipment', key: `x12:${path}`, origin: path, message: error.message, remedy: error.remedy, payload: { file: path } }],
			next: null,
			// A file that may only be locked for now stays where it is.
			...(error instanceof MappingError ? { afterRecorded: async () => void (await folder.move(incoming, file.name, `${incoming}/failed`)) } : {}),
		};
	}
}

/** The order in one of our files, if it is another one. A file that cannot be read counts as ours: better a question than a second parcel. */
function otherReference(text: string, depositor: string): string | null {
	const segments = readX12(text).interchanges.flatMap(({ groups }) => groups).flatMap(({ transactions }) => transactions).flatMap((transaction) => transaction.segments);
	const found = element(segments.find(({ name }) => name === 'W05'), 2);
	return found === '' || found === depositor ? null : found;
}

/** What an error while writing means: nothing was visible before the file got its name. */
function outcomeOf(error: unknown): SendOutcome {
	if (!(error instanceof FulfillmentError) || error.code !== 'file_access') throw asError(error);
	const cause = `${error.message} ${error.remedy}`;
	if (error instanceof FolderFailure && error.written === 'maybe') return { kind: 'unknown', cause };
	return { kind: 'unavailable', cause };
}
