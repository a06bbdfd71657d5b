/** Reads rules for shipments from the node's parameters. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { readActionOf } from '../../../lib/rules/actions/common/fromRegistry';
import { ruleSetOfKind } from '../../../lib/rules/ruleSet/ruleSet';
import { compileShipmentRules, type CompiledShipmentRules } from '../../../lib/rules/shipment';
import { SHIPMENT_ACTIONS, type ShipmentAction } from '../../../lib/rules/shipmentActions/registry';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { readerOf, type RulesReader } from '../orderRules/readRules';
import { readRuleSets, type RuleSetUse } from '../orderRules/ruleSetReader';

/** One action on shipments, from the parameters of its row. */
export const readShipmentAction = readActionOf(SHIPMENT_ACTIONS);

const shipmentRuleSets: RuleSetUse<CompiledShipmentRules> = {
	compile: (content, name, zone) => compileShipmentRules(ruleSetOfKind(content, name, 'shipment').rules, { zone }),
	failing: (alert) => ({
		problems: [],
		evaluate: (_, shipment, { notifyCustomer }) => ({ shipment, notifyCustomer, trace: [], decision: { kind: 'error', alert } }),
	}),
};

interface ShipmentRulesOfNode extends RulesReader<CompiledShipmentRules> {
	/** Name and version of the set; null = rules of the node. */
	labelFor(itemIndex: number): string | null;
}

/** The rules that the node names, its own or those of a set. Null = it has none. */
export async function shipmentRulesOf(
	context: IExecuteFunctions,
	orderStore: OrderStore,
	itemIndexes: readonly number[],
	version: number,
): Promise<ShipmentRulesOfNode | null> {
	if (context.getNodeParameter('rulesFrom', 0, 'node') === 'ruleSet') {
		const setFor = await readRuleSets(context, orderStore, itemIndexes, version, shipmentRuleSets);
		return { rulesFor: (itemIndex) => setFor(itemIndex).rules, labelFor: (itemIndex) => setFor(itemIndex).label, hints: () => [] };
	}
	const own = ownRules(context);
	return own === null ? null : { ...own, labelFor: () => null };
}

function ownRules(context: IExecuteFunctions): RulesReader<CompiledShipmentRules> | null {
	const raw = (context.getNode().parameters.shipmentRules ?? {}) as IDataObject;
	if (!Array.isArray(raw.list) || raw.list.length === 0) return null;
	return readerOf<ShipmentAction, CompiledShipmentRules>(context, raw, {
		read: readShipmentAction,
		compile: (rules) => compileShipmentRules(rules, { zone: context.getTimezone() }),
		failing: (message) => ({ kind: 'fail', message }),
		harm: 'Until then, uploads of shipments that this rule applies to fail.',
	});
}
