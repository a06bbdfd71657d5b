/**
 * Reads interchanges. Separators are what ISA says by its positions. A transaction whose counts or control numbers are wrong is told and
 * left out, the others go on; a group or an interchange that is wrong is left out as a whole, since nobody knows what is missing.
 */
export interface X12Segment {
	/** "W06". */
	name: string;
	/** Without the name: element 1 is at 0. */
	elements: string[];
}

export interface X12Transaction {
	/** ST01. */
	set: string;
	/** ST02. */
	control: string;
	/** Between ST and SE. */
	segments: X12Segment[];
	/** Why it cannot be used; null = nothing against it. */
	problem: string | null;
}

export interface X12Group {
	functionalId: string;
	sender: string;
	receiver: string;
	control: string;
	version: string;
	transactions: X12Transaction[];
	problem: string | null;
}

export interface X12Interchange {
	senderQualifier: string;
	sender: string;
	receiverQualifier: string;
	receiver: string;
	control: string;
	usage: string;
	groups: X12Group[];
	problem: string | null;
}

interface X12File {
	interchanges: X12Interchange[];
	/** What stands between or behind interchanges and is none. */
	problems: string[];
}

const ISA_LENGTH = 106;
/** Where ISA has its element separators. */
const ISA_SEPARATORS = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/** Element `n` of a segment, counted from 1 as in the guides; '' when it is not there. */
export const element = (segment: X12Segment | undefined, n: number): string => (segment?.elements[n - 1] ?? '').trim();

/** Never throws: what cannot be read is a problem of what it stands in. */
export function readX12(text: string): X12File {
	const file: X12File = { interchanges: [], problems: [] };
	let rest = text.replace(/^\uFEFF/, '').replace(/^\s+/, '');
	if (rest === '') file.problems.push('the file is empty');
	while (rest !== '') {
		if (!rest.startsWith('ISA')) {
			file.problems.push(
				`something other than an interchange stands ${file.interchanges.length === 0 ? 'at the beginning' : 'behind an interchange'}: ${JSON.stringify(rest.slice(0, 40))}`,
			);
			const next = rest.search(/\bISA[^A-Za-z0-9\s]/);
			if (next <= 0) break;
			rest = rest.slice(next);
			continue;
		}
		const { interchange, length } = readInterchange(rest);
		if (typeof interchange === 'string') file.problems.push(interchange);
		else file.interchanges.push(interchange);
		rest = rest.slice(length).replace(/^\s+/, '');
	}
	return file;
}

function readInterchange(text: string): { interchange: X12Interchange | string; length: number } {
	const separator = text[3] ?? '';
	const header = text.slice(0, ISA_LENGTH);
	const terminator = header[ISA_LENGTH - 1] ?? '';
	const next = text.slice(3).search(/\bISA[^A-Za-z0-9\s]/);
	const whole = next < 0 ? text.length : next + 3;
	const wrong = (why: string) => ({ interchange: why, length: whole });
	if (header.length < ISA_LENGTH) return wrong(`ISA is cut off: it has ${header.length} characters of ${ISA_LENGTH}`);
	if (/[A-Za-z0-9\s]/.test(separator)) return wrong(`ISA has no element separator: ${JSON.stringify(separator)} stands behind it`);
	if (!ISA_SEPARATORS.every((at) => header[at] === separator) || header.split(separator).length !== ISA_SEPARATORS.length + 1) {
		return wrong(`the elements of ISA do not have their fixed widths, or its separator ${JSON.stringify(separator)} stands inside one`);
	}
	if (/[A-Za-z0-9 ]/.test(terminator) || terminator === separator || terminator === header[104])
		return wrong(`ISA names no segment terminator: ${JSON.stringify(terminator)} stands where it belongs`);
	const isa = header
		.slice(0, -1)
		.split(separator)
		.map((each) => each.trim());
	const part = (place: number): string => isa[place] ?? '';
	const interchange: X12Interchange = {
		senderQualifier: part(5),
		sender: part(6),
		receiverQualifier: part(7),
		receiver: part(8),
		control: part(13),
		usage: part(15),
		groups: [],
		problem: null,
	};
	let at = ISA_LENGTH;
	const segments: X12Segment[] = [];
	let ended = false;
	while (at < text.length && !ended) {
		const end = text.indexOf(terminator, at);
		const raw = (end < 0 ? text.slice(at) : text.slice(at, end)).replace(/^\s+|[\r\n]+$/g, '');
		if (raw.startsWith(`ISA${separator}`)) break;
		at = end < 0 ? text.length : end + 1;
		if (raw === '') continue;
		const [name = '', ...elements] = raw.split(separator);
		segments.push({ name: name.trim(), elements });
		ended = name.trim() === 'IEA';
		if (end < 0 && !ended) break;
	}
	fill(interchange, segments);
	return { interchange, length: at };
}

function fill(interchange: X12Interchange, segments: readonly X12Segment[]): void {
	const blame = (problem: string): void => void (interchange.problem ??= problem);
	let group: X12Group | null = null;
	let transaction: X12Transaction | null = null;
	for (const segment of segments) {
		const here = `interchange ${interchange.control}`;
		switch (segment.name) {
			case 'GS':
				if (group !== null) blame(`group ${group.control} has no end (GE)`);
				group = {
					functionalId: element(segment, 1),
					sender: element(segment, 2),
					receiver: element(segment, 3),
					control: element(segment, 6),
					version: element(segment, 8),
					transactions: [],
					problem: null,
				};
				if (interchange.groups.some(({ control }) => control === group?.control))
					blame(`the group control number ${group.control} stands twice in ${here}`);
				interchange.groups.push(group);
				transaction = null;
				break;
			case 'ST':
				if (group === null) blame(`a transaction (ST) stands outside of a group in ${here}`);
				else {
					if (transaction !== null) transaction.problem ??= `transaction ${transaction.control} has no end (SE)`;
					transaction = { set: element(segment, 1), control: element(segment, 2), segments: [], problem: null };
					if (group.transactions.some(({ control }) => control === transaction?.control))
						transaction.problem = `the transaction control number ${transaction.control} stands twice in group ${group.control}`;
					group.transactions.push(transaction);
				}
				break;
			case 'SE':
				if (transaction === null) blame(`an end of a transaction (SE) stands without a beginning in ${here}`);
				else endTransaction(transaction, segment);
				transaction = null;
				break;
			case 'GE':
				if (group === null) blame(`an end of a group (GE) stands without a beginning in ${here}`);
				else {
					if (transaction !== null) transaction.problem ??= `transaction ${transaction.control} has no end (SE)`;
					endGroup(group, segment);
				}
				[group, transaction] = [null, null];
				break;
			case 'IEA':
				if (group !== null) blame(`group ${group.control} has no end (GE)`);
				if (Number(element(segment, 1)) !== interchange.groups.length)
					blame(`IEA counts ${element(segment, 1)} groups, there are ${interchange.groups.length}`);
				if (Number(element(segment, 2)) !== Number(interchange.control))
					blame(`IEA has the control number ${element(segment, 2)}, ISA ${interchange.control}`);
				return;
			case 'TA1':
				break;
			default:
				if (transaction === null)
					blame(`the segment ${JSON.stringify(segment.name.slice(0, 20))} stands outside of a transaction in ${here}`);
				else transaction.segments.push(segment);
		}
	}
	blame(`interchange ${interchange.control} has no end (IEA): the file is cut off, or its separators are not those that ISA names`);
}

function endTransaction(transaction: X12Transaction, end: X12Segment): void {
	// ST and SE count as well.
	const count = transaction.segments.length + 2;
	if (Number(element(end, 1)) !== count)
		transaction.problem ??= `SE of transaction ${transaction.control} counts ${element(end, 1)} segments, there are ${count}`;
	if (element(end, 2) !== transaction.control)
		transaction.problem ??= `SE has the control number ${element(end, 2)}, ST ${transaction.control}`;
}

function endGroup(group: X12Group, end: X12Segment): void {
	if (Number(element(end, 1)) !== group.transactions.length)
		group.problem ??= `GE of group ${group.control} counts ${element(end, 1)} transactions, there are ${group.transactions.length}`;
	if (Number(element(end, 2)) !== Number(group.control))
		group.problem ??= `GE has the control number ${element(end, 2)}, GS ${group.control}`;
}
