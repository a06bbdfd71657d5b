/** Operations on rule sets: rules that many workflows share. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { checkedRuleSet, contentOf, kindOf, RULE_SET_KINDS, type RuleSet, type RuleSetKind } from '../../../lib/rules/ruleSet/ruleSet';
import type { OrderStore, StoredRuleSet } from '../../../lib/store/OrderStore';
import { rulesProperty, undecidedProperty } from '../../shared/orderRules/parameters';
import { readAction, readSharedRules } from '../../shared/orderRules/readRules';
import { shipmentRulesProperty } from '../../shared/shipmentRules/parameters';
import { readShipmentAction } from '../../shared/shipmentRules/readRules';
import { nodeActor, toItem } from '../../shared/context';
import type { OrderStoreOperation } from './operation';

const nameProperty: INodeProperties = {
	displayName: 'Name',
	name: 'ruleSetName',
	type: 'string',
	default: '={{ $json.name }}',
	required: true,
	description: 'As workflows choose it and timelines show it',
};

function nameAt(context: IExecuteFunctions, itemIndex: number): string {
	const name = String(context.getNodeParameter('ruleSetName', itemIndex, '') ?? '').trim();
	if (name !== '') return name;
	throw new NodeOperationError(context.getNode(), 'The name of the rule set is missing.', {
		itemIndex,
		description: 'Enter it under "Name".',
	});
}

const summary = ({ name, version, savedAt, savedBy, content }: StoredRuleSet) => {
	const { description, rules } = content as unknown as RuleSet;
	return { name, kind: kindOf(content), version, savedAt, savedBy, description, rules: rules.map((rule) => rule.name) };
};

const unknownRuleSet = (name: string, version?: number): FulfillmentError =>
	new FulfillmentError(
		'invalid_input',
		`The order store has no rule set ${shown(name)}${version === undefined ? '' : ` in version ${version}`}.`,
		'Get Many lists the existing ones.',
	);

const getMany: OrderStoreOperation = {
	resource: 'ruleSet',
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many rule sets',
		description: 'List the rule sets with their kinds, their versions and the names of their rules',
	},
	properties: [],
	async once(_, orderStore) {
		return (await orderStore.ruleSets()).map((set) => toItem(summary(set), 0));
	},
};

const get: OrderStoreOperation = {
	resource: 'ruleSet',
	option: { name: 'Get', value: 'get', action: 'Get a rule set', description: 'Export a rule set: its JSON is in the field "ruleSet"' },
	properties: [
		nameProperty,
		{
			displayName: 'Version',
			name: 'version',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: '0 = the present one; older ones stay readable',
		},
	],
	async each(context, orderStore, itemIndex) {
		const name = nameAt(context, itemIndex);
		const version = Number(context.getNodeParameter('version', itemIndex, 0)) || undefined;
		const found = await orderStore.ruleSet(name, version);
		if (found === null) throw unknownRuleSet(name, version);
		return [toItem({ ...summary(found), ruleSet: found.content }, itemIndex)];
	},
};

const listed = (kind: RuleSetKind): NonNullable<INodeProperties['displayOptions']> => ({
	show: { rulesFrom: ['list'], ruleSetKind: [kind] },
});

const save: OrderStoreOperation = {
	resource: 'ruleSet',
	option: {
		name: 'Save',
		value: 'save',
		action: 'Save a rule set',
		description: 'Save rules for many workflows, or import them from JSON. Each change is a new version; old ones are kept.',
	},
	properties: [
		{
			displayName: 'Rules From',
			name: 'rulesFrom',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'JSON', value: 'json', description: 'A rule set that was exported with Get, or written by hand' },
				{ name: 'The List Below', value: 'list' },
			],
			default: 'list',
		},
		{ ...nameProperty, default: '', placeholder: 'EU standard', displayOptions: { show: { rulesFrom: ['list'] } } },
		{ displayName: 'Description', name: 'description', type: 'string', default: '', displayOptions: { show: { rulesFrom: ['list'] } } },
		{
			displayName: 'Kind',
			name: 'ruleSetKind',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Order Rules', value: 'order', description: 'For Order Rules: what happens to each new order' },
				{
					name: 'Shipment Rules',
					value: 'shipment',
					description: 'For Cart Update: what every shipment goes through before it is uploaded to the cart',
				},
			],
			default: 'order',
			displayOptions: { show: { rulesFrom: ['list'] } },
		},
		{ ...rulesProperty, displayOptions: listed('order') },
		{ ...undecidedProperty, displayOptions: listed('order') },
		{ ...shipmentRulesProperty, displayOptions: listed('shipment') },
		{
			displayName: 'JSON',
			name: 'json',
			type: 'json',
			default: '={{ $json.ruleSet }}',
			required: true,
			description:
				'See <a href="https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/rules.md">the documentation of rules</a>',
			displayOptions: { show: { rulesFrom: ['json'] } },
		},
		{
			displayName: 'Only After Version',
			name: 'after',
			type: 'number',
			default: -1,
			description: 'Refuses to save when somebody saved another version meanwhile; 0 = only a new rule set, -1 = always',
		},
	],
	async each(context, orderStore, itemIndex) {
		const set =
			context.getNodeParameter('rulesFrom', itemIndex, 'list') === 'json'
				? checkedRuleSet(jsonAt(context, itemIndex))
				: listedSet(context, itemIndex);
		const after = Number(context.getNodeParameter('after', itemIndex, -1));
		await assertSameKind(orderStore, set);
		const saved = await orderStore.saveRuleSet({
			name: set.name,
			content: contentOf(set),
			actor: nodeActor(context),
			...(after >= 0 ? { after } : {}),
		});
		return [toItem(summary(saved), itemIndex)];
	},
};

function jsonAt(context: IExecuteFunctions, itemIndex: number): unknown {
	const given: unknown = context.getNodeParameter('json', itemIndex);
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given);
	} catch (error) {
		throw new NodeOperationError(context.getNode(), `The rule set is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
			itemIndex,
			description: 'Enter the JSON as Order Store, Rule Set, Get exports it in the field "ruleSet".',
		});
	}
}

function listedSet(context: IExecuteFunctions, itemIndex: number): RuleSet {
	const about = {
		format: 1,
		name: nameAt(context, itemIndex),
		description: String(context.getNodeParameter('description', itemIndex, '') ?? '').trim() || null,
	};
	const given = context.getNode().parameters;
	const rulesOf = (name: string): IDataObject => (given[name] ?? {}) as IDataObject;
	const zone = context.getTimezone();
	return context.getNodeParameter('ruleSetKind', itemIndex, 'order') === 'shipment'
		? checkedRuleSet({ ...about, kind: 'shipment', rules: readSharedRules(rulesOf('shipmentRules'), zone, readShipmentAction) })
		: checkedRuleSet({
				...about,
				undecided: context.getNodeParameter('undecided', itemIndex, 'accept'),
				rules: readSharedRules(rulesOf('rules'), zone, readAction),
			});
}

/** Workflows that use a set could not use it any more as one of the other kind. */
async function assertSameKind(orderStore: OrderStore, { name, kind }: RuleSet): Promise<void> {
	const known = await orderStore.ruleSet(name);
	if (known === null || kindOf(known.content) === kind) return;
	const { label, node } = RULE_SET_KINDS[kindOf(known.content)];
	throw new FulfillmentError(
		'invalid_input',
		`The rule set ${shown(name)} holds ${label}, and ${RULE_SET_KINDS[kind].label} cannot take its place: workflows use it in ${node}.`,
		'Save them under another name, or delete the rule set first.',
	);
}

const remove: OrderStoreOperation = {
	resource: 'ruleSet',
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a rule set',
		description: 'Workflows cannot use it any more; its versions stay readable',
	},
	properties: [nameProperty],
	async each(context, orderStore, itemIndex) {
		const name = nameAt(context, itemIndex);
		if (!(await orderStore.deleteRuleSet({ name, actor: nodeActor(context) }))) throw unknownRuleSet(name);
		return [toItem({ name, deleted: true }, itemIndex)];
	},
};

export const ruleSetActions: OrderStoreOperation[] = [getMany, get, save, remove];
