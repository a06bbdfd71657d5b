/** Starts the child and follows it. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { childScript } from '../childScript';
import type { Line, Task } from './child';

export interface Ended {
	killed: boolean;
	/** Where it was killed. */
	at: string | null;
	/** How many points it passed; null when it was killed. */
	passed: number | null;
}

export interface Running {
	process: ChildProcess;
	/** The first line that `wanted` accepts. */
	line(wanted: (line: Line) => boolean): Promise<Line>;
	ended: Promise<Ended>;
}

export function startChild(task: Task): Running {
	const child = spawn(process.execPath, [...childScript(path.join(__dirname, 'child.ts')), JSON.stringify(task)], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const lines: Line[] = [];
	const listeners = new Set<() => void>();
	createInterface(child.stdout).on('line', (text) => {
		lines.push(JSON.parse(text) as Line);
		for (const listener of listeners) listener();
	});
	const ended = new Promise<Ended>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			const killed = signal === 'SIGKILL';
			if (!killed && code !== 0) return reject(new Error(`The child ended with ${code ?? signal}`));
			resolve({ killed, at: lines.find(({ at }) => at !== undefined)?.at ?? null, passed: lines.at(-1)?.passed ?? null });
		});
	});
	return {
		process: child,
		ended,
		line: async (wanted) =>
			await new Promise((resolve, reject) => {
				const look = (): void => {
					const found = lines.find(wanted);
					if (!found) return;
					listeners.delete(look);
					resolve(found);
				};
				listeners.add(look);
				ended.then(() => reject(new Error('The child ended without the line')), reject);
				look();
			}),
	};
}

export const runChild = async (task: Task): Promise<Ended> => await startChild(task).ended;

/** At most `most` numbers from 1 to `count`, evenly, with the first and the last one. */
export function sample(count: number, most: number): number[] {
	if (count <= most) return Array.from({ length: count }, (_, index) => index + 1);
	return Array.from({ length: most }, (_, index) => 1 + Math.round((index * (count - 1)) / (most - 1)));
}
