/** WMS Send and WMS Shipment Poll Trigger with the Extensiv credential, on n8n's engine and its HTTP helper, against a peer. */
import { CLIENT, EXTENSIV_TOKEN, ExtensivPeer } from '../../testing/servers/extensiv';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('extensiv', {
	credential: 'extensivApi',
	async open() {
		const peer = await ExtensivPeer.open();
		const data = {
			url: `${peer.peer.url}/`,
			clientId: CLIENT.id,
			clientSecret: CLIENT.secret,
			userLogin: CLIENT.userLogin,
			customerId: CLIENT.customerId,
			facilityId: CLIENT.facilityId,
			timeZone: 'America/New_York',
			accessToken: EXTENSIV_TOKEN,
		};
		return {
			data,
			refusedData: { ...data, clientSecret: 'wrong', accessToken: 'expired' },
			references: () => peer.references(),
			ship: (reference) => {
				const order = peer.orders.find((one) => one.referenceNum === reference);
				peer.pack(order!, '1Z9', [[0, 2]]);
				peer.confirm(order!);
			},
		};
	},
});

let site: Site;
let extensiv: ExtensivPeer;
eachTest((opened) => (site = opened));
beforeEach(async () => {
	extensiv = await ExtensivPeer.open();
});

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, extensivApi: { id: null, name: 'Extensiv' } };
const signIn = (changes: Record<string, string> = {}): void =>
	site.engine.credentials.set({
		type: 'extensivApi',
		name: 'Extensiv',
		data: {
			url: `${extensiv.peer.url}/`,
			clientId: CLIENT.id,
			clientSecret: CLIENT.secret,
			userLogin: CLIENT.userLogin,
			customerId: CLIENT.customerId,
			facilityId: CLIENT.facilityId,
			timeZone: 'America/New_York',
			accessToken: '',
			...changes,
		},
	});
const tokenCalls = (): number => extensiv.peer.calls.filter((call) => call === 'POST /AuthServer/api/Token').length;

async function routed(orderNumber = 'N1') {
	const [order] = await orders(site, { orderNumber });
	if (order === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order]));
	return order;
}

it('sends once, renews a token that has run out, polls the shipment once, and cancels', async () => {
	signIn();
	const [order, other] = [await routed(), await routed('N2')];
	for (let count = 0; count < 2; count += 1) await run(site, 'wmsSend', { wms: 'extensiv' }, [{ id: order.id }], { credentials });
	expect([extensiv.references(), tokenCalls()]).toEqual([[order.reference], 1]);
	extensiv.tokens.clear();
	await run(site, 'wmsSend', { wms: 'extensiv' }, [{ id: other.id }], { credentials });
	expect([extensiv.references(), tokenCalls()]).toEqual([[order.reference, other.reference], 2]);

	const [held] = extensiv.orders;
	extensiv.pack(held!, '1Z9', [[0, 2]]);
	extensiv.confirm(held!);
	const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'extensiv' }, { credentials });
	expect((await pollOf(site, trigger))?.map(({ json }) => json['event']).sort()).toEqual(['acknowledged', 'acknowledged', 'shipped']);
	expect(await pollOf(site, trigger)).toBeNull();
	expect(await (await site.store()).get(order.id)).toMatchObject({
		shipments: [{ trackingNumber: '1Z9', shippedAt: '2026-09-05T16:00:00.000Z' }],
		lines: [{ quantityShipped: 2 }],
	});
	const canceled = await run(site, 'wmsSend', { wms: 'extensiv', operation: 'cancel' }, [{ id: other.id }], { credentials });
	expect(canceled.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(extensiv.references()).toEqual([order.reference]);
});

it('signs in with the number of a login, and says when it is refused', async () => {
	signIn({ userLogin: '759' });
	const order = await routed();
	await run(site, 'wmsSend', { wms: 'extensiv' }, [{ id: order.id }], { credentials });
	expect(extensiv.references()).toEqual([order.reference]);
	signIn({ clientSecret: 'wrong' });
	const other = await routed('N2');
	const refused = await run(site, 'wmsSend', { wms: 'extensiv' }, [{ id: other.id }], { credentials });
	expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: other.id, message: expect.stringContaining('401') });
	expect(extensiv.references()).toEqual([order.reference]);
});

it.each([
	['customerId', 'ACME', 'Customer ID'],
	['timeZone', 'Mars/Olympus', 'Time Zone'],
])('says what is wrong with the credential: %s', async (name, value, words) => {
	signIn({ [name]: value });
	const order = await routed();
	const { error } = await run(site, 'wmsSend', { wms: 'extensiv' }, [{ id: order.id }], { credentials });
	expect(error).toMatchObject({ message: expect.stringContaining(words), description: expect.any(String) });
	expect(extensiv.peer.calls).toEqual([]);
});
