/** Tapes of partners whose servers are real ones: kept, since these servers do not run everywhere. FUZZ_RECORD=1 makes them anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer } from './recorded';

/** @param record null = the server does not run */
export async function keptTape(name: string, record: (() => Promise<Answer[]>) | null): Promise<Answer[]> {
	const file = path.join(__dirname, 'recorded', `${name}.json`);
	if (process.env.FUZZ_RECORD === '1' && record !== null) {
		const tape = await record();
		const kept = tape.map(({ headers: { date = '' }, ...rest }) => ({ ...rest, headers: { date } }));
		writeFileSync(file, `${JSON.stringify(kept, null, '\t')}\n`);
	}
	if (!existsSync(file)) throw new Error(`Nothing was recorded of ${name}: run its server, with FUZZ_RECORD=1`);
	return JSON.parse(readFileSync(file, 'utf8')) as Answer[];
}
