/** Rule sets that workflows share: saved by clicking or from JSON, used by Order Rules, named in the timeline. */
import type { ILoadOptionsFunctions, INodeParameters } from 'n8n-workflow';
import { ruleSetsOf } from '../../nodes/shared/orderRules/ruleSetReader';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const toHamburg = {
	name: 'Mugs to Hamburg',
	actions: { list: [{ action: 'route', warehouse: 'HAM' }] },
	conditions: {
		combinator: 'and',
		conditions: [{ leftValue: '={{ $json.lines[0].sku }}', operator: { type: 'string', operation: 'contains' }, rightValue: 'MUG' }],
	},
};
const save = async (parameters: INodeParameters) =>
	await run(site, 'orderStore', { resource: 'ruleSet', operation: 'save', ...parameters }, [{}]);
const saveList = async (ruleSetName: string, ...list: INodeParameters[]) => await save({ ruleSetName, rules: { list } });
const ofSet = async (operation: string, ruleSetName: string, more: INodeParameters = {}) =>
	await run(site, 'orderStore', { resource: 'ruleSet', operation, ruleSetName, ...more }, [{}]);
const twoWarehouses = { warehouses: { list: [{ code: 'BER' }, { code: 'HAM' }] } };
const decide = async (parameters: INodeParameters, items: Parameters<typeof run>[3], more = {}) =>
	await run(site, 'orderRules', { ...twoWarehouses, rulesFrom: 'ruleSet', ...parameters }, items, more);
const applied = async (orderId: string) =>
	(await (await site.store()).timeline(orderId)).filter(({ kind }) => kind === 'rules_applied').map(({ data }) => data);

it('rules that were clicked together are saved, and other workflows decide by them; the timeline names set and version', async () => {
	await saveList('EU', { ...toHamburg, enabled: false });
	const saved = await saveList('EU', toHamburg);
	expect(saved.outputs[0]?.[0]?.json).toMatchObject({ name: 'EU', version: 2, savedBy: 'Operator / Node', rules: ['Mugs to Hamburg'] });
	const [order] = await orders(site, {});
	const { outputs, error } = await decide({ ruleSet: 'EU' }, itemsOf([order!]));
	expect(error).toBeUndefined();
	expect(outputs.map((items) => items.length)).toEqual([0, 1, 0, 0, 0]);
	expect(await applied(order!.id)).toMatchObject([{ decision: 'Route to HAM.', ruleSet: 'EU v2' }]);
});

it('a workflow may stay on an older version', async () => {
	await saveList('EU', toHamburg);
	await saveList('EU', { ...toHamburg, actions: { list: [{ action: 'skip' }] } });
	const [order] = await orders(site, {});
	await decide({ ruleSet: 'EU', options: { ruleSetVersion: 1 } }, itemsOf([order!]));
	expect(await applied(order!.id)).toMatchObject([{ decision: 'Route to HAM.', ruleSet: 'EU v1' }]);
});

it('what one store exports another one imports', async () => {
	await saveList('EU', toHamburg);
	const exported = (await ofSet('get', 'EU')).outputs[0]?.[0]?.json['ruleSet'] as INodeParameters;
	const json = JSON.stringify({ ...exported, name: 'Copy' });
	expect((await save({ rulesFrom: 'json', json })).outputs[0]?.[0]?.json).toMatchObject({
		name: 'Copy',
		version: 1,
		rules: ['Mugs to Hamburg'],
	});
	const list = await run(site, 'orderStore', { resource: 'ruleSet', operation: 'getAll' }, [{}]);
	expect(list.outputs[0]?.map(({ json: { name, version } }) => [name, version])).toEqual([
		['Copy', 1],
		['EU', 1],
	]);
	expect((await ofSet('get', 'Copy')).outputs[0]?.[0]?.json['ruleSet']).toEqual({ ...exported, name: 'Copy' });
});

it('a set for each merchant by an expression; an order whose set is missing goes to Error alone', async () => {
	await saveList('acme', toHamburg);
	await saveList('bolt', { name: 'All', actions: { list: [{ action: 'route', warehouse: 'BER' }] } });
	const list = await orders(site, { merchant: 'acme' }, { merchant: 'bolt' }, { merchant: 'cora' });
	const { outputs } = await decide({ ruleSet: '={{ $json.merchant }}' }, itemsOf(list));
	expect(outputs.map((items) => items.map(({ json }) => json['merchant']))).toEqual([['bolt'], ['acme'], [], [], ['cora']]);
	expect(outputs[4]?.[0]?.json['alert']).toMatchObject({ code: 'rule_failed', message: expect.stringContaining('no rule set "cora"') });
	expect(await applied(list[2]!.id)).toMatchObject([{ ruleSet: 'cora' }]);
});

it('a missing set that the node names stops it before any order is touched', async () => {
	const [order] = await orders(site, {});
	await saveList('EU', toHamburg);
	await ofSet('delete', 'EU');
	for (const ruleSet of ['EU', 'none', '']) {
		const { error } = await decide({ ruleSet }, itemsOf([order!]));
		expect(error?.message).toMatch(ruleSet === '' ? /Rule Set Name or ID/ : `no rule set "${ruleSet}"`);
	}
	expect((await (await site.store()).get(order!.id))?.status).toBe('new');
});

it.each<[string, INodeParameters, RegExp]>([
	[
		'an expression that needs an item',
		{ ruleSetName: 'EU', rules: { list: [{ name: 'R', actions: { list: [{ action: 'skip', reason: '={{ $json.notes }}' }] } }] } },
		/Rule "R": the expression .*notes.* cannot be kept in a shared rule set/,
	],
	[
		'an unknown field',
		{
			ruleSetName: 'EU',
			rules: { list: [{ name: 'R', actions: { list: [{ action: 'setField', field: 'notes', value: '={{ $json.totl }}' }] } }] },
		},
		/Perhaps you mean total/,
	],
	['no name', { ruleSetName: ' ' }, /name of the rule set is missing/],
	['no JSON', { rulesFrom: 'json', json: '{' }, /is no JSON/],
	[
		'other JSON',
		{ rulesFrom: 'json', json: '{"format":1,"name":"EU","rules":[{"name":"R","actions":[{"kind":"x"}]}]}' },
		/rules\[0\]\.actions\[0\]\.kind/,
	],
])('refuses to save %s', async (_, parameters, message) => {
	expect((await save(parameters)).error?.message).toMatch(message);
	expect(await (await site.store()).ruleSets()).toEqual([]);
});

it('refuses to overwrite what somebody else saved meanwhile', async () => {
	await saveList('EU', toHamburg);
	const { error } = await save({ ruleSetName: 'EU', after: 0 });
	expect(error?.message).toContain('version 1 by Operator / Node is there');
});

it('the editor lists the sets with their versions', async () => {
	await saveList('EU', toHamburg);
	await save({ ruleSetName: 'US', description: 'for the States' });
	// n8n's engine has no editor: called as the editor does, with no credential chosen.
	const editor = { getNode: () => ({ name: 'Node' }) } as unknown as ILoadOptionsFunctions;
	expect(await ruleSetsOf('order').call(editor)).toEqual([
		{ name: 'EU', value: 'EU', description: 'Version 1' },
		{ name: 'US', value: 'US', description: 'Version 1: for the States' },
	]);
});
