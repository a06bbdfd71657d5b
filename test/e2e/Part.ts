/** One part of the end-to-end tests: its folder, what it prints, what it checks, and what must end with it. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, startN8n, troubleIn, type Instance, type StartOptions } from './n8n/Instance';

export interface RunSettings {
	/** The folder of the installed package `n8n`. */
	n8n: string;
	/** The long form. */
	all: boolean;
	folder: string;
	/** Of (d): only these steps; null = all. */
	steps: readonly string[] | null;
}

export class Part {
	readonly folder: string;
	readonly problems: string[] = [];
	private readonly started = Date.now();
	private readonly cleanups: Array<() => Promise<void> | void> = [];
	private readonly logs = new Set<string>();

	constructor(
		readonly letter: string,
		readonly settings: RunSettings,
	) {
		this.folder = path.join(settings.folder, letter);
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
		mkdirSync(this.folder, { recursive: true });
	}

	get seconds(): number {
		return Math.round((Date.now() - this.started) / 1000);
	}

	say(text: string): void {
		const time = `${Math.floor(this.seconds / 60)}:${String(this.seconds % 60).padStart(2, '0')}`;
		console.log(`(${this.letter}) ${time.padStart(5)}  ${text}`);
	}

	/** A statement that must hold; the part goes on when it does not. */
	check(what: string, holds: boolean, detail = ''): void {
		this.say(`${holds ? 'ok    ' : 'FAILED'} ${what}${detail === '' ? '' : `: ${detail}`}`);
		if (!holds) this.problems.push(`${what}${detail === '' ? '' : `: ${detail}`}`);
	}

	/** Starts an n8n whose folders are below this part's. */
	async start(name: string, options: Partial<StartOptions> = {}): Promise<Instance> {
		const logFile = path.join(this.folder, `${name}.log`);
		this.logs.add(logFile);
		const instance = await startN8n({
			n8n: this.settings.n8n,
			userFolder: path.join(this.folder, name),
			ports: options.ports ?? (await freePorts()),
			allowedFolders: [this.folder],
			logFile,
			...options,
		});
		this.atEnd(async () => await instance.kill());
		this.say(`${name} is ready after ${(instance.startedInMs / 1000).toFixed(1)} s, ${instance.memory() ?? '?'} MB`);
		return instance;
	}

	atEnd(cleanup: () => Promise<void> | void): void {
		this.cleanups.push(cleanup);
	}

	async end(): Promise<void> {
		for (const cleanup of this.cleanups.splice(0).reverse()) await cleanup();
	}

	/** Looks again and again until it holds. Gives false when it did not within the time. */
	async until(
		what: string,
		holds: () => boolean | Promise<boolean>,
		timeoutSeconds: number,
		everyMs = 250,
		progress?: () => string,
	): Promise<boolean> {
		const started = Date.now();
		for (let shown = started; !(await holds()); await pause(everyMs)) {
			if (Date.now() - started > timeoutSeconds * 1000) {
				this.check(what, false, `not within ${timeoutSeconds} s${progress ? `; ${progress()}` : ''}`);
				return false;
			}
			if (progress && Date.now() - shown > 20_000) {
				shown = Date.now();
				this.say(`… ${what}: ${progress()}`);
			}
		}
		return true;
	}

	/** Warnings and errors in the logs of n8n that are about us, each once. */
	logTrouble(): string[] {
		return [...new Set([...this.logs].flatMap((file) => troubleIn(file)))];
	}
}
