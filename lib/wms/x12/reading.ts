/** What the warehouse put into our directory, and what it should have put there by now. */
import { openContent } from '../../files/content';
import { pathOf, type InboxFile } from '../../files/inbox';
import type { InboxMemory } from '../../files/inboxMemory';
import { doneBefore, endedAs, sameFile } from '../../files/position';
import { putAway } from '../../files/putAway';
import type { Cursor } from '../../order/wmsEvent';
import type { WmsEventPage } from '../Wms';
import { segmentsOf997 } from './ack997';
import { fileText, reportOf, type InboxReport } from './inbox';
import { fileName, SENT, type X12Site } from './sending';
import { interchangeText } from './write';

const PAGE_SIZE = 200;

/** Pages of one file. Every one moves the position, so that a poller that was overtaken records nothing. */
export async function* pagesOf(site: X12Site, file: InboxFile, cursor: Cursor | null, memory: InboxMemory): AsyncGenerator<WmsEventPage> {
	const { folder, numbers, partner } = site;
	if (file.problem) throw file.problem;
	const content = await openContent(folder, file.directory, file.name);
	const report = await reportOf(partner, numbers, await fileText(content.bytes(), pathOf(file)), pathOf(file));
	// Its owner wrote to the file while we read it: the next poll reads it again.
	if (!sameFile(file, await folder.stat(file.directory, file.name))) return;
	const { events, failures } = report;
	const done = { hash: content.hash, memory };
	// All of it was recorded; what comes after that may have been interrupted anywhere.
	if (endedAs(file, cursor) !== null) return await finish(site, file, report, done);
	let start = Math.min(doneBefore(file, content.hash, cursor), events.length);
	for (; start + PAGE_SIZE < events.length; start += PAGE_SIZE) {
		yield { events: events.slice(start, start + PAGE_SIZE), failures: [], next: memory.positionIn(file, content.hash, start + PAGE_SIZE) };
	}
	const next = memory.endOf(file, content.hash, events.length, failures.length === 0 ? 'archive' : 'failed');
	yield { events: events.slice(start), failures, next, afterRecorded: async () => await finish(site, file, report, done) };
}

/** Every step may come twice: a crash between them leaves the file, and the next poll goes through all of them again. */
async function finish(
	{ folder, numbers, partner }: X12Site,
	file: InboxFile,
	{ toAnswer, answered, failures }: InboxReport,
	done: { hash: string; memory: InboxMemory },
): Promise<void> {
	for (const { group, key } of toAnswer) {
		const control = await numbers.take(key);
		const text = interchangeText(partner, control, { functionalId: 'FA', transactionSet: '997', segments: segmentsOf997(group) });
		await folder.create(partner.outgoing, `997-${String(control.number).padStart(9, '0')}.edi`, text);
	}
	for (const { reference, accepted } of answered) {
		const to = `${SENT}/${accepted ? 'acknowledged' : 'rejected'}`;
		if ((await folder.move(SENT, fileName(reference), to)) === null) await folder.move(`${SENT}/unacknowledged`, fileName(reference), to);
	}
	const to = failures.length === 0 ? 'archive' : 'failed';
	await putAway(folder, file, `${partner.incoming}/${to}`, { ...done, to });
}

/** Orders whose 997 has not come in time; each is told once. */
export async function* overdue({ folder, partner }: X12Site): AsyncGenerator<WmsEventPage> {
	const { acknowledgementHours: hours, outgoing } = partner;
	if (hours === 0) return;
	const late = (await folder.list(SENT)).filter(({ modifiedAt }) => modifiedAt < Date.now() - hours * 3_600_000);
	for (const { name } of late) {
		yield {
			events: [],
			failures: [
				{
					subject: 'shipment',
					key: `x12:997:${name}`,
					origin: `${SENT}/${name}`,
					message: `The warehouse has not acknowledged the order in ${name} (no 997 within ${hours} hours).`,
					remedy: `Ask the warehouse whether it has the order. If not, copy ${SENT}/unacknowledged/${name} to ${outgoing}: it keeps its control number, so a translator that has it drops the repeat.`,
					payload: { file: `${SENT}/${name}` },
				},
			],
			next: null,
			afterRecorded: async () => void (await folder.move(SENT, name, `${SENT}/unacknowledged`)),
		};
	}
}
