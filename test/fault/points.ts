/** Moments at which a process may be ended: around every call of an object, and before every statement of a database. */
import { writeSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import pg from 'pg';

export class Points {
	/** How many points were passed. */
	passed = 0;
	private armed = false;

	/**
	 * @param at the number of the point at which to end; 0 = never
	 * @param stopAt the name of the point at which to stop until told to go on
	 */
	constructor(
		private readonly at: number,
		private readonly stopAt: string | null,
	) {}

	arm(): void {
		this.armed = true;
	}

	/** @param counts false = a point where one may stop, but a crash would leave what the point before it leaves */
	pass(name: string, counts = true): void {
		if (!this.armed) return;
		if (counts) this.passed += 1;
		if (counts && this.passed === this.at) end('SIGKILL', name);
		if (name === this.stopAt) {
			this.armed = false;
			end('SIGSTOP', name);
		}
	}
}

/** Says where it is first, past every buffer. Nothing runs after SIGKILL; after SIGSTOP the process goes on when it is continued. */
function end(signal: 'SIGKILL' | 'SIGSTOP', name: string): void {
	writeSync(1, `${JSON.stringify({ at: name })}\n`);
	process.kill(process.pid, signal);
	if (signal === 'SIGKILL') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
}

/** Calls that change something on a disk. Between two of them, all crashes leave the same behind. */
const CHANGES: ReadonlySet<string> = new Set([
	'store.importPage',
	'store.moveCursor',
	'store.claim',
	'store.transition',
	'store.transitionMany',
	'store.releaseBundles',
	'store.sendAddedLines',
	'store.amend',
	'store.recordShipments',
	'store.claimUploads',
	'store.recordUpload',
	'store.controlNumber',
	'folder.create',
	'folder.move',
	'folder.take',
]);

/** The same object, with points around every call; before the first change and after every change they count. */
export function watched<T extends object>(target: T, name: string, points: Points): T {
	return new Proxy(target, {
		get(object, key) {
			const member: unknown = Reflect.get(object, key);
			if (typeof member !== 'function' || key === 'close') return member;
			const label = `${name}.${String(key)}`;
			return (...args: unknown[]): unknown => {
				points.pass(`before ${label}`, points.passed === 0 && CHANGES.has(label));
				const result: unknown = Reflect.apply(member, object, args);
				if (result instanceof Promise) return afterwards(result, label, points);
				return result;
			};
		},
	});
}

async function afterwards(result: Promise<unknown>, label: string, points: Points): Promise<unknown> {
	const value = await result;
	points.pass(`after ${label}`, CHANGES.has(label));
	return value;
}

/** A point before every statement that this process runs on either database. */
export function watchStatements(points: Points): void {
	watchMethod(DatabaseSync.prototype, 'exec', points, (_, [sql]) => String(sql));
	for (const method of ['run', 'all']) watchMethod(StatementSync.prototype, method, points, (statement) => statement.sourceSQL);
	watchMethod(pg.Client.prototype, 'query', points, (_, [query]) => textOf(query));
}

const textOf = (query: unknown): string =>
	typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : String(query);

function watchMethod<T extends object>(prototype: T, method: string, points: Points, sqlOf: (target: T, args: unknown[]) => string): void {
	const original: unknown = Reflect.get(prototype, method);
	if (typeof original !== 'function') throw new Error(`There is no method ${method}`);
	const replacement = function (this: T, ...args: unknown[]): unknown {
		points.pass(`before ${sqlOf(this, args).slice(0, 70)}`);
		return Reflect.apply(original, this, args);
	};
	Object.defineProperty(prototype, method, { value: replacement, configurable: true, writable: true });
}
