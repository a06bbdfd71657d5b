/** Lines that the cart adds to an order which is closed: offered, and sent once as an order of their own. */
import { applyRules } from '../../lib/fulfillment/applyRules';
import { actor, kinds } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { CAP, MUG, PEN, saying, shown, Site, TEE } from './addedLinesSite';

onEachDatabase('lines that are added to a closed order', (open) => {
	const begin = async () => new Site(await open());

	it('are sent as an order of their own, once, and its tracking goes to the same order of the cart', async () => {
		const site = await begin();
		const order = await site.offered([{ ...MUG, quantity: 3 }, TEE, CAP]);
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: RED-MUG × 1, CAP × 1.']);
		const made = await site.sendsAdded(order);
		expect(made).toMatchObject({
			status: 'new',
			reference: 'N1.a1',
			externalId: '1',
			orderNumber: 'N1',
			parentId: order.id,
			description: '1 × RED-MUG, 1 × CAP',
			warehouse: null,
			subtotal: '20.00',
			total: null,
			shippingAddress: { address1: '5 Elm St' },
			alerts: [],
			sending: 'none',
		});
		expect(made.lines.map(({ externalId }) => externalId)).toEqual(['x-L1', 'x-L3']);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [], description: '2 × RED-MUG, 1 × TEE-L' });
		expect((await kinds(site.orderStore, order.id)).slice(-2)).toEqual(['added_lines_sent', 'alert_cleared']);
		expect(await kinds(site.orderStore, made.id)).toEqual(['added_to']);
		await site.goesOn();
		expect(shown(await site.get(made.id))).toBe('N1.a1 closed: 1 × RED-MUG, 1 × CAP');
		expect(site.main.created()).toEqual(['N1', 'N1.a1']);
		expect(site.toldOf).toEqual([
			{
				externalId: '1',
				tracking: expect.any(String) as string,
				lines: [
					{ externalId: 'x-L1', quantity: 1 },
					{ externalId: 'x-L3', quantity: 1 },
				],
			},
		]);
		expect(await site.get(order.id)).toMatchObject({
			status: 'closed',
			alerts: [],
			lines: [
				{ quantity: 2, quantityShipped: 2 },
				{ quantity: 1, quantityShipped: 1 },
			],
		});
		expect((await site.orderStore.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([order.id]);
	});

	it('are sent once by a repeat, which gives the same order, also when that is closed', async () => {
		const site = await begin();
		const order = await site.offered();
		const made = await site.sendsAdded(order);
		expect(await site.sendsAdded(order)).toEqual(made);
		await site.goesOn();
		expect(await site.sendsAdded(order)).toMatchObject({ id: made.id, status: 'closed' });
		expect(await site.added(order)).toHaveLength(1);
		expect(site.main.created()).toEqual(['N1', 'N1.a1']);
	});

	it('are sent once by several workers at once, while the cart says it again', async () => {
		const site = await begin();
		const other = await site.test.another();
		const order = await site.offered();
		const again = async () => await site.importsAgain(saying([MUG, TEE, CAP]));
		const [first, ...others] = await Promise.all([
			...[0, 1, 2, 3, 4, 5].map(async (index) => (await site.sendsAdded(order, index % 2 ? other : site.orderStore)).id),
			again().then(() => null),
		]);
		expect(new Set(others.filter((id) => id !== null))).toEqual(new Set([first]));
		expect(await site.added(order)).toHaveLength(1);
		expect((await kinds(site.orderStore, order.id)).filter((kind) => kind === 'added_lines_sent')).toHaveLength(1);
	});

	it('are offered again when there are more of them, and only the newer ones are sent then', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.sendsAdded(order);
		await site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]));
		expect(await site.messages(order)).toEqual(['lines_added: Added in the cart after the order was closed: CAP × 1, PEN × 3.']);
		expect(shown(await site.sendsAdded(order))).toBe('N1.a2 new: 1 × CAP, 3 × PEN');
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 new: 1 × CAP', 'N1.a2 new: 1 × CAP, 3 × PEN']);
		await site.goesOn();
		expect(site.toldOf.flatMap(({ lines }) => lines.map(({ externalId, quantity }) => `${externalId} × ${quantity}`)).sort()).toEqual([
			'x-L3 × 1',
			'x-L3 × 1',
			'x-L4 × 3',
		]);
		await expect(site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }, PEN]))).resolves.toBeUndefined();
		expect(await site.messages(order)).toEqual([]);
	});

	it('add up while they are only offered, and are gone when the cart takes them back', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining('CAP × 1, PEN × 3.')]);
		await site.importsAgain(saying([MUG, TEE, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': PEN × 3.')]);
		await site.importsAgain(saying([MUG, TEE]));
		expect(await site.messages(order)).toEqual([]);
		await expect(site.sendsAdded(order)).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('Nothing was added'),
		});
	});

	it('that are not to be shipped are not offered again with later ones', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('resolveAlert', order.id);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a1 new: 3 × PEN');
	});

	it('are not what was shipped, when the cart takes that back and gives it back', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.sendsAdded(order);
		await site.goesOn();
		await site.importsAgain(saying([{ ...MUG, quantity: 0 }, TEE]));
		await site.importsAgain(saying([MUG, TEE, CAP]));
		expect(await site.messages(order)).toEqual([]);
		await site.importsAgain(saying([MUG, TEE, { ...CAP, quantity: 2 }]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': CAP × 1.')]);
	});

	it('that a person canceled are not offered again with later ones', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('cancel', (await site.sendsAdded(order)).id);
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(await site.messages(order)).toEqual([expect.stringContaining(': PEN × 3.')]);
	});

	it('that no warehouse ships are not offered', async () => {
		const site = await begin();
		const order = await site.closed();
		await site.importsAgain(saying([MUG, TEE, { ...CAP, kind: 'service' }]));
		expect(await site.messages(order)).toEqual([]);
	});

	it('go by the edits of the order, but for its quantities', async () => {
		const site = await begin();
		const { id } = await site.imports(saying([MUG, TEE]));
		await site.edits(id, 'shippingAddress.address1', '9 Oak Ave');
		await site.edits(id, 'lines.L1.quantity', '1');
		await site.goesOn();
		await site.importsAgain(saying([{ ...MUG, quantity: 4 }, TEE]));
		expect(await site.sendsAdded({ id })).toMatchObject({ description: '2 × RED-MUG', shippingAddress: { address1: '9 Oak Ave' } });
	});

	it('are split by rules as the order is, and all of it is shipped and told once', async () => {
		const site = await begin();
		const order = await site.offered([MUG, TEE, CAP, PEN]);
		const { id } = await site.sendsAdded(order);
		const results = await applyRules({
			orderStore: site.orderStore,
			orderIds: [id],
			warehouses: ['MAIN', 'OTHER'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: (_, content) => ({
				content,
				trace: [],
				decision: {
					kind: 'route',
					warehouse: 'MAIN',
					parts: [
						{ warehouse: 'MAIN', lines: [{ lineId: 'L3', quantity: 1 }] },
						{ warehouse: 'OTHER', lines: [{ lineId: 'L4', quantity: 3 }] },
					],
				},
			}),
		});
		expect(results.map(({ order: { reference }, output, splitOff }) => [reference, output, splitOff])).toEqual([
			['N1.a1', { kind: 'warehouse', warehouse: 'MAIN' }, undefined],
			['N1.a2', { kind: 'warehouse', warehouse: 'OTHER' }, id],
		]);
		expect((await site.added(order)).map((one) => `${shown(one)} at ${one.warehouse}`)).toEqual([
			'N1.a1 routed: 1 × CAP at MAIN',
			'N1.a2 routed: 3 × PEN at OTHER',
		]);
		// Started anew a part goes back to its warehouse without rules, and is not split again.
		const [, pens] = await site.added(order);
		await site.does('reprocess', pens!.id);
		await site.goesOn();
		expect((await site.added(order)).map(shown)).toEqual(['N1.a1 closed: 1 × CAP', 'N1.a2 closed: 3 × PEN']);
		expect([site.main.created(), site.other.created()]).toEqual([['N1', 'N1.a1'], ['N1.a2']]);
		expect(site.toldOf.map(({ externalId, lines }) => [externalId, lines[0]!.externalId]).sort()).toEqual([
			['1', 'x-L3'],
			['1', 'x-L4'],
		]);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [] });
	});

	it('of an order that was split are sent too, and our own shipments of all of it are no news', async () => {
		const site = await begin();
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
		await site.goesOn();
		await site.importsAgain(saying([MUG, TEE], { shipped: { L1: 2, L2: 1 } }));
		expect(await site.get(id)).toMatchObject({ status: 'closed', alerts: [], inCart: { readiness: 'ready' } });
		await site.importsAgain(saying([MUG, TEE, CAP], { shipped: { L1: 2, L2: 1 } }));
		expect(shown(await site.sendsAdded({ id }))).toBe('N1.a3 new: 1 × CAP');
		await site.goesOn();
		await site.importsAgain(saying([MUG, TEE, CAP], { shipped: { L1: 2, L2: 1, L3: 1 } }));
		expect(await site.get(id)).toMatchObject({ status: 'closed', alerts: [], inCart: { readiness: 'ready' } });
		expect(await site.messages({ id })).toEqual([]);
		// What others ship of them is theirs.
		await site.importsAgain(saying([MUG, TEE, CAP, PEN], { shipped: { L1: 2, L2: 1, L3: 1, L4: 1 } }));
		expect(await site.messages({ id })).toEqual([expect.stringContaining(': PEN × 2.')]);
	});

	it('wait for no others: rules that bundle know them', async () => {
		const site = await begin();
		const { id } = await site.sendsAdded(await site.offered());
		const seen: Array<boolean | undefined> = [];
		await site.rules(id, undefined, {
			evaluate: (_, content, { isOfAddedLines }) => {
				seen.push(isOfAddedLines);
				return { content: { ...content, warehouse: 'MAIN' }, trace: [], decision: { kind: 'route', warehouse: 'MAIN' } };
			},
		});
		expect(seen).toEqual([true]);
	});

	it('of which an older version told are not guessed', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.test.raw('UPDATE {order_content} SET settled_lines = NULL WHERE order_id = $1', [order.id]);
		await expect(site.sendsAdded(order)).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('older version'),
		});
		await site.importsAgain(saying([MUG, TEE, CAP, PEN]));
		expect(shown(await site.sendsAdded(order))).toBe('N1.a1 new: 3 × PEN');
	});

	it('are refused while the order is archived; closed again, they can be sent', async () => {
		const site = await begin();
		const order = await site.offered();
		await site.does('archive', order.id);
		await expect(site.sendsAdded(order)).rejects.toMatchObject({
			code: 'operation_refused',
			remedy: expect.stringContaining('Reprocess it first'),
		});
		await site.does('reprocess', order.id);
		expect(await site.get(order.id)).toMatchObject({ status: 'closed', alerts: [{ code: 'lines_added' }] });
		const made = await site.sendsAdded(order);
		await site.does('archive', order.id);
		expect(await site.get(made.id)).toMatchObject({ status: 'archived' });
		await site.does('delete', order.id);
		expect(await site.orderStore.get(made.id)).toBeNull();
	});

	it('leave the order alone: what is reported of it later is its own', async () => {
		const site = await begin();
		const order = await site.offered();
		const made = await site.sendsAdded(order);
		await site.rules(made.id);
		await site.sends(made.id);
		await site.reports({
			kind: 'voided',
			externalId: order.shipments[0]!.externalId,
			reference: order.reference,
			wmsOrderId: null,
			origin: 'v',
			reason: null,
		});
		await site.ships(order.id);
		expect(await site.alertsOf(order.id)).toEqual(['shipment_voided']);
		// In Order Rules it is passed on itself, and a person is not told of a split.
		const [result] = await applyRules({
			orderStore: site.orderStore,
			orderIds: [order.id],
			warehouses: ['MAIN'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: () => {
				throw new Error('no rule runs on it');
			},
		});
		expect(result).toMatchObject({ order: { id: order.id }, output: { kind: 'warehouse', warehouse: 'MAIN' } });
		await expect(site.does('markNotReceived', order.id)).rejects.toMatchObject({ message: expect.not.stringContaining('split') as string });
		expect(await site.get(made.id)).toMatchObject({ status: 'open', alerts: [] });
	});
});
