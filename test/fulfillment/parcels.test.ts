/** Cumulative reports: whatever a file repeats, the cart is told of each parcel once. */
import { report as reportPage, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { Exchange } from './exchange';

onEachDatabase('parcels of one shipment', (open) => {
	async function begin() {
		const site = new Exchange(await open());
		const order = await site.open('1');
		return { site, order };
	}

	const parcel = (tracking_number: string, more: Record<string, string | number> = {}) => ({
		reference: 'N1',
		shipment_id: 'S1',
		tracking_number,
		carrier: 'UPS',
		sku: 'RED-MUG',
		quantity: 1,
		...more,
	});

	/** Polls, tells the cart, and gives the tracking numbers that it was told, as often as it was. */
	async function told(site: Exchange, orderId: string): Promise<string[]> {
		await site.poll();
		await site.upload([orderId]);
		return Object.values(site.tracking)
			.map((text) => text.split('\r\n')[1]!.split(',')[5]!)
			.sort();
	}

	const parcelsOf = async (site: Exchange, orderId: string): Promise<string[]> =>
		(await site.get(orderId)).shipments.map(({ externalId, trackingNumber }) => `${externalId} ${trackingNumber}`).sort();
	const shippedOf = async (site: Exchange, orderId: string): Promise<number[]> =>
		(await site.get(orderId)).lines.map(({ quantityShipped }) => quantityShipped);

	it('comes one after the other, in files that repeat the first', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('T1')]);
		expect(await told(site, order.id)).toEqual(['T1']);
		site.report('shipments', [parcel('T1'), parcel('T2')]);
		expect(await told(site, order.id)).toEqual(['T1', 'T2']);
		site.report('shipments', [parcel('T2'), parcel('T3', { sku: 'TEE-L' }), parcel('T1')]);
		expect(await told(site, order.id)).toEqual(['T1', 'T2', 'T3']);
		expect(await parcelsOf(site, order.id)).toEqual(['S1 T1', 'S1/T2 T2', 'S1/T3 T3']);
		expect(await site.get(order.id)).toMatchObject({
			status: 'closed',
			alert: null,
			lines: [{ quantityShipped: 2 }, { quantityShipped: 1 }],
		});
	});

	it('comes together, and one of them again', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('T1'), parcel('T2')]);
		await told(site, order.id);
		for (const number of ['T1', 'T2', 'T1']) {
			site.report('shipments', [parcel(number)]);
			expect(await told(site, order.id)).toEqual(['T1', 'T2']);
		}
		expect(await site.get(order.id)).toMatchObject({
			status: 'partially_shipped',
			alert: null,
			lines: [{ quantityShipped: 2 }, { quantityShipped: 0 }],
		});
	});

	it.each<[stored: string, known: Array<[key: string, number: string]>]>([
		['alone', [['S1', 'T1']]],
		[
			'of two',
			[
				['S1/T1', 'T1'],
				['S1/T2', 'T2'],
			],
		],
	])('is known in a store of the version before, where it was recorded %s', async (_, known) => {
		const { site, order } = await begin();
		await site.orderStore.recordShipments(
			reportPage(
				known.map(([externalId, trackingNumber]) =>
					shipped(order, externalId, { trackingNumber, lines: [{ sku: 'RED-MUG', quantity: 1 }] }),
				),
			),
		);
		expect(await told(site, order.id)).toEqual(known.map(([, number]) => number));
		const before = await parcelsOf(site, order.id);
		for (const numbers of [['T1'], ['T1', 'T2'], ['T2', 'T1']])
			site.report(
				'shipments',
				numbers.map((number) => parcel(number)),
			);
		expect(await told(site, order.id)).toEqual(['T1', 'T2']);
		expect(await shippedOf(site, order.id)).toEqual([2, 0]);
		expect((await parcelsOf(site, order.id)).filter((one) => before.includes(one))).toEqual(before);
	});

	it('has another number, when it is the only one: the cart is not told of two', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('T1')]);
		await told(site, order.id);
		site.report('shipments', [parcel('T2')]);
		expect(await told(site, order.id)).toEqual(['T1']);
		expect(await parcelsOf(site, order.id)).toEqual(['S1 T2']);
		expect(await site.get(order.id)).toMatchObject({ alert: { code: 'tracking_changed' }, lines: [{ quantityShipped: 1 }, {}] });
	});

	it('has its number later', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('')]);
		await site.poll();
		site.report('shipments', [parcel('T1'), parcel('T2')]);
		await site.poll();
		expect(await parcelsOf(site, order.id)).toEqual(['S1 T1', 'S1/T2 T2']);
		expect(await shippedOf(site, order.id)).toEqual([2, 0]);
	});

	it('has a number that was corrected, and the old one comes again beside the new one', async () => {
		const { site, order } = await begin();
		await site.orderStore.recordShipments(
			reportPage([shipped(order, 'S1/T1', { trackingNumber: 'T9', lines: [{ sku: 'RED-MUG', quantity: 1 }] })]),
		);
		site.report('shipments', [parcel('T1'), parcel('T9')]);
		await site.poll();
		expect(await parcelsOf(site, order.id)).toEqual(['S1/T1 T9']);
		expect(await shippedOf(site, order.id)).toEqual([1, 0]);
	});

	it('is one of a report whose other row cannot be read', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('T1')]);
		await told(site, order.id);
		site.report('shipments', [parcel('T2'), parcel('T3', { quantity: 'x' })]);
		expect(await told(site, order.id)).toEqual(['T1', 'T2']);
	});
});
