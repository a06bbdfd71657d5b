/**
 * The automation, a process of its own: n8n's engine with the built package and the shipped templates. Told to tick, it polls
 * every trigger once and runs what they start; told to act, it runs an operation of the Order Store node as a person would.
 * It may be killed at any moment: everything it knows is in the store and in the folders.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FILE_TEMPLATES } from './fileTemplates';
import { shiftClock } from './clock';

export type Request =
	| { kind: 'tick'; offsetMs: number }
	| { kind: 'operate'; offsetMs: number; resource: string; operation: string; parameters: Record<string, unknown> };

export type Answer =
	| { kind: 'ready' }
	| { kind: 'ticked'; executions: number; errors: string[]; mails: number }
	| { kind: 'operated'; items: Array<Record<string, unknown>>; error: string | null };

const TEMPLATES = (['01', '02', '03', '04', '05'] as const).map((number) => FILE_TEMPLATES[number]);

async function main(): Promise<void> {
	const [packageFolder, folder] = [process.argv[2]!, process.argv[3]!];
	shiftClock(0);
	const { createEngine } = await import('../testing/engine/Engine');
	const engine = await createEngine({
		userFolder: folder,
		credentials: [
			{ type: 'fileExchangeApi', name: 'Shop folder', data: { folder: path.join(folder, 'shop') } },
			{ type: 'fileExchangeApi', name: 'Warehouse folder', data: { folder: path.join(folder, 'warehouse') } },
			// The embedded store, as it is without any setting.
			{ type: 'orderStoreApi', name: 'Order Store', data: { database: 'sqlite', file: '' } },
			{ type: 'smtp', name: 'SMTP', data: {} },
		],
	});
	await engine.loadPackage(packageFolder);
	const templates = path.join(packageFolder, 'templates');
	const workflows = TEMPLATES.map((name) => JSON.parse(readFileSync(path.join(templates, name), 'utf8')));

	const tick = async (): Promise<Answer> => {
		let executions = 0;
		const errors: string[] = [];
		for (const workflow of workflows) {
			for (const execution of await engine.tick(workflow)) {
				const worked = execution.order.some((node) => execution.items(node).length > 0 && node !== 'Every night');
				if (worked) executions += 1;
				errors.push(
					...execution.errors.map(({ node, message, description }) => `${workflow.name} / ${node}: ${message} ${description ?? ''}`),
				);
				if (execution.error && execution.errors.length === 0) errors.push(`${workflow.name}: ${execution.error.message}`);
			}
		}
		return { kind: 'ticked', executions, errors, mails: engine.sent.length };
	};

	const operate = async (request: Extract<Request, { kind: 'operate' }>): Promise<Answer> => {
		const execution = await engine.runWorkflow(
			{
				name: 'A person',
				nodes: [
					{ id: 's', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
					{
						id: 'o',
						name: 'Order Store',
						type: 'n8n-nodes-order-fulfillment.orderStore',
						typeVersion: 1,
						position: [200, 0],
						parameters: { resource: request.resource, operation: request.operation, ...request.parameters } as never,
						credentials: { orderStoreApi: { id: null, name: 'Order Store' } },
					},
				],
				connections: { Start: { main: [[{ node: 'Order Store', type: 'main', index: 0 }]] } },
				settings: { executionOrder: 'v1' },
			},
			{ startNode: 'Start' },
		);
		const problem = execution.errors[0] ?? execution.error;
		return {
			kind: 'operated',
			items: execution.json('Order Store') as Array<Record<string, unknown>>,
			error: problem ? `${problem.message} ${problem.description ?? ''}` : null,
		};
	};

	process.on('message', (request: Request) => {
		shiftClock(request.offsetMs);
		void (request.kind === 'tick' ? tick() : operate(request)).then(
			(answer) => process.send?.(answer),
			(error: unknown) => {
				console.error(error);
				process.exit(1);
			},
		);
	});
	process.on('disconnect', () => process.exit(0));
	process.send?.({ kind: 'ready' } satisfies Answer);
}

void main();
