/** What a person does after the order store was put back to an older state. */
import type { Recovery } from '../../../lib/store/OrderStore';
import { nodeActor, toItem } from '../../shared/context';
import type { OrderStoreOperation } from './operation';

const shownAs = (recovery: Recovery | null) =>
	toItem({ inRecovery: recovery !== null, since: recovery?.since ?? null, by: recovery?.by ?? null }, 0);

const get: OrderStoreOperation = {
	resource: 'recovery',
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get whether the order store is in recovery',
		description: 'Whether the order store was put back to an older state, since when, and who said so',
	},
	properties: [],
	async once(_, orderStore) {
		return [shownAs(await orderStore.recovery())];
	},
};

const begin: OrderStoreOperation = {
	resource: 'recovery',
	option: {
		name: 'Begin',
		value: 'begin',
		action: 'Begin recovery after an older state was restored',
		description:
			'The first step after a backup was restored on Postgres; the embedded store begins it automatically. What happened since the backup is looked up at the warehouses before anything is sent.',
	},
	properties: [
		{
			displayName: 'Skip Control Numbers',
			name: 'skipControlNumbers',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 900_000_000 },
			default: 100_000,
			description: 'How many numbers each EDI partner may have received since the backup. New numbers continue above them.',
		},
	],
	async once(context, orderStore) {
		const skipControlNumbers = context.getNodeParameter('skipControlNumbers', 0, 100_000) as number;
		return [shownAs(await orderStore.beginRecovery({ actor: nodeActor(context), skipControlNumbers }))];
	},
};

const end: OrderStoreOperation = {
	resource: 'recovery',
	option: {
		name: 'End',
		value: 'end',
		action: 'End recovery',
		description: 'Say that everything since the backup is known again, or does not matter. Orders are sent as usual from now on.',
	},
	properties: [],
	async once(context, orderStore) {
		const ended = await orderStore.endRecovery({ actor: nodeActor(context) });
		return [toItem({ inRecovery: false, ended }, 0)];
	},
};

export const recoveryActions: OrderStoreOperation[] = [get, begin, end];
