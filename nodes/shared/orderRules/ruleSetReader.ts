/** Rules that many workflows share: read from the order store, once for all items. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type ILoadOptionsFunctions, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { compileRules, type CompiledRules } from '../../../lib/rules/evaluate';
import { failureAlert } from '../../../lib/rules/problem';
import { checkedRuleSet } from '../../../lib/rules/ruleSet/ruleSet';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { openStore, toNodeError } from '../context';
import { isExpression } from './readActions';

/** Chooses a rule set of the store; an expression may choose one for each item, such as one for each merchant. */
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

export async function getRuleSets(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	try {
		const sets = await (await openStore(this)).ruleSets();
		return sets.map(({ name, version, content }) => ({
			name,
			value: name,
			description: [`Version ${version}`, (content as IDataObject | null)?.description].filter((part) => typeof part === 'string' && part !== '').join(': '),
		}));
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}

export interface ReadRuleSet {
	rules: CompiledRules;
	/** Name and version, for the timeline. */
	label: string;
}

/** A set for each item. A set that an expression names and that is not there fails the orders that it is for, and no others. */
export async function readRuleSets(context: IExecuteFunctions, store: OrderStore, itemIndexes: readonly number[], version: number): Promise<(itemIndex: number) => ReadRuleSet> {
	const nameAt = (itemIndex: number): string => String(context.getNodeParameter('ruleSet', itemIndex, '') ?? '').trim();
	const byName = new Map<string, ReadRuleSet>();
	const chosenOnce = !isExpression(context.getNode().parameters.ruleSet);
	for (const itemIndex of chosenOnce ? itemIndexes.slice(0, 1) : itemIndexes) {
		const name = nameAt(itemIndex);
		if (byName.has(name)) continue;
		try {
			byName.set(name, await readOne(store, name, version, context.getTimezone()));
		} catch (error) {
			if (!(error instanceof FulfillmentError) || error.retryable) throw toNodeError(context.getNode(), error);
			// Nothing was decided about any order yet, so nothing is lost when the workflow stops here.
			if (chosenOnce) throw new NodeOperationError(context.getNode(), error.message, { description: error.remedy });
			byName.set(name, { rules: failing(name, error), label: name });
		}
	}
	return (itemIndex) => byName.get(chosenOnce ? [...byName.keys()][0]! : nameAt(itemIndex))!;
}

async function readOne(store: OrderStore, name: string, version: number, zone: string): Promise<ReadRuleSet> {
	if (name === '') throw new FulfillmentError('invalid_input', 'No rule set was chosen.', 'Choose one under "Rule Set".');
	const found = await store.ruleSet(name, version > 0 ? version : undefined);
	if (found === null) {
		const which = version > 0 ? ` in version ${version}` : '';
		throw new FulfillmentError('invalid_input', `The order store has no rule set ${shown(name)}${which}.`, 'Save it with Order Store, Rule Set, Save, or choose another one.');
	}
	const { rules, undecided } = checkedRuleSet(found.content);
	return { rules: compileRules(rules, { zone, undecided }), label: `${found.name} v${found.version}` };
}

const failing = (name: string, error: FulfillmentError): CompiledRules => ({
	problems: [],
	evaluate: (content) => ({ content, trace: [], decision: { kind: 'error', rule: null, alert: failureAlert(`rule set ${name}`, error) } }),
});
