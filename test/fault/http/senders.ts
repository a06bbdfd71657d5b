/** Processes that send orders, and are killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { OrderStatus } from '../../../lib/order/status';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { childScript } from '../../childScript';
import type { SenderTask } from './sender';

export class Senders {
	private readonly running = new Map<string, ChildProcess>();
	private started = 0;
	killed = 0;
	private readonly done: Array<Promise<void>> = [];

	constructor(private readonly task: Omit<SenderTask, 'worker'>) {}

	start(): void {
		const worker = `sender-${(this.started += 1)}`;
		const child = spawn(
			process.execPath,
			[...childScript(path.join(__dirname, 'sender.ts')), JSON.stringify({ ...this.task, worker } satisfies SenderTask)],
			{ stdio: ['ignore', 'inherit', 'inherit'] },
		);
		this.running.set(worker, child);
		this.done.push(
			new Promise((resolve, reject) => {
				child.on('error', reject);
				child.on('close', (code, signal) =>
					signal === 'SIGKILL' || code === 0 ? resolve() : reject(new Error(`${worker} ended with ${code ?? signal}`)),
				);
			}),
		);
	}

	/** Kills the one that a request came from; another one takes its place. */
	kill(worker: string): void {
		const child = this.running.get(worker);
		if (child === undefined || !child.kill('SIGKILL')) return;
		this.running.delete(worker);
		this.killed += 1;
		this.start();
	}

	/** Until nothing is left to send. */
	async end(): Promise<void> {
		for (let index = 0; index < this.done.length; index += 1) await this.done[index];
	}

	stop(): void {
		for (const child of this.running.values()) child.kill('SIGKILL');
	}
}

export async function statusesOf(orderStore: OrderStore): Promise<Map<OrderStatus, number>> {
	const counts = new Map<OrderStatus, number>();
	for (let after: string | undefined, more = true; more;) {
		const page = await orderStore.search({ limit: 500, ...(after === undefined ? {} : { after }) });
		for (const { status } of page.items) counts.set(status, (counts.get(status) ?? 0) + 1);
		more = page.next !== null;
		after = page.next ?? undefined;
	}
	return counts;
}
