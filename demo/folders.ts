/** Small helpers for the exchange folders, as the shop and the warehouse use them: they know nothing of our package. */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

export type Row = Record<string, string>;

/** Rows of a CSV file by its header. */
export const readCsv = (file: string): Row[] => parse<Row>(readFileSync(file, 'utf8'), { columns: true, bom: true });

/** Names of the finished CSV files of a folder. */
export function csvFiles(directory: string): string[] {
	try {
		return readdirSync(directory)
			.filter((name) => name.endsWith('.csv') && !name.startsWith('.'))
			.sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

/** In seconds. */
const MINUTE = 60;

/** Writes a file that nobody sees half written. */
export function putFile(directory: string, name: string, content: string): void {
	mkdirSync(directory, { recursive: true });
	const temporary = path.join(directory, `.${name}.part`);
	writeFileSync(temporary, content);
	// The demo's minutes pass in an instant, and files are dated by the machine's clock: this one was finished a minute ago.
	const written = statSync(temporary).mtimeMs / 1000 - MINUTE;
	utimesSync(temporary, written, written);
	renameSync(temporary, path.join(directory, name));
}
