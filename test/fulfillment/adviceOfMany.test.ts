/** The advice where an order is not what the warehouse has: parts, bundles, the order of somebody else; and where a person is refused. */
import { canceled } from '../../lib/order/cartWord';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { ALERT_CODES, SETTLED_BY_PERSON } from '../../lib/order/alerts';
import type { Order } from '../../lib/order/order';
import { actor, imported, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { Operator } from './operator';
import { twice } from './adviceFlows';
import { apply, bundledOrders, bundleRules, statusesOf } from './bundles';
import type { TestStore } from '../store/harness';

const refusedWith = (words: string) => expect.objectContaining({ code: 'operation_refused', remedy: expect.stringContaining(words) });

/** A bundle of which nobody knows whether it arrived. */
async function unknownBundle(test: TestStore, arrives: boolean): Promise<{ operator: Operator; bundle: Order; sources: Order[] }> {
	const operator = new Operator(test);
	const { bundle, sources } = await bundledOrders(test);
	await apply(test.orderStore, [bundle.id]);
	return { operator, bundle: await operator.unknown(bundle.id, { arrives }), sources };
}

async function unknownPart(test: TestStore, arrives: boolean): Promise<{ operator: Operator; order: Order; parts: Order[] }> {
	const operator = new Operator(test);
	const order = await operator.imports();
	await apply(test.orderStore, [order.id], (_, content) => ({
		decision: {
			kind: 'route',
			warehouse: 'BER',
			parts: [
				{ warehouse: 'BER', lines: [{ lineId: 'L1', quantity: 2 }] },
				{ warehouse: 'NYC', lines: [{ lineId: 'L2', quantity: 1 }] },
			],
		},
		content,
		trace: [],
	}));
	const parts = await test.orderStore.parts([order.id]);
	await operator.unknown(parts[0]!.id, { arrives });
	return { operator, order, parts: await test.orderStore.parts([order.id]) };
}

onEachDatabase('a bundle of which nobody knows whether it arrived', (open) => {
	it.each([true, false])('there: %s; its orders name it, and it ends well', async (arrives) => {
		const { operator, bundle, sources } = await unknownBundle(await open(), arrives);
		expect(bundle).toMatchObject({ status: 'error', alert: { code: 'outcome_unknown' } });
		for (const operation of ['markReceived', 'markNotReceived'])
			await expect(operator.does(operation, sources[0]!.id)).rejects.toEqual(refusedWith(`Do it with ${bundle.reference}`));
		await operator.does(arrives ? 'markReceived' : 'markNotReceived', bundle.id);
		if (!arrives) await apply(operator.orderStore, [bundle.id]);
		await operator.goesOn();
		expect(await statusesOf(operator.orderStore, [bundle, ...sources])).toEqual(['closed', 'closed', 'closed']);
		expect([...operator.main.has.keys()]).toEqual([bundle.reference]);
		expect(operator.told()).toHaveLength(2);
	});

	it('is taken apart when it is not there and the cart canceled one of its orders meanwhile: the other goes out by itself, once', async () => {
		const { operator, bundle, sources } = await unknownBundle(await open(), false);
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		expect(await operator.alertsOf(bundle.id)).toEqual(['outcome_unknown', 'changed_in_cart']);
		await operator.does('markNotReceived', bundle.id);
		await apply(operator.orderStore, [bundle.id]);
		expect(await statusesOf(operator.orderStore, [bundle, ...sources])).toEqual([undefined, 'canceled', 'new']);
		expect((await operator.get(sources[0]!.id)).alerts).toEqual([]);
		await operator.goesOn();
		expect(await statusesOf(operator.orderStore, sources)).toEqual(['canceled', 'closed']);
		expect([...operator.main.has.keys()]).toEqual([sources[1]!.reference]);
	});

	it('is taken apart by itself when a look-up finds that it is not there, and bundled anew without what was canceled', async () => {
		const test = await open();
		const operator = new Operator(test);
		const { bundle, sources } = await bundledOrders(test, [imported('1'), imported('2'), imported('3')]);
		await apply(test.orderStore, [bundle.id]);
		operator.main.creates.push({ kind: 'unknown', cause: 'time-out' });
		operator.main.finds.push(() => Promise.reject(new Error('502')));
		await operator.sends(bundle.id);
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		await test.orderStore.transition({
			orderId: bundle.id,
			from: 'delayed',
			to: 'routed',
			version: (await operator.get(bundle.id)).version,
			actor,
			reason: null,
		});
		await operator.sends(bundle.id);
		expect(await operator.get(bundle.id)).toMatchObject({ status: 'new', sending: 'not_there' });
		await apply(test.orderStore, [bundle.id]);
		expect(await statusesOf(test.orderStore, [bundle, ...sources])).toEqual([undefined, 'canceled', 'new', 'new']);
		await apply(
			test.orderStore,
			sources.slice(1).map(({ id }) => id),
			bundleRules(),
		);
		expect(await statusesOf(test.orderStore, sources)).toEqual(['canceled', 'delayed', 'delayed']);
		expect(operator.main.has.size).toBe(0);
	});

	it('is there, and one of its orders is to be canceled: the warehouse is told, and both alerts are resolved', async () => {
		const { operator, bundle, sources } = await unknownBundle(await open(), true);
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		await operator.does('markReceived', bundle.id);
		const member = await operator.get(sources[0]!.id);
		expect(member.alert).toMatchObject({ code: 'canceled_in_cart', message: expect.stringContaining(bundle.reference) });
		await operator.does('resolveAlert', member.id, { reason: 'Its goods are taken out.' });
		await operator.does('resolveAlert', bundle.id);
		expect([await operator.alertsOf(member.id), await operator.alertsOf(bundle.id)]).toEqual([[], []]);
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		expect(await operator.alertsOf(member.id)).toEqual([]);
	});
});

onEachDatabase('a part of which nobody knows whether it arrived', (open) => {
	it.each([true, false])('there: %s; its order names it, and it ends well', async (arrives) => {
		const { operator, order, parts } = await unknownPart(await open(), arrives);
		expect(parts[0]).toMatchObject({ status: 'error', alert: { code: 'outcome_unknown' } });
		for (const operation of ['markReceived', 'markNotReceived'])
			await expect(operator.does(operation, order.id)).rejects.toEqual(
				expect.objectContaining({
					code: 'operation_refused',
					message: expect.stringContaining(`split into ${parts[0]!.reference}, ${parts[1]!.reference}`),
				}),
			);
		await operator.does(arrives ? 'markReceived' : 'markNotReceived', parts[0]!.id);
		await operator.goesOn();
		expect(await statusesOf(operator.orderStore, [order, ...parts])).toEqual(['closed', 'closed', 'closed']);
		expect([...operator.main.has.keys()].sort()).toEqual(parts.map(({ reference }) => reference).sort());
	});

	it.each([true, false])('and that the cart cancels meanwhile, there: %s: it is canceled there, or is not sent again', async (arrives) => {
		const { operator, order, parts } = await unknownPart(await open(), arrives);
		operator.asksByItself = false;
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		await operator.does(arrives ? 'markReceived' : 'markNotReceived', parts[0]!.id);
		operator.asksByItself = true;
		await operator.goesOn();
		expect(await statusesOf(operator.orderStore, [order, ...parts])).toEqual(['canceled', 'canceled', 'canceled']);
		expect(operator.main.has.size).toBe(0);
		expect(operator.main.created()).toEqual([parts[0]!.reference]);
	});
});

onEachDatabase('an order whose reference another one has at the warehouse', (open) => {
	it('gets another one, and what is reported about the first is not its own', async () => {
		const operator = new Operator(await open());
		operator.main.creates.push({ kind: 'duplicate', wmsOrderId: 'W-OLD' });
		const { id, reference } = await operator.sent();
		await operator.does('markNotReceived', id);
		const after = await operator.get(id);
		expect(after).toMatchObject({ status: 'new', sending: 'not_there', reference: `${reference}.r2`, wmsOrderId: null });
		const about = [shipped({ ...after, reference }, 'S8'), shipped(after, 'S9', { reference: null, wmsOrderId: 'W-OLD' })];
		const results = await operator.orderStore.recordShipments({
			source: 'x',
			cursorFrom: null,
			cursorTo: null,
			wms: 'file',
			account: operator.main.account,
			events: about,
			failures: [],
			actor,
		});
		expect(results.map(({ kind }) => kind)).toEqual(['unmatched', 'unmatched']);
		expect((await operator.get(id)).shipments).toEqual([]);
	});

	it('is Canceled, if the cart does not want it any more', async () => {
		const operator = new Operator(await open());
		operator.main.creates.push({ kind: 'duplicate', wmsOrderId: 'W-OLD' });
		const { id } = await operator.sent();
		await operator.importsAgain(imported('1', {}, { word: canceled() }));
		await operator.does('markNotReceived', id);
		expect(await operator.get(id)).toMatchObject({ status: 'canceled', alerts: [], cancelDueAt: null });
	});

	it('is refused once it has a shipment, and without the alert', async () => {
		const operator = new Operator(await open());
		operator.main.creates.push({ kind: 'duplicate', wmsOrderId: 'W-OLD' });
		const { id } = await operator.sent();
		await operator.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 1 }] });
		await expect(operator.does('markNotReceived', id)).rejects.toMatchObject({ code: 'operation_refused' });
		const { id: other } = await operator.sent(imported('2'));
		await expect(operator.does('markNotReceived', other)).rejects.toEqual(refusedWith('Cancel with Force'));
	});
});

onEachDatabase(
	'a person',
	(open) => {
		it('resolves what no machine can see, once, with the reason in the timeline', async () => {
			const operator = new Operator(await open());
			const { id } = await operator.sent();
			await expect(operator.does('resolveAlert', id)).rejects.toMatchObject({
				code: 'operation_refused',
				message: 'Order N1 has no alert.',
			});
			await operator.edits(id, 'shippingAddress.city', 'Salem');
			await expect(operator.does('resolveAlert', id, { alertCode: 'changed_in_cart' })).rejects.toMatchObject({
				message: 'Order N1 has no such alert.',
				remedy: expect.stringContaining('Resolve Alert'),
			});
			await operator.does('resolveAlert', id, { alertCode: 'edited_after_sending', reason: 'Told Bob.' });
			expect((await operator.orderStore.timeline(id)).at(-2)).toMatchObject({
				kind: 'note',
				data: { text: 'Resolved by Operator / Order Store: edited_after_sending. Told Bob.' },
			});
			expect(await operator.alertsOf(id)).toEqual([]);
		});

		it('is told the next step of what ends by itself', async () => {
			const operator = new Operator(await open());
			const { id } = await operator.imports();
			await operator.rules(id, [{ kind: 'fail', message: 'please look' }]);
			await expect(operator.does('resolveAlert', id)).rejects.toEqual(refusedWith('Reprocess'));
			expect(ALERT_CODES.filter((code) => !SETTLED_BY_PERSON.includes(code))).toEqual([
				'outcome_unknown',
				'wrong_store',
				'invalid_address',
				'field_too_long',
				'missing_field',
				'unknown_sku',
				'unmapped_shipping_method',
				'rule_failed',
				'rejected_by_wms',
				'retries_used_up',
				'credentials_invalid',
				'rejected_by_cart',
				'late_shipment',
				'import_failed',
			]);
		});

		it('does not cancel by mistake at one of two warehouses that have the order, with Force or without', async () => {
			const test = await open();
			const operator = new Operator(test);
			const order = await operator.sent();
			await test.orderStore.amend({
				orderId: order.id,
				version: order.version,
				actor,
				set: { alerts: { raise: [{ code: 'sent_twice', message: 'two' }] } },
			});
			await operator.cancelsWithWmsSend(order.id);
			await expect(operator.does('cancel', order.id, { force: true })).rejects.toEqual(refusedWith('Resolve Alert'));
			expect(await operator.get(order.id)).toMatchObject({ status: 'open', sending: 'there' });
			expect(operator.main.has.size).toBe(1);
		});

		it('stops at both of two warehouses what the cart does not want any more: the first by hand, the other is asked', async () => {
			const operator = new Operator(await open());
			const { id, reference } = await twice(operator);
			await operator.importsAgain(imported('1', {}, { word: canceled() }));
			operator.stopsByHand(reference, operator.other);
			await operator.does('resolveAlert', id, { alertCode: 'sent_twice' });
			expect(await operator.get(id)).toMatchObject({
				status: 'open',
				sending: 'there',
				alert: { code: 'canceled_in_cart' },
				cancelDueAt: expect.any(String),
			});
			await operator.goesOn();
			expect(await operator.get(id)).toMatchObject({ status: 'canceled', sending: 'canceled_there', alerts: [] });
			expect([operator.main.has.size, operator.other.has.size]).toEqual([0, 0]);
		});

		it('cancels with Force what may be there, and it gets a reference of its own when it is sent after all', async () => {
			const test = await open();
			const operator = new Operator(test);
			const { id } = await operator.imports();
			await operator.rules(id);
			const { reference } = await operator.unknown(id, { arrives: true });
			operator.stopsByHand(reference);
			const without = await cancelOrders({
				orderStore: test.orderStore,
				warehouse: null,
				orderIds: [id],
				reason: null,
				worker: 'w',
				actor,
				leaseMs: 1000,
			});
			expect(without).toMatchObject([{ output: 'error', message: expect.stringContaining('Cancel with Force') }]);
			await operator.does('cancel', id, { force: true, reason: 'Phoned.' });
			expect(await operator.get(id)).toMatchObject({
				status: 'canceled',
				sending: 'canceled_there',
				statusReason: 'Phoned. Operator / Order Store said with Force that the warehouse does not ship it.',
			});
			await operator.does('reprocess', id);
			await operator.goesOn();
			expect([...operator.main.has.keys()]).toEqual([`${reference}.r2`]);
		});
	},
	['sqlite'],
);
