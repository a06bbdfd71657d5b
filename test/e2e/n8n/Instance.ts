/** One process of n8n: main or worker. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../testing/servers/ports';
import { environmentFor, type InstanceSettings, type Ports } from './environment';

export interface StartOptions extends InstanceSettings {
	/** The folder of the installed package `n8n`. */
	n8n: string;
	command?: 'start' | 'worker';
	/** How many executions a worker runs at the same time. Default: n8n's own. */
	concurrency?: number;
	/** Everything that it prints goes to this file, after what is there. */
	logFile: string;
	timeoutMs?: number;
}

export interface Instance {
	url: string;
	pid: number;
	ports: Ports;
	/** From the start of the process until it was ready. */
	startedInMs: number;
	/** Ends it as a service manager does; resolves when it has ended. */
	stop(): Promise<void>;
	/** SIGKILL, to it and its task runner: as when the machine goes down. */
	kill(): Promise<void>;
	/** Resident memory of n8n's own process, in MB; null where /proc is missing. */
	memory(): number | null;
	exited: Promise<void>;
}

const running = new Set<ChildProcess>();
const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
	try {
		process.kill(-child.pid!, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
};
// Whatever ends this process, no n8n stays behind.
process.on('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')));

/** Starts come one after the other: two at once take longer than both in turn, and each would look slow. */
let lastStart: Promise<unknown> = Promise.resolve();

export async function startN8n(options: StartOptions): Promise<Instance> {
	const mine = lastStart.then(async () => await start(options));
	lastStart = mine.catch(() => undefined);
	return await mine;
}

async function start(options: StartOptions): Promise<Instance> {
	const { n8n, command = 'start', concurrency, logFile, ports, timeoutMs = 180_000 } = options;
	mkdirSync(options.userFolder, { recursive: true });
	mkdirSync(path.dirname(logFile), { recursive: true });
	const log = openSync(logFile, 'a');
	const started = Date.now();
	const env = environmentFor(options);
	if (command === 'worker') Object.assign(env, { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(ports.http) });
	const child = spawn(
		process.execPath,
		[path.join(n8n, 'bin/n8n'), command, ...(concurrency === undefined ? [] : [`--concurrency=${concurrency}`])],
		{ env, cwd: options.userFolder, stdio: ['ignore', log, log], detached: true },
	);
	closeSync(log);
	running.add(child);
	const exited = new Promise<void>((resolve) =>
		child.once('exit', () => {
			running.delete(child);
			signalGroup(child, 'SIGKILL'); // its task runner
			resolve();
		}),
	);
	const url = `http://127.0.0.1:${ports.http}`;
	const end = async (signal: NodeJS.Signals): Promise<void> => {
		if (signal === 'SIGKILL') signalGroup(child, signal);
		else child.kill(signal);
		await exited;
	};
	for (let ready = false; !ready;) {
		if (child.exitCode !== null || child.signalCode !== null) throw new Error(`n8n ended while it started:\n${tailOf(logFile)}`);
		if (Date.now() - started > timeoutMs) {
			await end('SIGKILL');
			throw new Error(`n8n was not ready after ${timeoutMs / 1000} s:\n${tailOf(logFile)}`);
		}
		await pause(100);
		ready = await fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(5000) }).then(
			({ ok }) => ok,
			() => false,
		);
	}
	return {
		url,
		pid: child.pid!,
		ports,
		startedInMs: Date.now() - started,
		exited,
		stop: async () => {
			const forced = setTimeout(() => signalGroup(child, 'SIGKILL'), 40_000);
			await end('SIGTERM');
			clearTimeout(forced);
		},
		kill: async () => await end('SIGKILL'),
		memory: () => memoryOf(child.pid!),
	};
}

function memoryOf(pid: number): number | null {
	const file = `/proc/${pid}/status`;
	if (!existsSync(file)) return null;
	const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'));
	return found ? Math.round(Number(found[1]) / 1024) : null;
}

const tailOf = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');

/** Free, and given to nobody else of this process. */
export async function freePorts(): Promise<Ports> {
	return { http: await freePort(), broker: await freePort() };
}

/** What n8n says anyway: about a package that no registry has, its Python runner, its migrations, and our own crashes. */
const NOT_OURS =
	/Failed to execute npm registry request|Python task runner|deprecations related to your n8n|Migrations in progress|Found unfinished executions/;

/** Warnings and errors in a log of n8n (which is JSON lines), and anything that was printed past n8n's logger. */
export function troubleIn(logFile: string): string[] {
	if (!existsSync(logFile)) return [];
	const found = new Set<string>();
	for (const line of readFileSync(logFile, 'utf8').split('\n')) {
		try {
			const { level, message } = JSON.parse(line) as { level: string; message: string };
			if ((level === 'warn' || level === 'error') && !NOT_OURS.test(message)) found.add(`${level}: ${message.replace(/\b\d+\b/g, 'N')}`);
		} catch {
			if (/warning|error|exception/i.test(line)) found.add(line.trim());
		}
	}
	return [...found];
}
