/** Starts the worker, talks to it, and kills it when asked to. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Answer, Request } from './worker';

/** From a tick with nothing to do to one that imports hundreds of orders. */
const SHORTEST_WINDOW_MS = 20;
const LONGEST_WINDOW_MS = 3000;

/** Kills the worker at a random moment of a tick, a given number of times. */
export interface Saboteur {
	left: number;
	/** From 0 to 1. */
	random(): number;
}

export class Automation {
	kills = 0;
	/** The moment of the next kill is drawn from this span; it follows the length of the ticks. */
	private window = LONGEST_WINDOW_MS;
	private child: ChildProcess | null = null;

	constructor(
		private readonly packageFolder: string,
		private readonly folder: string,
	) {}

	/** One tick; with a saboteur it may not live to its end. Gives null when it was killed. */
	async tick(offsetMs: number, saboteur: Saboteur | null): Promise<Extract<Answer, { kind: 'ticked' }> | null> {
		const child = await this.started();
		const answer = this.ask(child, { kind: 'tick', offsetMs });
		if (saboteur === null || saboteur.left <= 0) {
			const ticked = await answer;
			if (ticked?.kind !== 'ticked') throw new Error('The worker stopped by itself; see its output above.');
			return ticked;
		}
		const timer = setTimeout(() => child.kill('SIGKILL'), saboteur.random() * this.window);
		const ticked = await answer;
		clearTimeout(timer);
		if (ticked?.kind === 'ticked') {
			// It was done before the shot: aim closer the next time.
			this.window = Math.max(SHORTEST_WINDOW_MS, this.window / 2);
			return ticked;
		}
		this.window = Math.min(LONGEST_WINDOW_MS, this.window * 2);
		saboteur.left -= 1;
		this.kills += 1;
		this.child = null;
		return null;
	}

	async operate(
		offsetMs: number,
		resource: string,
		operation: string,
		parameters: Record<string, unknown> = {},
	): Promise<Array<Record<string, unknown>>> {
		const answer = await this.ask(await this.started(), { kind: 'operate', offsetMs, resource, operation, parameters });
		if (answer?.kind !== 'operated') throw new Error('The worker stopped by itself; see its output above.');
		if (answer.error !== null) throw new Error(`${operation} of ${resource}: ${answer.error}`);
		return answer.items;
	}

	stop(): void {
		if (this.child?.connected) this.child.disconnect();
		this.child = null;
	}

	private async started(): Promise<ChildProcess> {
		if (this.child) return this.child;
		const child = fork(path.join(__dirname, 'worker.ts'), [this.packageFolder, this.folder], {
			execArgv: ['--import', 'tsx'],
			env: { ...process.env, N8N_USER_FOLDER: this.folder, N8N_RESTRICT_FILE_ACCESS_TO: this.folder },
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		this.child = child;
		if ((await nextMessage(child)) === null) throw new Error('The worker did not start; see its output above.');
		return child;
	}

	private async ask(child: ChildProcess, request: Request): Promise<Answer | null> {
		const answer = nextMessage(child);
		child.send(request);
		return await answer;
	}
}

/** The next message of a process; null when it ends before. */
export async function nextMessage(child: ChildProcess): Promise<Answer | null> {
	return await new Promise((resolve) => {
		const settle = (answer: Answer | null) => {
			child.off('message', onMessage);
			child.off('exit', onExit);
			resolve(answer);
		};
		const onMessage = (message: unknown) => settle(message as Answer);
		const onExit = () => settle(null);
		child.on('message', onMessage);
		child.on('exit', onExit);
	});
}
