/** From what a cart lists to pages for the import, the same way for every cart. Nothing of an entry is taken for granted: one that cannot be read is a failure of its own. */
import { createHash } from 'node:crypto';
import { asError, MappingError, shown } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import { isObject, jsonOf, textOf } from '../../order/json';
import type { ImportedOrder, IsoDate } from '../../order/order';
import type { OrderPage } from '../Cart';
import type { ChangedOrder, ChangePage } from './changes';
import { isoTime } from './payload';

/** A text or a number as text; null for anything else, and for blank text. @param raw what a cart listed, whatever it is */
export function textIn(raw: unknown, name: string): string | null {
	return isObject(raw) && Object.hasOwn(raw, name) ? textOf(raw[name]) : null;
}

/** The cart's key of an entry; of one without, a hash of all of it, which is the same whenever it is read again. @param name "entity_id" */
export const keyIn = (raw: unknown, name: string): string =>
	textIn(raw, name) ??
	`unreadable:${createHash('sha256')
		.update(JSON.stringify(raw) ?? '')
		.digest('base64url')}`;

/** The first number that is behind the keys of a page, for a list by ascending keys. @param before of the page before; null = there was none */
export const keyBehind = (orders: ReadonlyArray<Pick<ChangedOrder, 'id'>>, before: string | null): string =>
	String(Math.max(Number(before ?? 0), ...orders.map(({ id }) => (/^\d{1,15}$/.test(id) ? Number(id) + 1 : 0))));

/**
 * Entries of a list with their keys and times. One without a time is read again and again rather than lost.
 *
 * @param names of the fields
 * @param zoned turns the cart's form of time into one that says its offset; default: it does so itself
 */
export const listedAs = (
	entries: readonly unknown[],
	names: { id: string; time: string },
	since: IsoDate,
	zoned: (text: string) => string = (text) => text,
): ChangedOrder[] =>
	entries.map((raw) => ({ id: keyIn(raw, names.id), changedAt: isoTime(zoned(textIn(raw, names.time) ?? '')) ?? since, raw }));

/** Translates a page. Orders that cannot be read or translated are failures; each is known by the cart's key, so that the import of a corrected one resolves it. */
export function toPage({ orders, next, isLast = false }: ChangePage, toOrder: (raw: unknown) => ImportedOrder): OrderPage {
	const { results, failures } = eachRead(
		orders,
		({ raw, problem }) => {
			if (problem !== undefined) throw problem;
			return toOrder(raw);
		},
		({ id, raw }, error) => unread(id, raw, error),
	);
	return { orders: results, failures, next, isLast };
}

/** What a person sees who tries the trigger: no position moves. */
export const toPreview = (orders: ChangedOrder[], toOrder: (raw: unknown) => ImportedOrder): OrderPage => ({
	...toPage({ orders, next: { since: '', from: '' } }, toOrder),
	next: null,
});

/**
 * Reads entries, each by itself: one that cannot be read stops no other. What hits every one of several without being foreseen is thrown on: it is not the
 * fault of one, and nothing is to be recorded until it is mended.
 */
export function eachRead<Entry, Result>(
	entries: readonly Entry[],
	read: (entry: Entry) => Result,
	failureOf: (entry: Entry, error: Error) => NewImportFailure,
): { results: Result[]; failures: NewImportFailure[] } {
	const reading = new Reading(read, failureOf);
	for (const entry of entries) reading.add(entry);
	return reading.end();
}

/** The same for entries that come one after the other. */
export class Reading<Entry, Result> {
	readonly results: Result[] = [];
	readonly failures: NewImportFailure[] = [];
	private readonly defects: Error[] = [];
	private entries = 0;

	constructor(
		/** null = it is left out. */
		private readonly read: (entry: Entry) => Result | null,
		private readonly failureOf: (entry: Entry, error: Error) => NewImportFailure,
	) {}

	add(entry: Entry): void {
		this.entries += 1;
		try {
			const result = this.read(entry);
			if (result !== null) this.results.push(result);
		} catch (error) {
			const problem = asError(error);
			if (!(problem instanceof MappingError)) this.defects.push(problem);
			this.failures.push(this.failureOf(entry, problem));
		}
	}

	/** Throws the first of the defects when nothing but defects came of several entries. */
	end(): { results: Result[]; failures: NewImportFailure[] } {
		const [first] = this.defects;
		if (first !== undefined && this.defects.length > 1 && this.defects.length === this.entries) throw first;
		return { results: this.results, failures: this.failures };
	}
}

/** Those that are to be imported. One of which that cannot be said stays, with the reason. @param isWanted throws MappingError */
export function chosen(orders: readonly ChangedOrder[], isWanted: (raw: unknown) => boolean): ChangedOrder[] {
	return orders.flatMap((order): ChangedOrder[] => {
		try {
			return isWanted(order.raw) ? [order] : [];
		} catch (error) {
			return [{ ...order, problem: asError(error) }];
		}
	});
}

/** A failure from what was thrown over one order. What nobody foresaw stops no other order either. */
export function unread(id: string, raw: unknown, error: Error): NewImportFailure {
	const known = error instanceof MappingError ? error : null;
	return {
		subject: 'order',
		key: id,
		origin: `order ${shown(id)}${known === null ? '' : `, ${known.path}`}`,
		message: known?.message ?? `It could not be read: ${shown(error.message, 200)}.`,
		remedy:
			known?.remedy ??
			'It is a defect of this package: report it, without what is of the customer. After an update use Import Failure → Retry.',
		payload: jsonOf(raw),
	};
}
