/** (f) What the package adds to n8n's start and memory: the same n8n with and without it, in turn. */
import { renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PartBody } from '../../test/e2e/main';
import { installInto, PACKAGE } from '../../test/e2e/n8n/tarball';

const ROUNDS = 5;
/** n8n goes on loading for a while after it says that it is ready. */
const CALM_MS = 10_000;

export const figuresPart: PartBody = async (part, { own }) => {
	const userFolder = path.join(part.folder, 'n8n');
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', PACKAGE);
	const aside = path.join(part.folder, 'aside');
	installInto(userFolder, own);
	await (await part.start('n8n')).stop(); // migrations
	const measured = { with: { ms: [] as number[], mb: [] as number[] }, without: { ms: [] as number[], mb: [] as number[] } };
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const kind of ['with', 'without'] as const) {
			if (kind === 'without') renameSync(installed, aside);
			const n8n = await part.start('n8n');
			await pause(CALM_MS);
			measured[kind].ms.push(n8n.startedInMs);
			measured[kind].mb.push(n8n.memory() ?? Number.NaN);
			await n8n.stop();
			if (kind === 'without') renameSync(aside, installed);
		}
	}
	const line = (kind: 'with' | 'without'): string => `${median(measured[kind].ms)} ms, ${median(measured[kind].mb)} MB`;
	part.say(`medians of ${ROUNDS} starts: with the package ${line('with')}; without ${line('without')}`);
	part.say(`all starts in ms: with ${measured.with.ms.join(', ')}; without ${measured.without.ms.join(', ')}`);
	part.say(`all memory in MB: with ${measured.with.mb.join(', ')}; without ${measured.without.mb.join(', ')}`);
};

const median = (values: readonly number[]): number => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
