/** Shipment rules of Cart Update, as the editor writes them. */
import type { INodeParameters } from 'n8n-workflow';
import type { Site } from '../templates/site';
import { eachTest, orderIn, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const rule = (name: string, actions: INodeParameters[], more: INodeParameters = {}): INodeParameters => ({
	name,
	actions: { list: actions },
	...more,
});
const when = (leftValue: string, rightValue: string): INodeParameters => ({
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [{ id: '1', leftValue, operator: { type: 'string', operation: 'equals' }, rightValue }],
	},
});

/** An open order of which everything was shipped, and the item that tells of it. */
async function shippedItem() {
	const order = await orderIn(site, 'open');
	site.ships(order.reference, 1, 'RED-MUG', 2);
	const [item] = (await poll(site, 'wmsShipmentPollTrigger', {})) ?? [];
	return { id: order.id, item: item!, read: async () => (await (await site.store()).get(order.id))! };
}
const upload = async (item: Parameters<typeof run>[3][number], ...list: INodeParameters[]) =>
	await run(site, 'cartUpdate', { operation: 'uploadTracking', shipmentRules: { list } }, [item]);

it('map the carrier to the cart’s spelling, by fields dragged from the poll trigger', async () => {
	const { item, read } = await shippedItem();
	const carrier = String((item['shipment'] as { carrier: string }).carrier);
	const { outputs } = await upload(
		item,
		rule(
			'Spelling',
			[{ action: 'mapCarrier', carriers: { list: [{ carrier: carrier.toLowerCase(), cartCarrier: 'The Carrier, Inc.' }] } }],
			when('={{ $json.shipment.carrier }}', carrier),
		),
		rule(
			'Note of the order',
			[{ action: 'setField', field: 'serviceLevel', value: '={{ "for " + $json.order.orderNumber }}' }],
			when('={{ $json.order.customer.email }}', ''),
		),
	);
	expect(outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(site.tracking().map((row) => [row['carrier'], row['service_level']])).toEqual([['The Carrier, Inc.', 'for N1']]);
	expect(await read()).toMatchObject({ status: 'closed', shipments: [{ carrier }] });
});

it('hold the upload back, on the output Delayed, with the reason', async () => {
	const { item, read } = await shippedItem();
	const { outputs } = await upload(item, rule('Gifts', [{ action: 'holdBack', reason: 'no mail for gifts' }]));
	expect(outputs.map((items) => items.map(({ json }) => json['message']))).toEqual([
		[],
		['Held back by rule "Gifts": no mail for gifts'],
		[],
	]);
	expect(site.tracking()).toEqual([]);
	expect((await read()).statusReason).toContain('no mail for gifts');
});

it('a rule that cannot work says so as a hint, and fails what it is about', async () => {
	const { item } = await shippedItem();
	const { outputs, hints } = await upload(
		item,
		rule('Typo', [{ action: 'setField', field: 'carrier', value: '={{ $json.shipment.carier }}' }]),
	);
	expect(hints).toEqual([
		expect.stringMatching(/Rule "Typo": .*no field.* Until then, uploads of shipments that this rule applies to fail\./),
	]);
	expect(outputs.map((items) => items.length)).toEqual([0, 0, 1]);
});
