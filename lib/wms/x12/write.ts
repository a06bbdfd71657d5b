/** Writes interchanges. X12 knows no escape: what stands in a text and is a separator becomes a blank. */
import { transliterate } from 'transliteration';
import type { X12Partner } from './settings';

type Element = string | number | null | undefined;
/** Name and elements. */
export type Segment = readonly [string, ...Element[]];

interface GroupToWrite {
	/** GS01: "OW", "FA". */
	functionalId: string;
	/** ST01: "940", "997". */
	transactionSet: string;
	/** Between ST and SE. */
	segments: readonly Segment[];
}

/** The text as an element: one line, without separators, at most `maxLength` long; undefined when nothing is left. */
export function elementOf(partner: X12Partner, value: string | null | undefined, maxLength: number): string | undefined {
	if (value === null || value === undefined) return undefined;
	const spelled = partner.ascii ? transliterate(value).replace(/[^\x20-\x7e]/g, ' ') : value.replace(/\p{Cc}/gu, ' ');
	const separators = [partner.elementSeparator, partner.segmentTerminator, partner.componentSeparator];
	const clean = [...spelled]
		.map((letter) => (separators.includes(letter) ? ' ' : letter))
		.join('')
		.replace(/\s+/g, ' ')
		.trim();
	const cut = [...clean].slice(0, maxLength).join('').trim();
	return cut === '' ? undefined : cut;
}

/** What a key must not lose: letters that would be changed by writing it; null = none. */
export function lostIn(partner: X12Partner, key: string): string | null {
	const lost = [...key].filter((letter) => elementOf(partner, `a${letter}a`, 3) !== `a${letter}a`);
	return lost.length === 0 && key.trim() === key && !/\s{2}/.test(key) ? null : lost.join('') || ' ';
}

/** One interchange of one group of one transaction, all with the same control number. */
export function interchangeText(partner: X12Partner, control: { number: number; givenAt: string }, group: GroupToWrite): string {
	const number = String(control.number);
	const [date, time] = [control.givenAt.slice(0, 10).replaceAll('-', ''), control.givenAt.slice(11, 16).replace(':', '')];
	const isa: Segment = [
		'ISA',
		'00',
		' '.repeat(10),
		'00',
		' '.repeat(10),
		partner.ourQualifier,
		partner.ourId.padEnd(15),
		partner.theirQualifier,
		partner.theirId.padEnd(15),
		date.slice(2),
		time,
		'U',
		'00401',
		number.padStart(9, '0'),
		'0',
		partner.usage,
		partner.componentSeparator,
	];
	const st = '0001';
	const transaction: Segment[] = [['ST', group.transactionSet, st], ...group.segments];
	transaction.push(['SE', transaction.length + 1, st]);
	const all: Segment[] = [
		['GS', group.functionalId, partner.ourGroupId, partner.theirGroupId, date, time, number, 'X', '004010'],
		...transaction,
		['GE', 1, number],
		['IEA', 1, number.padStart(9, '0')],
	];
	const end = `${partner.segmentTerminator}${partner.lineBreaks && partner.segmentTerminator !== '\n' ? '\r\n' : ''}`;
	return [isa.join(partner.elementSeparator), ...all.map((segment) => segmentText(segment, partner.elementSeparator))]
		.map((text) => `${text}${end}`)
		.join('');
}

/** Empty elements at the end are left out. */
function segmentText(segment: Segment, separator: string): string {
	const elements = segment.map((element) => (element === null || element === undefined ? '' : String(element)));
	while (elements.length > 1 && elements.at(-1) === '') elements.pop();
	return elements.join(separator);
}
