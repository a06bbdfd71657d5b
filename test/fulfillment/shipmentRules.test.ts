/** Shipment rules at the moment of the upload: applied on each try, recorded once, held back until somebody lets go. */
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import { uploadTracking } from '../../lib/fulfillment/uploadTracking';
import type { Shipment } from '../../lib/order/order';
import { contentOf, checkedRuleSet, ruleSetOfKind } from '../../lib/rules/ruleSet/ruleSet';
import { compileShipmentRules } from '../../lib/rules/shipment';
import type { ShipmentAction } from '../../lib/rules/shipmentActions/registry';
import { report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { actor, Exchange } from './exchange';
import { letTimePass, RETRY, scriptedCart } from './partners';

onEachDatabase('shipment rules', (open) => {
	const begin = async () => {
		const test = await open();
		const site = new Exchange(test);
		const { id } = await site.open();
		await test.orderStore.recordShipments(report([shipped((await test.orderStore.get(id))!, 'S1')]));
		const told: Array<{ shipment: Shipment; notifyCustomer: boolean }> = [];
		const cart = scriptedCart();
		const upload = async (actions: ShipmentAction[], orderStore = test.orderStore) => {
			const rules = compileShipmentRules([{ name: 'R', enabled: true, conditions: null, lineQuantifier: 'any', actions, stop: false }]);
			const session = {
				...cart,
				uploadTracking: async (...[order, shipment, options]: Parameters<typeof cart.uploadTracking>) => {
					told.push({ shipment, notifyCustomer: options.notifyCustomer });
					return await cart.uploadTracking(order, shipment, options);
				},
			};
			const [result] = await uploadTracking({
				orderStore,
				session,
				worker: 'w1',
				actor,
				leaseMs: 60_000,
				retry: RETRY,
				orderIds: [id],
				notifyCustomer: true,
				shipmentRules: { evaluate: (...given) => rules.evaluate(...given), ruleSet: () => 'Carriers v1' },
			});
			return result!;
		};
		const entries = async () =>
			(await test.orderStore.timeline(id)).filter(
				({ kind }) => kind === 'rules_applied' || kind === 'tracking_uploaded' || kind === 'upload_failed',
			);
		return { test, id, told, cart, upload, entries, order: async () => (await test.orderStore.get(id))! };
	};
	const express: ShipmentAction = { kind: 'setField', path: 'carrier', value: 'UPS®' };

	it('the cart is told what the rules made of it; what the warehouse said stays, and the timeline has both', async () => {
		const { upload, told, entries, order } = await begin();
		expect(await upload([express, { kind: 'notifyCustomer', notify: false }])).toMatchObject({ output: 'done' });
		expect(told).toMatchObject([{ shipment: { carrier: 'UPS®', trackingNumber: '1ZS1' }, notifyCustomer: false }]);
		expect(await order()).toMatchObject({ status: 'closed', shipments: [{ carrier: 'UPS' }] });
		expect(await entries()).toMatchObject([
			{
				kind: 'rules_applied',
				data: {
					decision: 'Shipment 1ZS1: the cart is told.',
					ruleSet: 'Carriers v1',
					trace: [
						{
							rule: 'R',
							changes: [
								{ path: 'carrier', before: 'UPS', after: 'UPS®' },
								{ path: 'notifyCustomer', before: true, after: false },
							],
						},
					],
				},
			},
			{ kind: 'tracking_uploaded' },
		]);
	});

	it('a process that dies after the cart was told applies the same rules again, and records them once', async () => {
		const { upload, told, entries, order, test, cart } = await begin();
		const dying = {
			...test.orderStore,
			recordUpload: async () => {
				throw new Error('killed');
			},
		};
		await expect(upload([express], dying)).rejects.toThrow('killed');
		expect(await entries()).toEqual([]);
		await letTimePass(test);
		cart.outcomes.push({ kind: 'already_done', message: 'there' });
		expect(await upload([express])).toMatchObject({ output: 'done' });
		expect(told.map(({ shipment }) => shipment.carrier)).toEqual(['UPS®', 'UPS®']);
		expect((await entries()).map(({ kind }) => kind)).toEqual(['rules_applied', 'tracking_uploaded']);
		expect((await order()).status).toBe('closed');
	});

	it('a shipment that is held back waits for a person, with its reason, and goes out when the rules let it pass', async () => {
		const { upload, told, id, order, test, entries } = await begin();
		const held: ShipmentAction[] = [{ kind: 'holdBack', reason: 'a gift' }];
		expect(await upload(held)).toMatchObject({ output: 'delayed', message: 'Held back by rule "R": a gift' });
		expect(await order()).toMatchObject({
			status: 'open',
			statusReason: 'Held back by rule "R": a gift',
			shipments: [{ uploadHeldBack: true, uploadProblem: 'Held back by rule "R": a gift', uploadAttempts: 0 }],
		});
		await letTimePass(test);
		expect(await upload([])).toMatchObject({ output: 'delayed', message: expect.stringContaining('Reprocess the order') });
		expect(told).toEqual([]);
		await reprocessOrder({ orderStore: test.orderStore, orderId: id, actor, force: false });
		expect(await upload(held)).toMatchObject({ output: 'delayed' });
		await reprocessOrder({ orderStore: test.orderStore, orderId: id, actor, force: false });
		expect(await upload([express])).toMatchObject({ output: 'done' });
		expect((await entries()).map(({ data }) => ('decision' in data ? data.decision : 'uploaded'))).toEqual([
			'Shipment 1ZS1: the cart is not told.',
			'Shipment 1ZS1: the cart is not told.',
			'Shipment 1ZS1: the cart is told.',
			'uploaded',
		]);
		expect(await order()).toMatchObject({ status: 'closed' });
	});

	it('a rule that fails raises an alert, the cart is not told, and the next try after a fix clears it', async () => {
		const { upload, told, id, order, test } = await begin();
		expect(await upload([{ kind: 'fail', message: 'no such carrier' }])).toMatchObject({
			output: 'error',
			message: 'Rule "R": no such carrier',
		});
		expect(await order()).toMatchObject({ status: 'open', alert: { code: 'rule_failed', message: 'Rule "R": no such carrier' } });
		expect(told).toEqual([]);
		await reprocessOrder({ orderStore: test.orderStore, orderId: id, actor, force: false });
		expect(await upload([express])).toMatchObject({ output: 'done' });
		expect(await order()).toMatchObject({ status: 'closed', alert: null });
	});

	it('of a set that changed between two tries: the retry goes by the new version, and the timeline says which', async () => {
		const { test, id, told, cart, entries } = await begin();
		const save = async (value: string) =>
			await test.orderStore.saveRuleSet({
				name: 'Carriers',
				actor,
				content: contentOf(
					checkedRuleSet({
						format: 1,
						kind: 'shipment',
						name: 'Carriers',
						rules: [{ name: 'R', actions: [{ kind: 'setField', path: 'carrier', value }] }],
					}),
				),
			});
		// As Cart Update does it: the present version is read once for a run.
		const upload = async () => {
			const found = (await test.orderStore.ruleSet('Carriers'))!;
			const rules = compileShipmentRules(ruleSetOfKind(found.content, found.name, 'shipment').rules);
			const session = {
				...cart,
				uploadTracking: async (...[order, shipment, options]: Parameters<typeof cart.uploadTracking>) => {
					told.push({ shipment, notifyCustomer: options.notifyCustomer });
					return await cart.uploadTracking(order, shipment, options);
				},
			};
			const [result] = await uploadTracking({
				orderStore: test.orderStore,
				session,
				worker: 'w1',
				actor,
				leaseMs: 60_000,
				retry: RETRY,
				orderIds: [id],
				notifyCustomer: true,
				shipmentRules: { evaluate: (...given) => rules.evaluate(...given), ruleSet: () => `${found.name} v${found.version}` },
			});
			return result!.output;
		};
		await save('Old');
		cart.outcomes.push({ kind: 'unavailable', cause: 'down' });
		expect(await upload()).toBe('delayed');
		await save('New');
		await letTimePass(test);
		expect(await upload()).toBe('done');
		expect(told.map(({ shipment }) => shipment.carrier)).toEqual(['Old', 'New']);
		expect((await entries()).map(({ kind, data }) => [kind, 'ruleSet' in data ? data.ruleSet : null])).toEqual([
			['rules_applied', 'Carriers v1'],
			['upload_failed', null],
			['rules_applied', 'Carriers v2'],
			['tracking_uploaded', null],
		]);
	});

	it('two workers under the same rules tell the cart once', async () => {
		const { upload, told, test, entries } = await begin();
		const results = await Promise.all([upload([express]), upload([express], await test.another())]);
		expect(told).toHaveLength(1);
		expect(results.map(({ output }) => output)).toContain('done');
		expect((await entries()).map(({ kind }) => kind)).toEqual(['rules_applied', 'tracking_uploaded']);
	});
});
