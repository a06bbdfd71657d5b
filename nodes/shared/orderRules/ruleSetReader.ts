/** Rules that many workflows share: read from the order store, once for all items. */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import type { Alert } from '../../../lib/order/alerts';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import type { JsonValue } from '../../../lib/order/order';
import { compileRules, type CompiledRules } from '../../../lib/rules/evaluate';
import { failureAlert } from '../../../lib/rules/problem';
import { kindOf, ruleSetOfKind, type RuleSetKind } from '../../../lib/rules/ruleSet/ruleSet';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { openOrderStore, toNodeError } from '../context';
import { isExpression } from '../../../lib/rules/actions/common/reading';

export const rulesFromProperty: INodeProperties = {
	displayName: 'Rules From',
	name: 'rulesFrom',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'A Rule Set', value: 'ruleSet', description: 'Rules of the order store that many workflows share' },
		{ name: 'This Node', value: 'node' },
	],
	default: 'node',
};

/** Chooses a rule set of the order store; an expression may choose one for each item, such as one for each merchant. */
export const ruleSetProperty: INodeProperties = {
	displayName: 'Rule Set Name or ID',
	name: 'ruleSet',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getRuleSets' },
	default: '',
	required: true,
	description:
		'Saved with Order Store, Rule Set, Save. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** An option of the node. */
export const ruleSetVersionProperty: INodeProperties = {
	displayName: 'Version of the Rule Set',
	name: 'ruleSetVersion',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: '0 = always the present one; another number keeps this workflow on that version',
	displayOptions: { show: { '/rulesFrom': ['ruleSet'] } },
};

/** What the list of the editor offers: the sets that the node can use. */
export const ruleSetsOf = (kind: RuleSetKind) =>
	async function getRuleSets(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		try {
			const sets = await (await openOrderStore(this)).ruleSets();
			return sets
				.filter(({ content }) => kindOf(content) === kind)
				.map(({ name, version, content }) => ({
					name,
					value: name,
					description: [`Version ${version}`, (content as IDataObject | null)?.description]
						.filter((part) => typeof part === 'string' && part !== '')
						.join(': '),
				}));
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};

interface ReadRuleSet<C> {
	rules: C;
	/** Name and version, for the timeline. */
	label: string;
}

/** How a kept set becomes rules. */
export interface RuleSetUse<C> {
	/** Throws FulfillmentError for a set that this node cannot use. */
	compile(content: JsonValue, name: string, zone: string): C;
	/** Rules that put everything in Error. */
	failing(alert: Alert): C;
}

export const orderRuleSets: RuleSetUse<CompiledRules> = {
	compile(content, name, zone) {
		const { rules, undecided } = ruleSetOfKind(content, name, 'order');
		return compileRules(rules, { zone, undecided });
	},
	failing: (alert) => ({ problems: [], evaluate: (content) => ({ content, trace: [], decision: { kind: 'error', rule: null, alert } }) }),
};

/** A set for each item. A set that an expression names and that cannot be used fails the orders that it is for, and no others. */
export async function readRuleSets<C>(
	context: IExecuteFunctions,
	orderStore: OrderStore,
	itemIndexes: readonly number[],
	version: number,
	use: RuleSetUse<C>,
): Promise<(itemIndex: number) => ReadRuleSet<C>> {
	const nameAt = (itemIndex: number): string => String(context.getNodeParameter('ruleSet', itemIndex, '') ?? '').trim();
	const byName = new Map<string, ReadRuleSet<C>>();
	const chosenOnce = !isExpression(context.getNode().parameters.ruleSet);
	for (const itemIndex of chosenOnce ? itemIndexes.slice(0, 1) : itemIndexes) {
		const name = nameAt(itemIndex);
		if (byName.has(name)) continue;
		try {
			byName.set(name, await readOne(orderStore, name, version, context.getTimezone(), use));
		} catch (error) {
			if (!(error instanceof FulfillmentError) || error.retryable) throw toNodeError(context.getNode(), error);
			// Nothing was decided about any order yet, so nothing is lost when the workflow stops here.
			if (chosenOnce) throw new NodeOperationError(context.getNode(), error.message, { description: error.remedy });
			byName.set(name, { rules: use.failing(failureAlert(`rule set ${name}`, error)), label: name });
		}
	}
	return (itemIndex) => byName.get(chosenOnce ? [...byName.keys()][0]! : nameAt(itemIndex))!;
}

async function readOne<C>(
	orderStore: OrderStore,
	name: string,
	version: number,
	zone: string,
	{ compile }: RuleSetUse<C>,
): Promise<ReadRuleSet<C>> {
	if (name === '') throw new FulfillmentError('invalid_input', 'No rule set was chosen.', 'Choose one under "Rule Set".');
	const found = await orderStore.ruleSet(name, version > 0 ? version : undefined);
	if (found === null) {
		const which = version > 0 ? ` in version ${version}` : '';
		throw new FulfillmentError(
			'invalid_input',
			`The order store has no rule set ${shown(name)}${which}.`,
			'Save it with Order Store, Rule Set, Save, or choose another one.',
		);
	}
	return { rules: compile(found.content, found.name, zone), label: `${found.name} v${found.version}` };
}
