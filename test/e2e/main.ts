/**
 * npm run e2e [-- --only a,b,c,d,e,g --all --serial --keep --pictures --steps install,panels]: the package in real n8n processes, nothing
 * stubbed, counted in the folders of the shop and the warehouse.
 *
 * (a) installed, updated and removed as from n8n's own dialog; (b) the life of the orders, with crashes and with a second n8n on
 * the same store; (c) queue mode with two workers; (d) n8n's editor in a browser; (e) a real
 * Vendure and a real warehouse, which `npm run real` starts; (g) stores, disks, folders and credentials that are
 * not as they should be. With --all in their long form, and after them the measurements of bench/n8n: (f), (h), (i). The parts mostly
 * wait for n8n's schedule, so they run side by side; --serial: in turn. --pictures: (d) writes its pictures to docs/images; --steps: (d)
 * does only these.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { editorPart } from './editor/editorPart';
import { doItYourselfPart } from '../../bench/n8n/doItYourself';
import { figuresPart } from '../../bench/n8n/startAndMemory';
import { workersPart } from '../../bench/n8n/workers';
import { installPart } from './install';
import { lifecyclePart } from './lifecycle';
import { Part, type RunSettings } from './Part';
import { queuePart } from './queue';
import { realPart } from './real/realPart';
import { packOwn, packPrevious } from './n8n/tarball';
import { troublePart } from './trouble/troublePart';

interface Tarballs {
	own: string;
	previous: { tarball: string; version: string; from: string };
}

export type PartBody = (part: Part, tarballs: Tarballs) => Promise<void>;

const PARTS: Record<string, { title: string; body: PartBody }> = {
	a: { title: 'installed, updated, removed', body: installPart },
	b: { title: 'lifecycle with crashes', body: lifecyclePart },
	c: { title: 'queue mode', body: queuePart },
	d: { title: 'in the editor', body: editorPart },
	e: { title: 'real systems on both sides', body: realPart },
	g: { title: 'when something is not as it should be', body: troublePart },
	f: { title: 'start time and memory with and without the package', body: figuresPart },
	h: { title: 'orders a minute against a workflow by hand', body: doItYourselfPart },
	i: { title: 'one worker against two', body: workersPart },
};

/** These measure, so they run alone. */
const MEASURING: readonly string[] = ['f', 'h', 'i'];

export async function runParts({ n8n, arguments: args }: { n8n: string; arguments: string[] }): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			only: { type: 'string' },
			all: { type: 'boolean', default: false },
			serial: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			pictures: { type: 'boolean', default: false },
			steps: { type: 'string' },
		},
	});
	const letters = (values.only ?? (values.all ? 'a,b,c,d,e,g,f,h,i' : 'a,b,c,d,e,g')).split(',').map((letter) => letter.trim());
	const unknown = letters.filter((letter) => PARTS[letter] === undefined);
	if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}.`);
	const folder = mkdtempSync(path.join(tmpdir(), 'order-fulfillment-e2e-'));
	const settings: RunSettings = { n8n, all: values.all, folder, steps: values.steps?.split(',') ?? null };
	if (values.pictures) process.env.E2E_PICTURES = 'true';
	const tarballs: Tarballs = { own: packOwn(path.join(folder, 'own')), previous: packPrevious(path.join(folder, 'previous')) };
	console.log(`e2e: parts ${letters.join(', ')}, ${values.all ? 'long' : 'bounded'} form, in ${folder}`);
	const started = Date.now();
	const parts: Part[] = [];
	let stopping = false;
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => {
			if (stopping) return;
			stopping = true;
			console.log('e2e: stopped; the folder is kept.');
			void Promise.allSettled(parts.map(async (part) => await part.end())).then(() => process.exit(1));
		});
	}
	const run = async (letter: string): Promise<void> => {
		const part = new Part(letter, settings);
		parts.push(part);
		part.say(`begins: ${PARTS[letter]!.title}`);
		try {
			await PARTS[letter]!.body(part, tarballs);
		} catch (error) {
			part.check('goes through', false, error instanceof Error ? (error.stack ?? error.message) : String(error));
		} finally {
			await part.end();
		}
		for (const line of part.logTrouble().slice(0, 15)) part.say(`log    ${line.slice(0, 400)}`);
		part.say(`ends after ${part.seconds} s, ${part.problems.length} problems`);
	};
	if (values.serial) for (const letter of letters) await run(letter);
	else await Promise.all(letters.filter((letter) => !MEASURING.includes(letter)).map(run));
	if (!values.serial) for (const letter of letters.filter((each) => MEASURING.includes(each))) await run(letter);

	const problems = parts.flatMap(({ letter, problems: found }) => found.map((problem) => `(${letter}) ${problem}`));
	for (const problem of problems) console.log(problem);
	console.log(`e2e: ${parts.length} parts, ${problems.length} problems, ${Math.round((Date.now() - started) / 1000)} s`);
	if (values.keep || problems.length > 0) console.log(`The folder is kept: ${folder}`);
	else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	return problems.length === 0 ? 0 : 1;
}
