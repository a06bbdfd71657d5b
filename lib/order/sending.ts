/**
 * What is known about an order and a warehouse, kept as a fact: each time an order goes out, the intent is recorded as a sending, and it says
 * "may be there" until there is proof. `DECISIONS` is the only place that says what may be decided about an order anew, by what is known.
 */
import { isObject } from './json';
import { keysOf } from './keys';
import { differences } from './layers';
import type { Address, IsoDate, JsonValue, LineItem, OrderContent, OrderedLine } from './order';
import { outstanding } from './derive';
import { shown } from './errors';
import type { SendingState } from './sendingState';
import type { FieldChange } from './timeline';

/** One order at one account of a warehouse under one reference. */
export interface Sending {
	orderId: string;
	/** Counts from 1 in the order; the highest is the latest. */
	number: number;
	/** Code of the WMS adapter. */
	wms: string;
	/** The account that it went to, as the session names it; "" = sent by a version that did not keep it. */
	account: string;
	reference: string;
	/** The warehouse's own key. */
	wmsOrderId: string | null;
	state: Exclude<SendingState, 'none'>;
	/** How often it was tried. */
	attempts: number;
	/** When the last request with it went out. A look-up proves an absence only later than the warehouse takes orders late. */
	requestedAt: IsoDate;
	/** When the warehouse was first known to have it; then its reference is used up, whatever comes. */
	receivedAt: IsoDate | null;
	/** What the warehouse said last, short and without secrets. */
	answer: string | null;
	answeredAt: IsoDate | null;
	/** Of what was sent; "" = not known. */
	contentHash: string;
	/** What was sent; null = not known, or purged. */
	content: SentContent | null;
	/** Of the cart's snapshot that it was made of; another one now = the cart changed it since. */
	snapshotHash: string;
}

/** What a warehouse works by. Money, tags and notes among ourselves are not part of it. */
export interface SentContent {
	customer: OrderContent['customer'];
	shippingAddress: Address | null;
	/** With what was still to be shipped as their quantity. */
	lines: Array<Pick<OrderedLine, 'id' | 'sku' | 'name' | 'quantity' | 'options' | 'custom'>>;
	shippingMethod: string | null;
	carrier: string | null;
	serviceLevel: string | null;
	warehouse: string | null;
	requestedShipDate: IsoDate | null;
	signatureRequired: boolean;
	insuredAmount: string | null;
	thirdPartyAccount: string | null;
	giftMessage: string | null;
	shippingNotes: string | null;
}

/** @param lines with their progress: what was shipped or canceled before is not sent */
export const sentContent = (content: Omit<OrderContent, 'lines'> & { lines: readonly LineItem[] }): SentContent => ({
	customer: content.customer,
	shippingAddress: content.shippingAddress,
	lines: content.lines.flatMap((line) => {
		const quantity = outstanding(line);
		const { id, sku, name, options, custom } = line;
		return quantity === 0 ? [] : [{ id, sku, name, quantity, options, custom }];
	}),
	shippingMethod: content.shippingMethod,
	carrier: content.carrier,
	serviceLevel: content.serviceLevel,
	warehouse: content.warehouse,
	requestedShipDate: content.requestedShipDate,
	signatureRequired: content.signatureRequired,
	insuredAmount: content.insuredAmount,
	thirdPartyAccount: content.thirdPartyAccount,
	giftMessage: content.giftMessage,
	shippingNotes: content.shippingNotes,
});

const SHIPPED_BY =
	/^(shippingAddress|lines(?!\.[^.]+\.(unitPrice|weight|notOurs)\b)|shippingMethod|requestedShipDate|signatureRequired|giftMessage|shippingNotes|customer\.phone)\b/;

/** Of changes those that a warehouse ships by. Others of a sent order (money, weights, tags) are noted, and nobody is alarmed. */
export const shippedBy = (changes: readonly FieldChange[]): FieldChange[] => changes.filter(({ path }) => SHIPPED_BY.test(path));

/**
 * For alerts; long ones are cut.
 *
 * @param lines of which quantities may have changed: they are called by their SKU
 * @example inWords(changes, lines) // "VASE 2 → 0; shippingAddress.city: \"Boston\" → \"Salem\""
 */
export function inWords(changes: readonly FieldChange[], lines: ReadonlyArray<Pick<OrderedLine, 'id' | 'sku' | 'name'>> = []): string {
	const names = new Map(
		lines.flatMap(({ id, sku, name }) => [
			[`lines.${id}.quantity`, sku ?? name],
			[`lines.${id}`, sku ?? name],
		]),
	);
	const value = (of: JsonValue): string =>
		isObject(of) && typeof of.quantity === 'number' ? String(of.quantity) : of === null ? '0' : shown(of, 60);
	const words = changes.slice(0, 6).map(({ path, before, after }) => {
		const name = names.get(path);
		return name === undefined ? `${path}: ${shown(before, 60)} → ${shown(after, 60)}` : `${name} ${value(before)} → ${value(after)}`;
	});
	return words.join('; ') + (changes.length > 6 ? `; and ${changes.length - 6} more` : '');
}

/** What of two contents a warehouse would do differently; [] = nothing. */
export function sentDifferences(before: SentContent, after: SentContent): FieldChange[] {
	const lines = (content: SentContent) => content.lines as OrderedLine[];
	return differences(
		{ ...before, lines: lines(before) } as unknown as OrderContent,
		{ ...after, lines: lines(after) } as unknown as OrderContent,
	);
}

/** What is asked of a sending before something about its order is decided anew. */
export type Decision =
	| 'cart_changes'
	| 'cart_cancels'
	| 'edit'
	| 'edit_lines'
	| 'reprocess'
	| 'reset'
	| 'archive'
	| 'delete'
	| 'cancel'
	| 'split'
	| 'unsplit'
	| 'bundle'
	| 'take_apart'
	| 'choose_otherwise'
	| 'send'
	| 'send_elsewhere'
	| 'abandon'
	| 'mark_received'
	| 'mark_not_received';

export const VERDICTS = {
	free: 'decided here alone; no warehouse has any of the order.',
	anew: 'likewise, and the next sending gets a reference of its own.',
	keeps: 'allowed; what is at the warehouse stays there, and what it reports counts.',
	tell: 'written down; what was sent stays as it is, and an alert says what differs.',
	ask: 'the warehouse is asked to cancel, and its answer decides; or a person stopped it there, and says so with Force.',
	look: 'only after the warehouse was asked whether it has the order.',
	force: 'refused, unless a person says with Force that the warehouse does not ship it.',
	doubt:
		'refused, unless the warehouse answered as if about another order (alert `duplicate_differs`); then the next sending gets a reference of its own.',
	refused: 'not before there is proof of what became of the sending.',
} as const;

export type Verdict = keyof typeof VERDICTS;

type Verdicts = Readonly<Record<SendingState, Verdict>>;

const verdicts = (none: Verdict, may_be_there: Verdict, there: Verdict, not_there: Verdict, canceled_there: Verdict): Verdicts => ({
	none,
	may_be_there,
	there,
	not_there,
	canceled_there,
});

/** Whatever decides something about an order asks this table. Printed in docs/concepts.md, walked by a test. */
export const DECISIONS = {
	//                              never sent  may be there  there      not there  canceled there
	cart_changes: { label: 'the cart changes it', by: verdicts('free', 'tell', 'tell', 'free', 'keeps') },
	cart_cancels: { label: 'the cart cancels it', by: verdicts('free', 'ask', 'ask', 'free', 'keeps') },
	edit: { label: 'a person edits address, shipping, notes', by: verdicts('free', 'tell', 'tell', 'free', 'free') },
	edit_lines: { label: 'a person edits lines', by: verdicts('free', 'tell', 'refused', 'free', 'free') },
	reprocess: { label: 'Reprocess', by: verdicts('free', 'look', 'keeps', 'free', 'anew') },
	reset: { label: 'Reset', by: verdicts('free', 'force', 'force', 'free', 'anew') },
	archive: { label: 'Archive', by: verdicts('free', 'keeps', 'keeps', 'keeps', 'keeps') },
	delete: { label: 'Delete', by: verdicts('free', 'force', 'keeps', 'free', 'keeps') },
	cancel: { label: 'Cancel', by: verdicts('free', 'ask', 'ask', 'free', 'free') },
	split: { label: 'rules split it', by: verdicts('free', 'refused', 'refused', 'free', 'free') },
	unsplit: { label: 'its parts are taken away', by: verdicts('free', 'refused', 'refused', 'free', 'free') },
	bundle: { label: 'rules bundle it', by: verdicts('free', 'refused', 'refused', 'free', 'free') },
	take_apart: { label: 'its bundle is taken apart', by: verdicts('free', 'refused', 'refused', 'free', 'free') },
	choose_otherwise: {
		label: 'rules skip, hold, archive or fail it, or choose another warehouse',
		by: verdicts('free', 'refused', 'refused', 'free', 'free'),
	},
	send: { label: 'WMS Send, the same account', by: verdicts('free', 'look', 'keeps', 'free', 'free') },
	send_elsewhere: { label: 'WMS Send, another account', by: verdicts('free', 'refused', 'refused', 'free', 'free') },
	abandon: { label: 'it is abandoned', by: verdicts('free', 'keeps', 'keeps', 'keeps', 'keeps') },
	mark_received: { label: 'Mark as Received', by: verdicts('refused', 'free', 'refused', 'free', 'free') },
	mark_not_received: { label: 'Mark as Not Received', by: verdicts('refused', 'free', 'doubt', 'refused', 'refused') },
} as const satisfies Record<Decision, { label: string; by: Verdicts }>;

export const DECISION_NAMES = keysOf(DECISIONS);

/** @example verdictOn('reset', 'may_be_there') // 'force' */
export const verdictOn = (decision: Decision, state: SendingState): Verdict => DECISIONS[decision].by[state];

/** Whether it is decided as if the order had never been sent. */
export const isFree = (decision: Decision, state: SendingState): boolean => {
	const verdict = verdictOn(decision, state);
	return verdict === 'free' || verdict === 'anew';
};

/**
 * What proof there is that an order is not at the warehouse when a look-up finds nothing: only one later than the warehouse may still take a
 * request that it got.
 *
 * @param lateMs how long after a request the warehouse may still take it
 * @returns null = it proves the absence; else when a look-up would
 */
export function provesAbsence({ requestedAt }: Pick<Sending, 'requestedAt'>, now: IsoDate, lateMs: number): { notBefore: IsoDate } | null {
	const notBefore = Date.parse(requestedAt) + lateMs;
	return Date.parse(now) >= notBefore ? null : { notBefore: new Date(notBefore).toISOString() };
}
