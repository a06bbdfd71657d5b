/** What every polling trigger does about errors, since n8n treats those of the first poll unlike all later ones. */
import type { INodeExecutionData, IPollFunctions, WorkflowActivateMode } from 'n8n-workflow';
import { toNodeError } from './context';

type Items = INodeExecutionData[][] | null;

/** n8n makes one context when it activates a trigger, and polls with it until the trigger is deactivated. */
const polledBefore = new WeakSet<IPollFunctions>();

/** Nobody asked for it: n8n started, or took over from another main process. */
const BY_ITSELF: readonly WorkflowActivateMode[] = ['init', 'leadershipChange'];

/**
 * Runs a poll; errors come out as n8n shows them.
 *
 * - When a workflow is published, n8n shows the message of an error and nothing else, so the remedy is part of it.
 * - When n8n starts, an error is only logged. n8n would give the trigger five tries within 15 seconds and then leave it off, for
 *   good, until somebody publishes the workflow again: a database that comes up a minute after n8n would stop all imports. So the
 *   trigger is started, and the next polls fail where people look, as executions, until what is wrong is mended.
 */
export async function polled(context: IPollFunctions, poll: () => Promise<Items>): Promise<Items> {
	const first = !polledBefore.has(context);
	polledBefore.add(context);
	try {
		return await poll();
	} catch (error) {
		const shown = toNodeError(context.getNode(), error);
		if (!first || context.getMode() === 'manual') throw shown;
		const { description } = shown;
		if (typeof description === 'string' && description !== '') shown.message = `${shown.message} ${description}`;
		if (!BY_ITSELF.includes(context.getActivationMode())) throw shown;
		context.logger.warn(
			`"${context.getNode().name}" of workflow "${context.getWorkflow().name ?? ''}" cannot poll yet and tries again by its schedule: ${shown.message}`,
		);
		return null;
	}
}
