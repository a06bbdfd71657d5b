/** Order Rules: the actions as a person enters them, each through the node and the store. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, run } from './desk';

let site: Site;
eachTest((opened) => (site = opened));

type Given = Parameters<typeof orders>[1];

async function apply(actions: INodeParameters[], ...given: Given[]) {
	const list = await orders(site, ...given);
	const rules: INodeParameters = { rules: { list: [{ name: 'R', actions: { list: actions } }] }, options: { trace: true } };
	const { outputs, error } = await run(site, 'orderRules', rules, itemsOf(list));
	expect(error).toBeUndefined();
	const [accepted = [], skipped = [], delayed = [], failed = []] = outputs.map((items) => items.map(({ json }) => json));
	return { accepted, skipped, delayed, failed, list };
}

const skusOf = (order: IDataObject | undefined) => (order?.['lines'] as IDataObject[]).map(({ sku, quantity }) => [sku, quantity]);

it('clears fields and changes tags', async () => {
	const { accepted } = await apply(
		[{ action: 'clearField', field: 'notes' }, { action: 'clearField', field: 'custom', customField: 'site' }, { action: 'addTags', tags: 'a, b' }, { action: 'removeTags', tags: 'vip' }],
		{ notes: 'x', custom: { site: 'BER' }, tags: ['vip'] },
	);
	expect(accepted[0]).toMatchObject({ notes: null, custom: { site: null }, tags: ['a', 'b'] });
});

it('adds a line once, also when the rules run again', async () => {
	const actions = [{ action: 'addLine', lineSku: 'GIFT', lineName: '={{ $json.orderNumber }}', linePrice: '0.00' }, { action: 'addTags', tags: 'gift' }, { action: 'hold', holdUntil: 'tag', holdTag: 'gift' }];
	const { delayed, list } = await apply(actions, { lines: [{ sku: 'A', quantity: 2 }] });
	expect(skusOf(delayed[0])).toEqual([['A', 2], ['GIFT', 1]]);
	expect(delayed[0]).toMatchObject({ status: 'delayed', heldUntil: null, statusReason: 'Held by rule "R" until the tag "gift" is gone.' });
	const id = list[0]?.id ?? '';
	await run(site, 'orderStore', { operation: 'reprocess', orderId: id }, itemsOf(list));
	const again = await run(site, 'orderRules', { rules: { list: [{ name: 'R', actions: { list: actions.slice(0, 1) } }] } }, itemsOf(list));
	expect(skusOf(again.outputs[0]?.[0]?.json)).toEqual([['A', 2], ['GIFT', 1]]);
});

it('replaces a kit by its components and keeps the key of the line', async () => {
	const rows = [{ sku: 'kit', component: 'CUP', quantity: 2 }, { sku: 'KIT', component: 'CARD' }, { sku: 'A', component: 'WH-A' }];
	const { accepted } = await apply([{ action: 'replaceSkus', skus: { list: rows } }], { lines: [{ externalId: 'x1', sku: 'KIT', quantity: 3 }, { sku: 'A', quantity: 1 }] });
	expect(skusOf(accepted[0])).toEqual([['CUP', 6], ['CARD', 3], ['WH-A', 1]]);
	expect((accepted[0]?.['lines'] as IDataObject[]).slice(0, 2).map(({ externalId }) => externalId)).toEqual(['x1', 'x1']);
	expect(Object.keys(await site.statuses())).toHaveLength(1);
});

it('archives to the Skipped output', async () => {
	const { skipped } = await apply([{ action: 'archive', reason: 'old' }], {});
	expect(skipped[0]).toMatchObject({ status: 'archived', statusReason: 'Archived by rule "R": old' });
	expect(await site.statuses()).toEqual({ N1: 'archived' });
});

it('stops without a decision', async () => {
	const { accepted } = await apply([{ action: 'stop' }, { action: 'skip' }], {});
	expect(accepted).toHaveLength(1);
});

it('holds until a date of the order', async () => {
	const field = await apply([{ action: 'hold', holdUntil: 'field', holdDaysBefore: 1 }], { requestedShipDate: '2999-12-24' }, {});
	expect(field.delayed.map(({ heldUntil }) => heldUntil)).toEqual(['2999-12-23T00:00:00.000Z']);
	expect(field.accepted).toHaveLength(1);
});

it('holds until the next opening', async () => {
	const { delayed } = await apply([{ action: 'hold', holdUntil: 'opening', holdWeekdays: [7], holdOpens: '10:00', holdZone: 'UTC', holdHolidays: '12-25, 12-26' }], {});
	expect(String(delayed[0]?.['heldUntil'])).toMatch(/T10:00:00\.000Z$/);
	expect(new Date(String(delayed[0]?.['heldUntil'])).getUTCDay()).toBe(0);
});

it('fits the address', async () => {
	const action = { action: 'fitAddress', addressChanges: ['ascii', 'upperCase', 'regionCodes', 'postalCodes'], lengths: { list: [{ field: 'address1', characters: 12 }] }, overflow: 'wrap' };
	const address = { name: 'Zoë', address1: 'Apartment 12 Long Street 1', city: 'Montréal', region: 'Québec', postalCode: 'H2X 1Y4', country: 'CA' };
	const { accepted, failed } = await apply([action], { shippingAddress: address }, { shippingAddress: { ...address, postalCode: '1' } });
	expect(accepted[0]?.['shippingAddress']).toMatchObject({ name: 'ZOE', address1: 'APARTMENT 12', address2: 'LONG STREET 1', city: 'MONTREAL', region: 'QC' });
	expect(failed[0]?.['alert']).toMatchObject({ code: 'invalid_address', message: expect.stringContaining('"1" is no postal code of CA') });
});
