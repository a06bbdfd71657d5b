/** What a file of the warehouse says: events, failures, and which groups are to be answered. */
import { shortHash } from '../../files/names';
import { MappingError } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { WmsEvent } from '../../order/wmsEvent';
import { read997 } from './ack997';
import { eventsOf945 } from './advice945';
import { controlIn } from './order940';
import { readX12, type X12Group, type X12Interchange, type X12Transaction } from './read';
import { sequenceOf, type X12Partner } from './settings';

/** Control numbers, which the order store keeps. */
export interface ControlNumbers {
	/** The number that stands for this key for ever. */
	take(key: string): Promise<{ number: number; givenAt: string }>;
	/** What a number was given for; null = it was not. */
	keyOf(number: number): Promise<string | null>;
	/** True when the partner used this name for this content first, or again; false when it had used it for another content. */
	isFirst(name: string, content: string): Promise<boolean>;
}

export interface InboxReport {
	events: WmsEvent[];
	failures: NewImportFailure[];
	/** Groups that get a 997, with what tells this answer from any other. */
	toAnswer: Array<{ group: X12Group; key: string }>;
	/** Our orders of which a 997 told. */
	answered: Array<{ reference: string; accepted: boolean }>;
}

const LARGEST_FILE = 32 * 1024 * 1024;
const REMEDY = 'The file is kept in the directory "failed". Have the warehouse send it again, or correct it and put it back.';

/**
 * The text of a file; one that is no UTF-8 is taken as Windows-1252. Throws MappingError for one that is far too large.
 *
 * @param origin for people: "from-warehouse/945-17.edi"
 */
export async function fileText(content: AsyncIterable<Uint8Array>, origin: string): Promise<string> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of content) {
		length += chunk.length;
		if (length > LARGEST_FILE)
			throw new MappingError(origin, length, `is larger than ${LARGEST_FILE / 1024 / 1024} MB`, 'Have the warehouse send smaller files.');
		chunks.push(chunk);
	}
	const bytes = Buffer.concat(chunks);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}

/** @param origin where it was read, for people: "from-warehouse/945-17.edi" */
export async function reportOf(partner: X12Partner, numbers: ControlNumbers, text: string, origin: string): Promise<InboxReport> {
	const report: InboxReport = { events: [], failures: [], toAnswer: [], answered: [] };
	const { interchanges, problems } = readX12(text);
	problems.forEach((problem, index) => report.failures.push(failureOf(origin, `${origin}#${shortHash(problem)}.${index}`, problem)));
	for (const interchange of interchanges) {
		const own: InboxReport = { events: [], failures: [], toAnswer: [], answered: [] };
		const problem = interchange.problem ?? addressProblem(partner, interchange);
		const key = `${origin}#${interchange.control}`;
		if (problem !== null) own.failures.push(failureOf(origin, key, problem));
		else {
			const content = shortHash(JSON.stringify(interchange), 32);
			for (const group of interchange.groups) await readGroup(own, partner, numbers, interchange, group, content, origin);
			// One with mistakes may come again, corrected, under its own number.
			if (
				own.failures.length === 0 &&
				!(await numbers.isFirst(`${interchange.senderQualifier}/${interchange.sender}:${interchange.control}`, content))
			) {
				const used = `the interchange control number ${interchange.control} was used before for another content`;
				own.failures.push(failureOf(origin, key, used));
				[own.events, own.toAnswer, own.answered] = [[], [], []];
			}
		}
		report.events.push(...own.events);
		report.failures.push(...own.failures);
		report.toAnswer.push(...own.toAnswer);
		report.answered.push(...own.answered);
	}
	return report;
}

const failureOf = (origin: string, key: string, problem: string): NewImportFailure => ({
	subject: 'shipment',
	key: `x12:${key}`,
	origin,
	message: `${origin}: ${problem}.`,
	remedy: REMEDY,
	payload: { file: origin },
});

function addressProblem({ ourId, theirId, usage }: X12Partner, { sender, receiver, usage: given, control }: X12Interchange): string | null {
	if (receiver !== ourId) return `interchange ${control} is for ${JSON.stringify(receiver)}, we are ${JSON.stringify(ourId)}`;
	if (sender !== theirId) return `interchange ${control} is from ${JSON.stringify(sender)}, the warehouse is ${JSON.stringify(theirId)}`;
	if (given !== usage)
		return `interchange ${control} is ${given === 'T' ? 'a test' : 'for production'} (ISA15 ${given}), the credential says ${usage}`;
	return null;
}

async function readGroup(
	report: InboxReport,
	partner: X12Partner,
	numbers: ControlNumbers,
	interchange: X12Interchange,
	group: X12Group,
	content: string,
	origin: string,
): Promise<void> {
	const where = `interchange ${interchange.control}, group ${group.control}`;
	const key = `${origin}#${interchange.control}.${group.control}`;
	// A 997 is not answered: answers to answers would never end.
	if (group.functionalId !== 'FA' && partner.acknowledge)
		report.toAnswer.push({ group, key: `997:${interchange.control}.${group.control}.${content.slice(0, 12)}` });
	if (group.problem !== null) return void report.failures.push(failureOf(origin, key, group.problem));
	for (const transaction of group.transactions) {
		const fail = (problem: string): void => {
			// What we cannot use we refuse, so that the warehouse learns of it as well.
			transaction.problem ??= problem;
			report.failures.push(failureOf(origin, `${key}.${transaction.control}`, `${where}, transaction ${transaction.control}: ${problem}`));
		};
		if (transaction.problem !== null) fail(transaction.problem);
		else if (transaction.set === '945') {
			const events = eventsOf945(
				partner,
				transaction.segments,
				`${origin}, ${where}, transaction ${transaction.control}`,
				`${interchange.sender}:${interchange.control}.${group.control}.${transaction.control}`,
			);
			if (typeof events === 'string') fail(events);
			else for (const event of events) report.events.push({ ...event, reference: await referenceOf(numbers, event.reference ?? '') });
		} else if (transaction.set === '997') await read997Of(report, numbers, transaction, `${origin}, ${where}`, fail);
		else fail(`the set ${JSON.stringify(transaction.set)} is none that a warehouse sends (945, 997)`);
	}
}

/** Our reference behind the depositor's order number. */
async function referenceOf(numbers: ControlNumbers, depositor: string): Promise<string> {
	const control = controlIn(depositor);
	const key = control === null ? null : await numbers.keyOf(control);
	return key?.startsWith(ORDER_KEY) === true ? key.slice(ORDER_KEY.length) : depositor;
}

async function read997Of(
	report: InboxReport,
	numbers: ControlNumbers,
	transaction: X12Transaction,
	origin: string,
	fail: (problem: string) => void,
): Promise<void> {
	const said = read997(transaction.segments);
	if (typeof said === 'string') return fail(said);
	const key = await numbers.keyOf(said.group);
	if (key === null) return fail(`it acknowledges the group ${said.group}, which we did not send`);
	// Of our own 997 there is nothing to record.
	if (!key.startsWith(ORDER_KEY)) return;
	const reference = key.slice(ORDER_KEY.length);
	report.answered.push({ reference, accepted: said.accepted });
	if (said.accepted) report.events.push({ kind: 'acknowledged', reference, origin });
	else {
		const problem = `The warehouse's EDI system refused the order (interchange ${said.group}): ${said.reason}`;
		report.events.push({ kind: 'rejected', reference, origin, problems: [{ field: 'order', problem, code: 'rejected_by_wms' }] });
	}
}

/** What control numbers of orders are given for begins so. */
export const ORDER_KEY = '940:';

/** Control numbers of one partner, as the store keeps them. */
export const controlNumbersOf = (
	partner: X12Partner,
	store: {
		controlNumber(request: { sequence: string; key: string; first?: number }): Promise<{ number: number; givenAt: string }>;
		controlNumberKey(query: { sequence: string; number: number }): Promise<string | null>;
	},
): ControlNumbers => {
	const sequence = sequenceOf(partner);
	return {
		take: async (key) => await store.controlNumber({ sequence, key, first: partner.firstControlNumber }),
		keyOf: async (number) => await store.controlNumberKey({ sequence, number }),
		// Contents of one name are counted: the first has 1, whatever crashes and comes again.
		isFirst: async (name, content) => (await store.controlNumber({ sequence: `${sequence}:heard:${name}`, key: content })).number === 1,
	};
};
