/** Lines that the cart adds to an order while a warehouse has it: once the order is closed they are offered, and sent once. */
import type { Order } from '../../lib/order/order';
import { kinds } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { CAP, MUG, PEN, saying, shown, Site, TEE } from './addedLinesSite';

onEachDatabase('lines that are added while a warehouse has the order', (open) => {
	const begin = async (lines = [MUG, TEE, CAP]): Promise<{ site: Site; order: Order }> => {
		const site = new Site(await open());
		const order = await site.sent(saying([MUG, TEE]));
		await site.importsAgain(saying(lines));
		expect(await site.alertsOf(order.id)).toEqual(['changed_in_cart']);
		return { site, order };
	};

	it('are offered once it is closed, and sent once', async () => {
		const { site, order } = await begin();
		await expect(site.sendsAdded(order)).rejects.toMatchObject({ remedy: expect.stringContaining('once the order is closed') });
		await site.goesOn();
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', description: '2 × RED-MUG, 1 × TEE-L' });
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was sent: CAP × 1.']);
		const made = await site.sendsAdded(order);
		expect(shown(made)).toBe('N1.a1 new: 1 × CAP');
		expect(await site.sendsAdded(order)).toEqual(made);
		await site.goesOn();
		expect(site.main.created()).toEqual(['N1', 'N1.a1']);
		expect(await site.messages(order)).toEqual([]);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: PEN × 3.']);
	});

	it('add up with what the cart adds later, and are over when it takes them back', async () => {
		const { site, order } = await begin([{ ...MUG, quantity: 3 }, TEE]);
		await site.goesOn();
		await site.importsAgain(saying([{ ...MUG, quantity: 3 }, TEE, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': RED-MUG × 1, PEN × 3.')]);
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.messages(order)).toEqual([]);
		await site.importsAgain(saying([{ ...MUG, quantity: 3 }, TEE]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a1 new: 1 × RED-MUG');
	});

	it('leave the alert of what else differs', async () => {
		const { site, order } = await begin([{ ...MUG, quantity: 1 }, TEE, CAP]);
		await site.goesOn();
		expect(await site.messages(order)).toEqual([
			'changed_in_cart: Changed in the cart after it was sent to the warehouse: RED-MUG 2 → 1.',
			'lines_added: Added in the cart after the order was sent: CAP × 1.',
		]);
		// Both of the mugs left.
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a1 new: 1 × CAP');
	});

	it('of which a person settled the alert are not offered', async () => {
		const { site, order } = await begin();
		await site.does('resolveAlert', order.id);
		await site.goesOn();
		expect(await site.messages(order)).toEqual([]);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': PEN × 3.')]);
	});

	it('without an addition the alert stays, and what left is not offered when it comes back', async () => {
		const { site, order } = await begin([{ ...MUG, quantity: 1 }, TEE]);
		await site.goesOn();
		expect(await site.alertsOf(order.id)).toEqual(['changed_in_cart']);
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.alertsOf(order.id)).not.toContain('lines_added');
	});

	it('of an order that was split are offered too', async () => {
		const site = new Site(await open());
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.rules(id, undefined, {
			evaluate: (_, content) => ({
				content,
				trace: [],
				decision: {
					kind: 'route',
					warehouse: 'MAIN',
					parts: [
						{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
						{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
					],
				},
			}),
		});
		const [first, second] = await site.orderStore.parts([id]);
		await site.sends(first!.id);
		await site.sends(second!.id, site.other);
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.alertsOf(id)).toEqual(['changed_in_cart']);
		await site.goesOn();
		expect(await site.messages({ id })).toEqual(['lines_added: Added in the cart after the order was sent: CAP × 1.']);
		expect(await kinds(site.orderStore, id)).toContain('alert_cleared');
		expect(shown(await site.sendsAdded({ id }))).toBe('N1.a3 new: 1 × CAP');
	});
});
