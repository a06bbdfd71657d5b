import { appendFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** In CI nothing is left out; elsewhere what is not there is named once, in one list at the end of a run (`reporter.cjs`). */
const LIST = 'left-out';

/**
 * Notes that tests are left out on this machine. Any process of a run may say so, and say it again.
 *
 * @param what "the tests of the Medusa cart"
 * @param why what is missing, and how to get it
 * @throws in CI
 */
export function leftOut(what: string, why: string): void {
	if (process.env['CI'] === 'true') throw new Error(`In CI nothing is left out, but ${what}: ${why}`);
	// The folder is the run's own (globalSetup.cjs).
	appendFileSync(path.join(os.tmpdir(), LIST), `${JSON.stringify([what, why])}\n`);
}
