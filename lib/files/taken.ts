/** Names of files that were taken from an inbox: no file ever had one before, and each still says what the file was called. */
import { randomBytes } from 'node:crypto';

/** When it was taken, so that names sort by it; at random; what it was called. */
const TAKEN = /^\d{8}T\d{9}Z-[0-9a-f]{16}-(.+)$/s;
const LONGEST_NAME = 255;

/** @example takenName('orders.csv') // "20261123T073000000Z-3f2a91c07b44e8d1-orders.csv" */
export function takenName(name: string, at: Date = new Date()): string {
	const prefix = `${at.toISOString().replace(/[-:.]/g, '')}-${randomBytes(8).toString('hex')}-`;
	return `${prefix}${shortened(name, LONGEST_NAME - prefix.length)}`;
}

/** What a file was called before it was taken (cut, if that was very long); null = this is no name of a taken file. */
export const nameBefore = (taken: string): string | null => TAKEN.exec(taken)?.[1] ?? null;

/** Cut in front of its extension, by which formats are known. */
function shortened(name: string, bytes: number): string {
	if (Buffer.byteLength(name) <= bytes) return name;
	const dot = name.lastIndexOf('.');
	const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? name.slice(dot) : '';
	const letters = [...name.slice(0, name.length - extension.length)];
	while (Buffer.byteLength(letters.join('')) > bytes - Buffer.byteLength(extension)) letters.pop();
	return `${letters.join('')}${extension}`;
}
