/**
 * The key that we give to a WMS. It has a base, which an order keeps for life and which no other order gets,
 * and from the second sending on a suffix: "1001", "1001.r2", "1001.r3". Letters, digits, dot and underscore only, since
 * every WMS takes those; never "-1" at the end, which WMSs append themselves when they split.
 */
import { createHash } from 'node:crypto';
import type { ImportedOrder } from './order';

/** What WMSs accept at the least. */
export const REFERENCE_LIMIT = 40;
/** Leaves room for ".r" and six digits, so that no suffix ever shortens a base. */
const BASE_LIMIT = REFERENCE_LIMIT - 8;
const HASH_LENGTH = 8;
const ROUND = /\.r([1-9]\d{0,5})$/i;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The base reference of an order: its number when that is usable as it is, else made readable with a hash of the store and the
 * cart's key. Stores may share a warehouse, so no two orders of any store get the same one.
 *
 * @param options.collides true when another order has the plain one already, or had it
 * @param options.salt makes another one when that one is taken too
 * @example referenceFor('acme-us', { externalId: '82739', content: { orderNumber: '#1001' } }) // "1001"
 * @example referenceFor('acme-us', { externalId: '82739', content: { orderNumber: '10-01' } }) // "10_01.h3b7q2ma"
 */
export function referenceFor(
	store: string,
	order: { externalId: string; content: Pick<ImportedOrder['content'], 'orderNumber'> },
	options: { collides?: boolean; salt?: string } = {},
): string {
	// "#1001" is how shops write 1001.
	const number = order.content.orderNumber.replace(/^#/, '');
	const clean = number.replace(/[^A-Za-z0-9_.]+/g, '_').replace(/^[_.]+|[_.]+$/g, '');
	// A number that ends like our own suffix would be taken for the second sending of another order.
	if (clean !== '' && clean === number && clean.length <= BASE_LIMIT && !ROUND.test(clean) && options.collides !== true) return clean;
	const readable = clean.slice(0, BASE_LIMIT - HASH_LENGTH - 1).replace(/[_.]+$/, '');
	return `${readable === '' ? 'o' : readable}.${hashOf([store, order.externalId, ...(options.salt === undefined ? [] : [options.salt])].join('\n'))}`;
}

/**
 * The base of the reference of a part of an order that is split. Parts are counted for ever, so that none gets the reference of an earlier one.
 *
 * @param collidesFor when another order has the plain one: the id of the order that is split
 * @example partReference('1001', 1, null) // "1001.p1"
 */
export const partReference = (base: string, number: number, collidesFor: string | null): string =>
	derivedReference(base, 'part', number, collidesFor);

/** The base of the reference of a bundle, from the first of its orders. @example bundleReference('1001', 1, null) // "1001.b1" */
export const bundleReference = (base: string, number: number, collidesFor: string | null): string =>
	derivedReference(base, 'bundle', number, collidesFor);

/**
 * The base of the reference of an order of lines that were added to another one, which was done. Counted with the parts, for ever.
 *
 * @example addedReference('1001', 1, null) // "1001.a1"
 */
export const addedReference = (base: string, number: number, collidesFor: string | null): string =>
	derivedReference(base, 'added', number, collidesFor);

const ADDED = /\.a[1-9]\d*(\.h[a-z2-7]{7})?$/;

/**
 * Whether an order is one of added lines. It is known by its reference, whose base it keeps for life: like a part it belongs to an order, but it does
 * not stand for it.
 *
 * @example isOfAddedLines({ parentId: '7', reference: '1001.a1.r2' }) // true
 */
export const isOfAddedLines = ({ parentId, reference }: { parentId: string | null; reference: string }): boolean =>
	parentId !== null && ADDED.test(referenceBase(reference));

/** Whether it is a piece of an order, or of a bundle, that rules split. */
export const isPart = (order: { parentId: string | null; reference: string }): boolean => order.parentId !== null && !isOfAddedLines(order);

function derivedReference(base: string, kind: 'part' | 'bundle' | 'added', number: number, collidesFor: string | null): string {
	const suffix = `.${kind[0]}${number}${collidesFor === null ? '' : `.${hashOf(`${kind}\n${collidesFor}\n${number}`)}`}`;
	const room = BASE_LIMIT - suffix.length;
	if (base.length <= room) return `${base}${suffix}`;
	// Two long bases may begin alike.
	const hash = hashOf(base);
	return `${base.slice(0, room - HASH_LENGTH - 1).replace(/[_.]+$/, '')}.${hash}${suffix}`;
}

/** The reference of the next sending. @example nextReference('1001') // "1001.r2" @example nextReference('1001.r2') // "1001.r3" */
export function nextReference(reference: string): string {
	const round = Number(ROUND.exec(reference)?.[1] ?? 1);
	const suffix = `.r${round + 1}`;
	return `${referenceBase(reference).slice(0, REFERENCE_LIMIT - suffix.length)}${suffix}`;
}

/** What all references of one order have in common. @example referenceBase('1001.r3') // "1001" */
export const referenceBase = (reference: string): string => reference.replace(ROUND, '');

/** Starts with "h", so that it never looks like a round. */
function hashOf(text: string): string {
	const digest = createHash('sha256').update(text).digest();
	return `h${Array.from(digest.subarray(0, HASH_LENGTH - 1), (byte) => BASE32[byte & 31]).join('')}`;
}
