/** Order files: put out once, looked for where they may be, and taken back before the warehouse has them. */
import type { Folder } from '../../files/Folder';
import { safeFileName } from '../../files/names';
import { asError, shown } from '../../order/errors';
import { fileOutcome } from '../common/reportFiles';
import type { CancelOutcome, SendOutcome, WaitingOrder } from '../Wms';
import { ORDER_KEY, fileText, type ControlNumbers } from './inbox';
import { depositorNumber, keyProblems, segmentsOf940, type X12Request } from './order940';
import { element, readX12, type X12Segment } from './read';
import type { X12Partner } from './settings';
import { interchangeText } from './write';

/** One warehouse, by one folder. */
export interface X12Site {
	folder: Folder;
	numbers: ControlNumbers;
	partner: X12Partner;
}

/** Copies of the orders that were put out: they tell that the warehouse has one, and wait for its 997. */
export const SENT = 'sent';

export const fileName = (reference: string): string => `${safeFileName(reference, 120)}.edi`;

/** Where what is canceled goes before the warehouse takes it. */
const canceledIn = ({ outgoing }: X12Partner): string => `${outgoing}/canceled`;

/** Looked for in the order in which a file moves, so that one on its way is seen in the second place. */
export async function findOrderFile({ folder, partner: { outgoing } }: X12Site, reference: string): Promise<string | null> {
	const name = fileName(reference);
	for (const directory of [outgoing, `${outgoing}/processed`, SENT, `${SENT}/acknowledged`, `${SENT}/unacknowledged`]) {
		if ((await folder.stat(directory, name)) !== null) return directory;
	}
	return null;
}

export async function createOrder(site: X12Site, request: X12Request): Promise<SendOutcome> {
	const { folder, numbers, partner } = site;
	const { outgoing } = partner;
	const { reference } = request;
	const problems = keyProblems(partner, request);
	if (problems.length > 0) return { kind: 'rejected', problems };
	const name = fileName(reference);
	try {
		let there = await findOrderFile(site, reference);
		const control = await numbers.take(`${ORDER_KEY}${reference}`);
		const text = interchangeText(partner, control, {
			functionalId: 'OW',
			transactionSet: '940',
			segments: segmentsOf940(partner, request, control.number),
		});
		if (there === null) {
			if ((await folder.create(outgoing, name, text)) === 'created') {
				// Where one was taken: either ours, this moment, and there is nothing to withdraw; or this process slept since it looked, and another's was.
				if (
					(await folder.stat(`${outgoing}/processed`, name)) === null ||
					(await folder.move(outgoing, name, canceledIn(partner))) === null
				) {
					await folder.create(SENT, name, text);
					return { kind: 'accepted', wmsOrderId: reference };
				}
				there = `${outgoing}/processed`;
			} else there = outgoing;
		}
		const found = await textIn(folder, there, name);
		const other = found === null ? null : otherReference(found, depositorNumber(reference, control.number));
		if (other !== null) {
			const problem = `the file ${name} holds another order, ${other}`;
			return { kind: 'rejected', problems: [{ field: 'reference', value: reference, problem, code: 'rejected_by_wms' }] };
		}
		// A crash may have come between the file and its copy.
		if (there === outgoing && found !== null) await folder.create(SENT, name, found);
		return { kind: 'duplicate', wmsOrderId: reference, ...(found === null ? {} : { differs: differenceOf(found, text) }) };
	} catch (error) {
		return fileOutcome(error);
	}
}

export async function cancelOrder(site: X12Site, { reference }: WaitingOrder): Promise<CancelOutcome> {
	const { folder, partner } = site;
	const { outgoing } = partner;
	const canceled = canceledIn(partner);
	const name = fileName(reference);
	if ((await folder.stat(outgoing, name)) !== null) {
		// The copy first: one that stayed behind would say that the warehouse has the order.
		const copy = await folder.move(SENT, name, `${SENT}/canceled`);
		if ((await folder.move(outgoing, name, canceled)) !== null) return 'canceled';
		if (copy !== null) await folder.move(`${SENT}/canceled`, copy, SENT);
	}
	if ((await findOrderFile(site, reference)) !== null) return 'too_late';
	return (await folder.stat(canceled, name)) !== null ? 'canceled' : 'not_found';
}

/** Null when it was taken meanwhile. */
async function textIn(folder: Folder, directory: string, name: string): Promise<string | null> {
	if ((await folder.stat(directory, name)) === null) return null;
	try {
		return await fileText(folder.read(directory, name), `${directory}/${name}`);
	} catch (error) {
		if ((await folder.stat(directory, name)) === null) return null;
		throw asError(error);
	}
}

/** The order in one of our files, if it is another one. A file that cannot be read counts as ours: better a question than a second package. */
function otherReference(text: string, depositor: string): string | null {
	const segments = segmentsIn(text);
	const found = element(
		segments.find(({ name }) => name === 'W05'),
		2,
	);
	return found === '' || found === depositor ? null : found;
}

const segmentsIn = (text: string): X12Segment[] =>
	readX12(text)
		.interchanges.flatMap(({ groups }) => groups)
		.flatMap(({ transactions }) => transactions)
		.flatMap((transaction) => transaction.segments);

const wordsOf = (text: string): string[] => segmentsIn(text).map(({ name, elements }) => [name, ...elements].join('*').replace(/\*+$/, ''));

const MOST_NAMED = 4;

/** How the order in an interchange differs from what was to be written, in words; null = not at all. */
function differenceOf(there: string, own: string): string | null {
	const [before, after] = [wordsOf(there), wordsOf(own)];
	const changes = after.flatMap((segment, index) =>
		segment === before[index] ? [] : [`${shown(before[index] ?? '', 80)} → ${shown(segment, 80)}`],
	);
	if (before.length > after.length) changes.push(`${before.length - after.length} segments more`);
	if (changes.length === 0) return null;
	return changes.slice(0, MOST_NAMED).join('; ') + (changes.length > MOST_NAMED ? `; and ${changes.length - MOST_NAMED} more` : '');
}
