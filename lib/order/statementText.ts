/** A statement as an e-mail: plain text, and HTML in which nothing from a cart is markup. Pure. */
import { BUCKETS, type Bucket, type Statement } from './statement';
import { oneLine } from './texts';

/** What is read in the text; the statement itself has all of it. */
const MOST = { numbers: 20, reasons: 8, numberLength: 40, reasonLength: 160 } as const;

/** As a person reads it: what went well, what waits, what is left out, what is wrong. */
const READ_IN_ORDER: readonly Bucket[] = [
	'shipped',
	'atWarehouse',
	'waiting',
	'inError',
	'skipped',
	'canceled',
	'putAway',
	'notOurs',
	'notEligible',
	'failures',
	'missing',
];

interface Line {
	label: string;
	count: number;
	/** Order numbers, as far as they are shown. */
	numbers: string;
	isReason: boolean;
}

/** @example shortList(['1001', '1002'], 1) // "1001 and 1 more" */
export function shortList(numbers: readonly string[], most: number = MOST.numbers): string {
	const named = numbers
		.slice(0, most)
		.map((number) => oneLine(number, MOST.numberLength))
		.join(', ');
	return numbers.length > most ? `${named} and ${numbers.length - most} more` : named;
}

function linesOf(statement: Statement): Line[] {
	const lines: Line[] = [];
	for (const bucket of READ_IN_ORDER) {
		const all = statement.numbers[bucket];
		const reasons = statement.reasons.filter((one) => one.bucket === bucket);
		const apart = reasons.reduce((sum, { count }) => sum + count, 0) === all.length;
		lines.push({ label: BUCKETS[bucket].label, count: all.length, numbers: apart ? '' : shortList(all), isReason: false });
		for (const { reason, count, numbers } of reasons.slice(0, MOST.reasons))
			lines.push({ label: oneLine(reason, MOST.reasonLength), count, numbers: shortList(numbers), isReason: true });
		const others = reasons.slice(MOST.reasons);
		if (others.length > 0)
			lines.push({
				label: `${others.length} other reasons`,
				count: others.reduce((sum, { count }) => sum + count, 0),
				numbers: shortList(others.flatMap(({ numbers }) => numbers)),
				isReason: true,
			});
	}
	return lines;
}

/** @example minute('2026-11-23T20:27:00.000Z') // "2026-11-23 20:27" */
const minute = (date: string): string => date.slice(0, 16).replace('T', ' ');

const titleOf = ({ store }: Statement): string => `Statement of ${oneLine(store, 200)}`;
const spanOf = ({ from, to }: Statement): string => `Orders placed from ${minute(from)} to ${minute(to)} UTC.`;
const twiceOf = ({ numbers: { twice } }: Statement): Line => ({
	label: 'Sent or uploaded twice',
	count: twice.length,
	numbers: shortList(twice),
	isReason: false,
});

/** What was done about orders that were missing, in front of the counts. */
function repairsOf({ store, orders, reconciled, missing, twice }: Statement): string[] {
	const { imported = [], changed = [], complete = true } = reconciled ?? {};
	return [
		...(imported.length === 0
			? []
			: [`Were missing, and are imported now; the rules take them on: ${imported.length} (${shortList(imported)}).`]),
		...(changed.length === 0 ? [] : [`Were changed in the cart, and are compared now: ${changed.length} (${shortList(changed)}).`]),
		...(complete ? [] : ['Not all orders were compared with the cart; the rest is compared the next time.']),
		...(missing === 0
			? []
			: [
					reconciled === null
						? `Missing, and named below: ${missing}. ${missing === orders ? `That is every order of the span: make sure that ${oneLine(store, 200)} is the name in the import trigger, since Reconcile with a mistyped name imports them a second time. ` : ''}Reconcile imports what is missing.`
						: `Missing still, and named below: ${missing}. The next Reconcile imports them; if one stays missing, use Import From Cart, which says why.`,
				]),
		...(twice === 0 ? [] : [`Sent or uploaded twice, and named below: ${twice}. The timeline of each order says where it went.`]),
	];
}

/** Each count with the order numbers behind it, long lists cut. */
export function statementText(statement: Statement): string {
	const line = ({ label, count, numbers, isReason }: Line): string =>
		`${isReason ? `    ${count} – ${label}` : `  ${label}: ${count}`}${numbers === '' ? '' : ` (${numbers})`}`;
	const repairs = repairsOf(statement);
	return [
		titleOf(statement),
		spanOf(statement),
		'',
		...(repairs.length === 0 ? [] : [...repairs, '']),
		`Orders in the cart: ${statement.orders}`,
		...linesOf(statement).map(line),
		'',
		line(twiceOf(statement)).trim(),
		'',
	].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');

/** The same as HTML for a message: no styles from outside, no links, nothing to load. */
export function statementHtml(statement: Statement): string {
	const row = ({ label, count, numbers, isReason }: Line): string =>
		`<tr><td style="padding:2px 12px 2px ${isReason ? '20px' : '0'}">${escaped(label)}</td><td style="text-align:right;padding:2px 12px">${count}</td><td>${escaped(numbers)}</td></tr>`;
	const rows = [
		{ label: 'Orders in the cart', count: statement.orders, numbers: '', isReason: false },
		...linesOf(statement),
		twiceOf(statement),
	];
	return `<h3>${escaped(titleOf(statement))}</h3>\n<p>${escaped(spanOf(statement))}</p>\n${repairsOf(statement)
		.map((repair) => `<p>${escaped(repair)}</p>\n`)
		.join('')}<table>\n${rows.map(row).join('\n')}\n</table>\n`;
}
