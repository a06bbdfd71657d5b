/** Small helpers for the exchange folders, as the shop and the warehouse use them: they know nothing of our package. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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

/** Writes a file that nobody sees half written. */
export function putFile(directory: string, name: string, content: string): void {
	mkdirSync(directory, { recursive: true });
	const temporary = path.join(directory, `.${name}.part`);
	writeFileSync(temporary, content);
	renameSync(temporary, path.join(directory, name));
}
