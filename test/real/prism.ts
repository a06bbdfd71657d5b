/**
 * Prism (npm @stoplight/prism-http-server) between adapters and peer servers: every request of the adapter and every answer of the peer is
 * checked against the description that the partner published.
 */
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { specFile } from '../../testing/servers/openApi';
import { Peer } from '../../testing/servers/Peer';
import { leftOut } from '../scope/leftOut';

export interface PrismDescription {
	/** Where `specFile` finds it: "bigcommerce/orders.v2.oas2.yml". */
	file: string;
	/** What comes before the paths of the description: "/stores/abc/v2". */
	prefix?: string;
	/** Each as narrow as can be said. One that no exchange needs any more fails the suite. */
	exceptions: readonly Exception[];
}

/** Where the published description is wrong or stricter than the partner, or where a test breaks an answer on purpose. */
export interface Exception {
	/** "GET /orders/{id}/products"; what is in braces is any one part. */
	operation: string;
	part: 'request' | 'answer';
	/** Of the answer. Default: any. */
	status?: number;
	/** As Prism names it: "body.items.{index}.id". Default: the whole. */
	place?: string;
	/** Words of Prism's message. */
	says: string;
	/** Of which values at the place it holds. Default: of all. */
	of?: (value: unknown) => boolean;
	/** Words of the name of the only test in which it holds. Default: in all. */
	inTest?: string;
	/** Why it is none of ours. */
	reason: string;
}

interface Violation {
	part: 'request' | 'answer';
	place: string;
	code: string;
	message: string;
}

interface Exchange {
	method: string;
	path: string;
	query: Record<string, string | string[]>;
	/** Null when the peer gave no answer. */
	status: number | null;
	/** Of the violations' parts. */
	bodies: { request?: unknown; answer?: unknown };
	violations: Violation[];
}

const HOME = path.join(__dirname, 'prism');

/**
 * Whether the description and Prism are on this machine. Throws in CI, where nothing is skipped.
 *
 * @param label whose suite it is, for the line that says that it is skipped
 */
export function prismCanCheck(label: string, { file }: PrismDescription): boolean {
	if (specFile(file) === null) return false;
	if (fs.existsSync(path.join(HOME, 'node_modules', '.installed'))) return true;
	leftOut(`the suite of ${label} behind Prism`, 'it is not installed: npm run real -- --install');
	return false;
}

/** Runs the tests that `define` defines behind a Prism of their own. A violation in one fails it, by a sentence that names request and violation. */
export function behindPrism(label: string, description: PrismDescription, define: () => void, { operations }: { operations: readonly string[] }): void {
	describe(`${label} behind Prism`, () => {
		let prism: Prism;
		const direct = Peer.front;
		const used = new Set<Exception>();
		const seen = new Set<string>();
		beforeAll(async () => {
			prism = await Prism.start(description);
			Peer.front = async (url) => await prism.before(url);
		}, 60_000);
		afterEach(async () => {
			const problems: string[] = [];
			for (const exchange of await prism.exchanges()) {
				seen.add(operations.find((one) => isOperation(one, exchange)) ?? `${exchange.method} ${exchange.path}`);
				problems.push(...judge(exchange, description.exceptions, used));
			}
			expect(problems).toEqual([]);
		});
		afterAll(async () => {
			Peer.front = direct;
			await prism.stop();
		});

		define();

		it('has checked every operation that the adapter uses, and needed every exception', () => {
			expect([...seen].sort()).toEqual([...operations].sort());
			expect(description.exceptions.filter((one) => !used.has(one))).toEqual([]);
		});
	});
}

/** What is wrong with an exchange, one sentence each, without known exceptions; `used` gets those that it met. */
export function judge(exchange: Exchange, exceptions: readonly Exception[], used: Set<Exception>, test = expect.getState().currentTestName ?? ''): string[] {
	return exchange.violations.flatMap((violation) => {
		const known = exceptions.find((one) => isKnown(one, exchange, violation) && test.includes(one.inTest ?? ''));
		if (known === undefined) return [inWords(exchange, violation)];
		used.add(known);
		return [];
	});
}

const isKnown = ({ operation, part, status, place = '', says, of = () => true }: Exception, exchange: Exchange, violation: Violation): boolean =>
	isOperation(operation, exchange) && part === violation.part && (status === undefined || status === exchange.status) && matches(place, violation.place, '.') && violation.message.includes(says) && of(valueAt(exchange, violation));

const valueAt = ({ bodies }: Exchange, { part, place }: Violation): unknown =>
	place.split('.').slice(1).reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], bodies[part]);

function inWords({ method, path: asked, query, status }: Exchange, { part, place, message }: Violation): string {
	const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))).toString();
	return `${method} ${asked}${search === '' ? '' : `?${search}`}: ${part === 'request' ? 'the request' : `the answer ${status ?? ''}`}${place === '' ? '' : `, ${place}`}: ${message}`;
}

const isOperation = (operation: string, { method, path: asked }: Pick<Exchange, 'method' | 'path'>): boolean => matches(operation, `${method} ${asked}`, '/');

function matches(pattern: string, text: string, separator: '/' | '.'): boolean {
	const parts = pattern.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join(`[^${separator}]+`)}$`).test(text);
}

/** A process of Prism with one description. */
export class Prism {
	private readonly waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
	private output = '';
	private asked = 0;

	private constructor(
		private readonly child: ChildProcess,
		private readonly prefix: string,
	) {
		for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-5_000)));
		child.on('message', (message: 'ready' | { id: number; value: never; error?: string }) => {
			if (message === 'ready') return;
			const { resolve, reject } = this.waiting.get(message.id)!;
			this.waiting.delete(message.id);
			if (message.error === undefined) resolve(message.value);
			else reject(new Error(message.error));
		});
		child.once('exit', (code) => this.waiting.forEach(({ reject }) => reject(new Error(`Prism ended with ${code}\n${this.output}`))));
	}

	/** One process; its memory is bounded, so that a description that grows is noticed. */
	static async start({ file, prefix = '' }: PrismDescription): Promise<Prism> {
		const child = fork(path.join(HOME, 'server.cjs'), { cwd: HOME, silent: true, execArgv: ['--max-old-space-size=512'], env: { ...process.env, DESCRIPTION: specFile(file)! } });
		const prism = new Prism(child, prefix);
		await new Promise<void>((resolve, reject) => {
			child.once('message', () => resolve());
			child.once('exit', (code) => reject(new Error(`Prism could not start with ${file} (${code})\n${prism.output}`)));
		});
		return prism;
	}

	/** Opens a proxy before a peer. */
	async before(upstream: string): Promise<string> {
		return await this.ask<string>({ upstream, prefix: this.prefix });
	}

	/** What was said since the last call. */
	async exchanges(): Promise<Exchange[]> {
		return await this.ask<Exchange[]>({});
	}

	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.child.kill('SIGKILL');
		await ended;
	}

	private async ask<T>(message: object): Promise<T> {
		const id = (this.asked += 1);
		return await new Promise<T>((resolve, reject) => {
			this.waiting.set(id, { resolve, reject });
			this.child.send({ id, ...message });
		});
	}
}
