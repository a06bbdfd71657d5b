/** What people do with rules on shipments elsewhere, each as a workflow on n8n's engine, with this node's parameters as the editor saves them. */
import type { INodeParameters } from 'n8n-workflow';
import type { Order } from '../../lib/order/order';
import type { RuleTrace } from '../../lib/rules/run';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const when = (field: string, type: string, operation: string, rightValue: string | number = ''): INodeParameters => ({
	conditions: {
		options: { caseSensitive: false, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [{ id: field, leftValue: `={{ $json.${field} }}`, operator: { type, operation }, rightValue }],
	},
});
const rule = (name: string, actions: INodeParameters[], more: INodeParameters = {}): INodeParameters => ({
	name,
	actions: { list: actions },
	...more,
});

/** Orders are shipped, and their tracking goes through the rules; gives what became of each. */
async function tell(
	list: INodeParameters[],
	...given: Parameters<typeof orders>[1][]
): Promise<Array<{ output: string; told: unknown; changes: string[]; order: Order }>> {
	const found = await orders(site, ...given);
	await run(site, 'orderRules', {}, itemsOf(found));
	await run(site, 'wmsSend', {}, itemsOf(found));
	for (const { reference } of found) site.ships(reference, 1, 'RED-MUG', 2);
	await poll(site, 'wmsShipmentPollTrigger', {});
	const { outputs, error } = await run(site, 'cartUpdate', { operation: 'uploadTracking', shipmentRules: { list } }, itemsOf(found));
	expect(error).toBeUndefined();
	const outputOf = new Map(
		outputs.flatMap((items, index) => items.map(({ json }) => [json['id'], ['Done', 'Delayed', 'Error'][index]!] as const)),
	);
	const orderStore = await site.store();
	return await Promise.all(
		found.map(async ({ id, orderNumber }) => ({
			output: outputOf.get(id)!,
			told: site.tracking().find((row) => row['order_number'] === orderNumber)?.['carrier'] ?? null,
			changes: (await orderStore.timeline(id)).flatMap(({ kind, data }) =>
				kind === 'rules_applied' && 'trace' in data && data.decision.startsWith('Shipment ') ? changesOf(data.trace) : [],
			),
			order: (await orderStore.get(id))!,
		})),
	);
}

const changesOf = (trace: unknown): string[] =>
	(trace as RuleTrace[]).flatMap(({ changes }) => changes.map(({ path, before, after }) => `${path} ${String(before)} → ${String(after)}`));

it('writes carriers as the shop accepts them, and asks a person about the others', async () => {
	const carrier = await carrierOfTheWarehouse();
	const accepted = rule(
		'Spelling',
		[
			{
				action: 'mapCarrier',
				unmappedCarrier: 'error',
				carriers: { list: [{ carrier: carrier.toUpperCase(), cartCarrier: 'Amazon’s Word' }] },
			},
		],
		when('order.tags', 'array', 'contains', 'known'),
	);
	const unknown = rule(
		'Spelling of others',
		[{ action: 'mapCarrier', unmappedCarrier: 'error', carriers: { list: [{ carrier: 'Pigeon', cartCarrier: 'Pigeon Post' }] } }],
		when('order.tags', 'array', 'notContains', 'known'),
	);
	const results = await tell([accepted, unknown], { orderNumber: 'K', tags: ['known'] }, { orderNumber: 'U' });
	expect(results.map(({ output, told }) => [output, told])).toEqual([
		['Done', 'Amazon’s Word'],
		['Error', null],
	]);
	expect(results[1]?.order.alert).toMatchObject({ code: 'unmapped_shipping_method', message: expect.stringContaining(`"${carrier}"`) });
});

async function carrierOfTheWarehouse(): Promise<string> {
	const [probe] = await tell([], { orderNumber: 'probe' });
	return probe!.order.shipments[0]!.carrier!;
}

it('lets nobody write to people without an e-mail address', async () => {
	const quiet = rule('Quiet', [{ action: 'notifyCustomer', notify: false }], when('order.customer.email', 'string', 'empty'));
	const results = await tell([quiet], { orderNumber: 'A' }, { orderNumber: 'B', customer: { email: 'ada@example.com' } });
	expect(results.map(({ output }) => output)).toEqual(['Done', 'Done']);
	expect(results.map(({ changes }) => changes)).toEqual([['notifyCustomer true → false'], []]);
});

it('keeps back what is marked as internal, and says so', async () => {
	const internal = rule(
		'Internal',
		[{ action: 'holdBack', reason: 'an internal order' }],
		when('order.notes', 'string', 'contains', 'INTERNAL'),
	);
	const results = await tell([internal], { orderNumber: 'A', notes: 'internal: for the trade fair' }, { orderNumber: 'B' });
	expect(results.map(({ output, order }) => [output, order.status])).toEqual([
		['Delayed', 'open'],
		['Done', 'closed'],
	]);
	expect(results[0]?.order.statusReason).toBe('Held back by rule "Internal": an internal order');
});

it('gives VIP customers a tracking page of their own', async () => {
	const vip = rule(
		'VIP',
		[{ action: 'setField', field: 'trackingUrl', value: 'https://example.com/vip' }],
		when('order.tags', 'array', 'contains', 'vip'),
	);
	const results = await tell([vip], { orderNumber: 'A', tags: ['vip'] }, { orderNumber: 'B' });
	expect(results.map(({ output }) => output)).toEqual(['Done', 'Done']);
	expect(
		site
			.tracking()
			.map((row) => [row['order_number'], row['tracking_url'] === 'https://example.com/vip'])
			.sort(),
	).toEqual([
		['A', true],
		['B', false],
	]);
});
