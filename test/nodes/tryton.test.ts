/** WMS Send and WMS Shipment Poll Trigger with the Tryton credential, on n8n's engine and its HTTP helper, against a real server. */
import { trytonMissing, Tryton, TRYTON_PASSWORD, TRYTON_USER } from '../../testing/servers/tryton';
import { finishShipment, shipmentOf } from '../../testing/servers/trytonWork';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, pollOf, run, triggerOf } from './operator';
import { wmsThroughNodes } from './wmsThroughNodes';

jest.setTimeout(120_000);
const missing = trytonMissing();

let site: Site;
eachTest((opened) => (site = opened));

const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, trytonApi: { id: null, name: 'Tryton' } };

(missing === null ? describe : describe.skip)('Tryton', () => {
	let tryton: Tryton;
	beforeAll(async () => void (tryton = await Tryton.open()));
	afterAll(async () => await tryton.close());

	it('sends once with a session that it renews by itself, polls the shipment once, cancels, and says when the password is refused', async () => {
		const signedIn = (password: string, session = '') =>
			site.engine.credentials.set({
				type: 'trytonApi',
				name: 'Tryton',
				data: { url: `${tryton.url}/`, database: ` ${tryton.database}`, user: TRYTON_USER, password, sessionToken: session },
			});
		const [order, other] = await orders(site, { shippingMethod: 'Standard' }, { shippingMethod: 'Standard' });
		if (order === undefined || other === undefined) throw new Error('no orders');
		for (const sku of new Set([...order.lines, ...other.lines].map((line) => line.sku ?? ''))) await addProduct(tryton, sku);
		await run(site, 'orderRules', {}, itemsOf([order, other]));

		signedIn('wrong', 'b2xk');
		const refused = await run(site, 'wmsSend', { wms: 'tryton' }, [{ id: order.id }], { credentials });
		expect(refused.outputs[1]?.[0]?.json).toMatchObject({ id: order.id, message: expect.stringContaining('401') });
		expect(await tryton.references()).toEqual([]);

		signedIn(TRYTON_PASSWORD, 'b2xk');
		await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
		await run(site, 'orderRules', {}, [{ id: order.id }]);
		for (let count = 0; count < 2; count += 1)
			await run(site, 'wmsSend', { wms: 'tryton', options: { warehouseCode: 'WH' } }, [{ id: order.id }, { id: other.id }], {
				credentials,
			});
		expect((await tryton.references()).sort()).toEqual([order.reference, other.reference].sort());

		await finishShipment(tryton, (await shipmentOf(tryton, order.reference)).number);
		const trigger = triggerOf('wmsShipmentPollTrigger', { wms: 'tryton', options: { trackingField: ' number ' } }, { credentials });
		expect((await pollOf(site, trigger))?.map(({ json }) => json['event']).sort()).toEqual(['acknowledged', 'acknowledged', 'shipped']);
		expect(await pollOf(site, trigger)).toBeNull();
		const stored = await (await site.store()).get(order.id);
		expect(stored).toMatchObject({
			lines: order.lines.map(({ quantity }) => ({ quantityShipped: quantity })),
			shipments: [{ trackingNumber: stored?.wmsOrderId }],
		});

		const canceled = await run(site, 'wmsSend', { wms: 'tryton', operation: 'cancel' }, [{ id: other.id }, { id: order.id }], {
			credentials,
		});
		expect(canceled.outputs[0]?.map(({ json }) => json['id'])).toEqual([other.id]);
		expect(await tryton.references()).toEqual([order.reference]);
	});

	wmsThroughNodes('tryton', {
		credential: 'trytonApi',
		options: { warehouseCode: 'WH' },
		open: async () => {
			const before = new Set(await tryton.references());
			const data = {
				url: `${tryton.url}/`,
				database: tryton.database,
				user: TRYTON_USER,
				password: TRYTON_PASSWORD,
				sessionToken: await sessionOf(tryton),
			};
			return {
				data,
				refusedData: { ...data, password: 'wrong', sessionToken: 'b2xk' },
				references: async () => (await tryton.references()).filter((reference) => !before.has(reference)),
				knows: async (order) => {
					for (const { sku } of order.lines) await addProduct(tryton, sku ?? '');
				},
				ship: async (reference) => await finishShipment(tryton, (await shipmentOf(tryton, reference)).number),
			};
		},
	});
});

/** As the credential keeps one. */
async function sessionOf(tryton: Tryton): Promise<string> {
	const body = JSON.stringify({ id: 1, method: 'common.db.login', params: [TRYTON_USER, { password: TRYTON_PASSWORD }] });
	const answer = await fetch(`${tryton.url}/${tryton.database}/`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body,
	});
	const { result } = (await answer.json()) as { result: [number, string] };
	return Buffer.from([TRYTON_USER, ...result].join(':')).toString('base64');
}

async function addProduct(tryton: Tryton, sku: string): Promise<void> {
	const [known] = (await tryton.rpc('product.product.search', [['code', '=', sku]], 0, 1, null)) as number[];
	if (known !== undefined) return;
	const price = { __class__: 'Decimal', decimal: '1' };
	const unit = (await tryton.rpc('product.uom.search', [['symbol', '=', 'u']], 0, 1, null)) as number[];
	const [template] = (await tryton.rpc('product.template.create', [
		{
			name: sku,
			type: 'goods',
			default_uom: unit[0] ?? null,
			list_price: price,
			cost_price_method: 'fixed',
			products: [['create', [{ suffix_code: sku }]]],
		},
	])) as number[];
	const [id] = (await tryton.rpc('product.product.search', [['template', '=', template ?? 0]], 0, 1, null)) as number[];
	const [storage] = (await tryton.rpc('stock.location.search', [['code', '=', 'STO']], 0, 1, null)) as number[];
	const [inventory] = (await tryton.rpc('stock.inventory.create', [
		{ location: storage ?? null, company: 1, lines: [['create', [{ product: id ?? null, quantity: 1_000 }]]] },
	])) as number[];
	await tryton.rpc('stock.inventory.confirm', [inventory ?? 0]);
}
