/** One shop, one warehouse and one order store, with the workflows that connect them: each trouble has its own. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { csvFiles, putFile, readCsv } from '../../../demo/folders';
import { exportFile, sampleOrders, type SampleOrder } from '../../../demo/shop';
import type { Rest, WorkflowJson } from '../n8n/Rest';
import { createCredentials, templateCredentials, withCredentials, type Credential } from '../n8n/setUp';
import type { Part } from '../Part';

export interface Told {
	message: string;
	description: string;
}

const ORDERS = sampleOrders(220).filter(({ kind }) => kind === 'plain');

export interface PlaceFolders {
	shop?: string;
	warehouse?: string;
	store?: Record<string, unknown>;
}

export class Place {
	readonly shop: string;
	readonly warehouse: string;
	readonly store: Record<string, unknown>;
	readonly workflows = new Map<string, string>();
	private ids: Map<string, string> = new Map();
	private exported: SampleOrder[] = [];
	private files = 0;

	constructor(
		readonly part: Part,
		readonly rest: Rest,
		readonly name: string,
		{ shop, warehouse, store }: PlaceFolders = {},
	) {
		const folder = path.join(part.folder, name);
		this.shop = shop ?? path.join(folder, 'shop');
		this.warehouse = warehouse ?? path.join(folder, 'warehouse');
		this.store = store ?? { database: 'sqlite', file: path.join(folder, 'orders.sqlite') };
		for (const made of [path.join(this.shop, 'orders'), this.warehouse]) mkdirSync(made, { recursive: true });
	}

	/** Makes the credentials; each call makes new ones. */
	async makeCredentials(): Promise<void> {
		this.ids = await createCredentials(this.rest, this.credentials());
	}

	private credentials(): Credential[] {
		return templateCredentials({ shop: this.shop, warehouse: this.warehouse, store: this.store });
	}

	async deleteCredential(name: string): Promise<void> {
		await this.rest.editor('DELETE', `/rest/credentials/${this.ids.get(name)}`);
	}

	/** What the button "Test" of the credential says. */
	async tested(name: string): Promise<string> {
		const { type, data } = this.credentials().find((credential) => credential.name === name)!;
		const { message } = (await this.rest.editor('POST', '/rest/credentials/test', {
			credentials: { id: this.ids.get(name), name, type, data },
		})) as { message: string };
		return message;
	}

	/** Publishes workflows with the credentials of now, anew when they were published before. Gives the first reason why one was refused. */
	async publish(workflows: WorkflowJson[]): Promise<string | null> {
		for (const workflow of workflows) {
			const chosen = { ...withCredentials(workflow, this.ids), name: `${this.name}: ${workflow.name}` };
			const known = this.workflows.get(workflow.name);
			const id = known ?? (await this.rest.createWorkflow(chosen));
			if (known !== undefined) await this.rest.updateWorkflow(id, chosen);
			this.workflows.set(workflow.name, id);
			try {
				await this.rest.publish(id);
			} catch (error) {
				return error instanceof Error ? error.message : String(error);
			}
		}
		return null;
	}

	/** The shop exports its next orders. */
	export(count: number): void {
		const from = this.exported.length;
		const next = ORDERS.slice(from, from + count);
		this.exported = [...this.exported, ...next];
		this.files += 1;
		putFile(path.join(this.shop, 'orders'), `orders_export_${this.files}.csv`, exportFile(next));
	}

	/** How often each order is at the warehouse, counted in its folder. */
	private atWarehouse(): Map<string, number> {
		const counts = new Map<string, number>();
		for (const name of csvFiles(path.join(this.warehouse, 'orders'))) {
			const [{ order_id = '' } = {}] = readCsv(path.join(this.warehouse, 'orders', name));
			counts.set(order_id, (counts.get(order_id) ?? 0) + 1);
		}
		return counts;
	}

	get lost(): number {
		const counts = this.atWarehouse();
		return this.exported.filter(({ id }) => !counts.has(id)).length;
	}

	get sentTwice(): number {
		return [...this.atWarehouse().values()].filter((times) => times > 1).length;
	}

	/** Waits until every order that was exported is at the warehouse. */
	async delivered(when: string, seconds = 150): Promise<void> {
		if (
			await this.part.until(
				`${this.name}: ${when}, all orders reach the warehouse`,
				() => this.lost === 0,
				seconds,
				500,
				() => `${this.lost} of ${this.exported.length} are missing`,
			)
		) {
			this.part.check(`${this.name}: ${when}, all ${this.exported.length} orders are at the warehouse, none twice`, this.sentTwice === 0);
		}
	}

	/** Checks that a text says what is wrong and what to do. */
	says(where: string, told: string | Told | null, problem: RegExp, remedy: RegExp): void {
		const text = told === null ? 'nothing' : typeof told === 'string' ? told : `${told.message} | ${told.description}`;
		this.part.check(
			`${this.name}: ${where} says what is wrong and what to do`,
			problem.test(text) && remedy.test(text),
			text.slice(0, 400),
		);
	}

	/** The first failed execution of one of the workflows since then that has this in its message. */
	async failure(pattern: RegExp, since: Date): Promise<Told | null> {
		let found: Told | null = null;
		await this.part.until(
			`${this.name}: an execution failed with ${pattern.source}`,
			async () => {
				for (const workflowId of this.workflows.values()) {
					for (const { id, startedAt } of await this.rest.executions({ workflowId, status: 'error' })) {
						if (Date.parse(startedAt) < since.getTime()) continue;
						const told = await this.errorOf(id);
						if (pattern.test(told.message)) found = told;
					}
				}
				return found !== null;
			},
			130,
			2000,
		);
		return found;
	}

	private async errorOf(executionId: string): Promise<Told> {
		const { data } = await this.rest.api<{ data?: { resultData?: { error?: { message?: string; description?: string | null } } } }>(
			'GET',
			`/executions/${executionId}?includeData=true`,
		);
		const { message = '', description } = data?.resultData?.error ?? {};
		return { message, description: description ?? '' };
	}

	/** The orders as Order Store gives them, by its webhook. */
	async orders(): Promise<Array<Record<string, unknown>>> {
		return (await this.rest.webhook(`${this.name}-orders`, {})).filter(({ id }) => typeof id === 'string');
	}

	/** What the order store could not read, or could not put away, by `failuresWorkflow`. */
	async failures(): Promise<Told[]> {
		const found = await this.rest.webhook(`${this.name}-failures`, {});
		return found.flatMap(({ message, remedy }) => (typeof message === 'string' ? [{ message, description: String(remedy) }] : []));
	}
}

/** A webhook that answers with all that the order store has of something. */
const listing = (place: string, name: 'orders' | 'failures', resource: 'order' | 'importFailure'): WorkflowJson => ({
	name,
	nodes: [
		{
			id: 'asked',
			name: 'Asked',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: `${place}-${name}`,
			parameters: { httpMethod: 'POST', path: `${place}-${name}`, responseMode: 'lastNode', responseData: 'allEntries', options: {} },
		},
		{
			id: name,
			// Who looks for this node looks for what it lists.
			name: 'Orders',
			type: 'n8n-nodes-order-fulfillment.orderStore',
			typeVersion: 1,
			position: [300, 0],
			alwaysOutputData: true,
			parameters: { resource, operation: 'getAll', returnAll: true },
			credentials: { orderStoreApi: { name: 'Order Store' } },
		},
	],
	connections: { Asked: { main: [[{ node: 'Orders', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
});

export const ordersWorkflow = (place: string): WorkflowJson => listing(place, 'orders', 'order');

export const failuresWorkflow = (place: string): WorkflowJson => listing(place, 'failures', 'importFailure');
