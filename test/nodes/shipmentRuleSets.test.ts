/** Rule sets of shipment rules: saved like those of orders, used by Cart Update, named in the timeline of what was uploaded. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ILoadOptionsFunctions, INodeParameters } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import type { Order } from '../../lib/order/order';
import { ruleSetsOf } from '../../nodes/shared/orderRules/ruleSetReader';
import { MINUTE, type Site } from '../templates/site';
import { eachTest, itemsOf, orders, poll, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const rule = (name: string, ...actions: INodeParameters[]): INodeParameters => ({ name, actions: { list: actions } });
const setCarrier = (value: string): INodeParameters => rule('Spelling', { action: 'setField', field: 'carrier', value });
const save = async (parameters: INodeParameters) =>
	await run(site, 'orderStore', { resource: 'ruleSet', operation: 'save', ...parameters }, [{}]);
const saveShipment = async (ruleSetName: string, ...list: INodeParameters[]) =>
	await save({ ruleSetKind: 'shipment', ruleSetName, shipmentRules: { list } });
const saveOrder = async (ruleSetName: string, ...list: INodeParameters[]) => await save({ ruleSetName, rules: { list } });
const saveJson = async (set: object) => await save({ rulesFrom: 'json', json: JSON.stringify(set) });

/** Orders of which everything was shipped, as the poll trigger read it. */
async function shipped(...given: Parameters<typeof orders>[1][]): Promise<Order[]> {
	const list = await orders(site, ...given);
	await run(site, 'orderRules', {}, itemsOf(list));
	await run(site, 'wmsSend', {}, itemsOf(list));
	for (const { reference } of list) site.ships(reference, 1, 'RED-MUG', 2);
	await poll(site, 'wmsShipmentPollTrigger', {});
	return await (await site.store()).getMany(list.map(({ id }) => id));
}

const upload = async (list: readonly Order[], ruleSet: string, options: INodeParameters = {}) =>
	await run(site, 'cartUpdate', { operation: 'uploadTracking', rulesFrom: 'ruleSet', ruleSet, options }, itemsOf(list));
const applied = async ({ id }: Order) =>
	(await (await site.store()).timeline(id))
		.flatMap(({ kind, data }) => (kind === 'rules_applied' && 'ruleSet' in data ? [data] : []))
		.slice(1);
const setsOf = async (order: Order) => (await applied(order)).map(({ ruleSet }) => ruleSet);
const carriers = (): unknown[] => site.tracking().map((row) => row['carrier']);
const reprocess = async (list: readonly Order[]) =>
	await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, itemsOf(list));

it('rules that were clicked together are saved, and Cart Update uploads by them; the timeline names set and version', async () => {
	const saved = await saveShipment('Carriers', setCarrier('The Carrier, Inc.'));
	expect(saved.outputs[0]?.[0]?.json).toMatchObject({ name: 'Carriers', kind: 'shipment', version: 1, rules: ['Spelling'] });
	const [order] = await shipped({});
	const { outputs, error } = await upload([order!], 'Carriers');
	expect(error).toBeUndefined();
	expect(outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(carriers()).toEqual(['The Carrier, Inc.']);
	expect(await applied(order!)).toMatchObject([
		{ decision: expect.stringMatching(/^Shipment .*: the cart is told\.$/), ruleSet: 'Carriers v1', trace: [{ rule: 'Spelling' }] },
	]);
});

it('the timeline names the set also when none of its rules applied', async () => {
	await saveShipment('Carriers', { ...setCarrier('X'), enabled: false });
	const [order] = await shipped({});
	await upload([order!], 'Carriers');
	expect(await applied(order!)).toMatchObject([{ ruleSet: 'Carriers v1', trace: [] }]);
});

it('a set that changed while the shop was away is used in its new version on the next try, and the timeline says which', async () => {
	await saveShipment('Carriers', setCarrier('Old'));
	const list = await shipped({});
	writeFileSync(path.join(site.folder, 'shop', 'tracking'), 'in the way');
	expect((await upload(list, 'Carriers')).outputs.map((items) => items.length)).toEqual([0, 1, 0]);
	await saveShipment('Carriers', setCarrier('New'));
	rmSync(path.join(site.folder, 'shop', 'tracking'));
	shiftClock(2 * MINUTE);
	expect((await upload(list, 'Carriers')).outputs.map((items) => items.length)).toEqual([1, 0, 0]);
	expect(carriers()).toEqual(['New']);
	expect(await setsOf(list[0]!)).toEqual(['Carriers v1', 'Carriers v2']);
	const [first, second] = await applied(list[0]!);
	expect([first?.trace, second?.trace]).toMatchObject([[{ changes: [{ after: 'Old' }] }], [{ changes: [{ after: 'New' }] }]]);
});

it('a rule that failed or held back is mended in the set, and reprocessing goes by the new version', async () => {
	await saveShipment('Carriers', rule('No', { action: 'fail', message: 'not yet' }));
	const list = await shipped({});
	expect((await upload(list, 'Carriers')).outputs[2]?.[0]?.json['message']).toBe('Rule "No": not yet');
	await saveShipment('Carriers', rule('No', { action: 'holdBack', reason: 'a gift' }));
	await reprocess(list);
	expect((await upload(list, 'Carriers')).outputs[1]?.[0]?.json['message']).toContain('a gift');
	await saveShipment('Carriers', setCarrier('X'));
	await reprocess(list);
	expect((await upload(list, 'Carriers')).outputs[0]).toHaveLength(1);
	expect(await setsOf(list[0]!)).toEqual(['Carriers v1', 'Carriers v2', 'Carriers v3']);
	expect(carriers()).toEqual(['X']);
});

it('a workflow may stay on an older version', async () => {
	await saveShipment('Carriers', setCarrier('Old'));
	await saveShipment('Carriers', setCarrier('New'));
	const list = await shipped({});
	await upload(list, 'Carriers', { ruleSetVersion: 1 });
	expect([carriers(), await setsOf(list[0]!)]).toEqual([['Old'], ['Carriers v1']]);
});

it('a set for each merchant by an expression; what has no set, or one of the wrong kind, fails alone', async () => {
	await saveShipment('acme', setCarrier('A'));
	await saveShipment('bolt', setCarrier('B'));
	await saveOrder('dune', { name: 'All', actions: { list: [{ action: 'stop' }] } });
	const list = await shipped({ merchant: 'acme' }, { merchant: 'bolt' }, { merchant: 'cora' }, { merchant: 'dune' });
	const { outputs, error } = await upload(list, '={{ $json.merchant }}');
	expect(error).toBeUndefined();
	expect(outputs.map((items) => items.map(({ json }) => json['merchant']))).toEqual([['acme', 'bolt'], [], ['cora', 'dune']]);
	expect(carriers().sort()).toEqual(['A', 'B']);
	expect(outputs[2]?.map(({ json }) => json['message'])).toEqual([
		expect.stringContaining('no rule set "cora"'),
		expect.stringContaining('"dune" holds order rules, but Cart Update needs shipment rules. Choose a set of shipment rules'),
	]);
	expect(await Promise.all(list.map(setsOf))).toEqual([['acme v1'], ['bolt v1'], ['cora'], ['dune']]);
});

it('orders in a bundle go by the set of the bundle’s item', async () => {
	await saveShipment('acme', setCarrier('A'));
	await saveShipment('bolt', setCarrier('B'));
	const bundle: INodeParameters = { rules: { list: [{ name: 'Together', actions: { list: [{ action: 'bundle', bundleMinutes: 30 }] } }] } };
	const list = await orders(site, { merchant: 'bolt' }, { merchant: 'bolt' });
	await run(site, 'orderRules', bundle, itemsOf(list));
	shiftClock(31 * MINUTE);
	const due = (await run(site, 'orderStore', { operation: 'claimDue', kinds: ['rules'] }, [{}])).outputs[0]!.map(({ json }) => json);
	await run(site, 'orderRules', bundle, due);
	await run(site, 'wmsSend', {}, due);
	const both = await site.order('N1+N2');
	site.ships(both.reference, 1, 'RED-MUG', 4);
	await poll(site, 'wmsShipmentPollTrigger', {});
	const [other] = await shipped({ orderNumber: 'N3', merchant: 'acme' });
	// Of another merchant and first, so that nothing is right by chance.
	await upload([other!, both], '={{ $json.merchant }}');
	expect(await Promise.all([other!, ...list].map(async (order) => (await setsOf(order)).at(-1) ?? null))).toEqual([
		'acme v1',
		'bolt v1',
		'bolt v1',
	]);
	expect(carriers().sort()).toEqual(['A', 'B', 'B']);
});

it.each<[string, string, RegExp, RegExp]>([
	[
		'of orders',
		'Routing',
		/"Routing" holds order rules, but Cart Update needs shipment rules/,
		/Choose a set of shipment rules under "Rule Set"; this one is for Order Rules/,
	],
	['that is not there', 'none', /no rule set "none"/, /Save it with Order Store/],
])('a set %s that the node names stops it before the cart is told', async (_, ruleSet, message, remedy) => {
	await saveOrder('Routing', { name: 'All', actions: { list: [{ action: 'stop' }] } });
	const list = await shipped({});
	const { error } = await upload(list, ruleSet);
	expect(error).toMatchObject({ message: expect.stringMatching(message), description: expect.stringMatching(remedy) });
	expect(carriers()).toEqual([]);
	expect((await site.order('N1')).shipments[0]).toMatchObject({ uploadedAt: null, uploadAttempts: 0 });
});

it('a set of shipments that Order Rules names stops it before an order is touched', async () => {
	await saveShipment('Carriers', setCarrier('X'));
	const [order] = await orders(site, {});
	const { error } = await run(site, 'orderRules', { rulesFrom: 'ruleSet', ruleSet: 'Carriers' }, itemsOf([order!]));
	expect(error).toMatchObject({
		message: expect.stringContaining('"Carriers" holds shipment rules, but Order Rules needs order rules.'),
		description: expect.stringContaining('Choose a set of order rules under "Rule Set"; this one is for Cart Update.'),
	});
	expect((await site.order('N1')).status).toBe('new');
});

it('other operations of Cart Update read no rule set', async () => {
	const [order] = await shipped({});
	const { outputs, error } = await run(
		site,
		'cartUpdate',
		{ operation: 'acknowledge', rulesFrom: 'ruleSet', ruleSet: 'none' },
		itemsOf([order!]),
	);
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(1);
});

it('what one store exports another one imports, kind and all', async () => {
	await saveShipment(
		'Carriers',
		rule('Spelling', {
			action: 'mapCarrier',
			unmappedCarrier: 'error',
			carriers: { list: [{ carrier: 'DHL', cartCarrier: 'DHL Express', trackingUrl: 'https://example.com/{trackingNumber}' }] },
		}),
		rule('Link', { action: 'setField', field: 'trackingUrl', value: '={{ $json.shipment.trackingNumber }}' }),
	);
	const get = async (ruleSetName: string) =>
		(await run(site, 'orderStore', { resource: 'ruleSet', operation: 'get', ruleSetName }, [{}])).outputs[0]?.[0]?.json;
	const exported = (await get('Carriers'))?.['ruleSet'] as INodeParameters;
	expect(exported).toMatchObject({
		kind: 'shipment',
		format: 1,
		rules: [{ actions: [{ kind: 'mapCarrier', map: { unmapped: 'error' } }] }, { actions: [{ kind: 'setField' }] }],
	});
	await saveJson({ ...exported, name: 'Copy' });
	expect(await get('Copy')).toMatchObject({ kind: 'shipment', ruleSet: { ...exported, name: 'Copy' } });
	await saveJson({ format: 1, name: 'Routing', rules: [] });
	const list = await run(site, 'orderStore', { resource: 'ruleSet', operation: 'getAll' }, [{}]);
	expect(list.outputs[0]?.map(({ json: { name, kind } }) => [name, kind])).toEqual([
		['Carriers', 'shipment'],
		['Copy', 'shipment'],
		['Routing', 'order'],
	]);
});

it('saving an order set again with its kind written out is no new version', async () => {
	await saveJson({ format: 1, name: 'Routing', rules: [] });
	const again = await saveJson({ format: 1, kind: 'order', name: 'Routing', rules: [] });
	expect(again.outputs[0]?.[0]?.json).toMatchObject({ kind: 'order', version: 1 });
});

it('a set keeps its kind: rules of the other kind cannot take its name until it is deleted', async () => {
	await saveOrder('EU', { name: 'All', actions: { list: [{ action: 'stop' }] } });
	expect((await saveShipment('EU', setCarrier('X'))).error).toMatchObject({
		message: expect.stringContaining('"EU" holds order rules, and shipment rules cannot take its place: workflows use it in Order Rules.'),
		description: expect.stringContaining('another name'),
	});
	await run(site, 'orderStore', { resource: 'ruleSet', operation: 'delete', ruleSetName: 'EU' }, [{}]);
	expect((await saveShipment('EU', setCarrier('X'))).outputs[0]?.[0]?.json).toMatchObject({ kind: 'shipment', version: 3 });
});

it.each<[string, INodeParameters, RegExp]>([
	[
		'an expression that needs an item',
		{ ruleSetKind: 'shipment', ruleSetName: 'S', shipmentRules: { list: [rule('R', { action: 'fail', message: '={{ $json.notes }}' })] } },
		/Rule "R": the expression .*notes.* cannot be kept in a shared rule set/,
	],
	[
		'a field that a shipment lacks',
		{
			ruleSetKind: 'shipment',
			ruleSetName: 'S',
			shipmentRules: { list: [rule('R', { action: 'setField', field: 'carrier', value: '={{ $json.shipment.weight }}' })] },
		},
		/Rule "R": The rule reads "shipment\.weight", but shipment has no field "weight" that rules can read/,
	],
	[
		'an action of orders',
		{
			rulesFrom: 'json',
			json: '{"format":1,"kind":"shipment","name":"S","rules":[{"name":"R","actions":[{"kind":"route","warehouse":"BER"}]}]}',
		},
		/rules\[0\]\.actions\[0\]\.kind: is an action of order rules \("kind": "order"\); use one of mapCarrier, setField, .* \(value: "route"\)/,
	],
	[
		'an action of shipments among rules of orders',
		{ rulesFrom: 'json', json: '{"format":1,"name":"S","rules":[{"name":"R","actions":[{"kind":"holdBack"}]}]}' },
		/actions\[0\]\.kind: is an action of shipment rules \("kind": "shipment"\)/,
	],
])('refuses to save %s', async (_, parameters, message) => {
	expect((await save(parameters)).error?.message).toMatch(message);
	expect(await (await site.store()).ruleSets()).toEqual([]);
});

it('the editor offers each node the sets of its kind', async () => {
	await saveOrder('Routing', { name: 'All', actions: { list: [{ action: 'stop' }] } });
	await save({ ruleSetKind: 'shipment', ruleSetName: 'Carriers', description: 'for acme' });
	// n8n's engine has no editor: called as the editor does, with no credential chosen.
	const editor = { getNode: () => ({ name: 'Node' }) } as unknown as ILoadOptionsFunctions;
	expect(await ruleSetsOf('order').call(editor)).toEqual([{ name: 'Routing', value: 'Routing', description: 'Version 1' }]);
	expect(await ruleSetsOf('shipment').call(editor)).toEqual([{ name: 'Carriers', value: 'Carriers', description: 'Version 1: for acme' }]);
});
