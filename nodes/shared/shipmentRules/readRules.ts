/** Reads rules for shipments from the node's parameters. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { JsonValue } from '../../../lib/order/order';
import { ruleSetOfKind } from '../../../lib/rules/ruleSet/ruleSet';
import { compileShipmentRules, type CompiledShipmentRules, type ShipmentAction, type ShipmentField } from '../../../lib/rules/shipment';
import type { OrderStore } from '../../../lib/store/OrderStore';
import { orNull, resolveUnlessPath, type Resolve } from '../orderRules/readActions';
import { readerOf, type RulesReader } from '../orderRules/readRules';
import { readRuleSets, type RuleSetUse } from '../orderRules/ruleSetReader';

export function readShipmentAction(resolve: Resolve, action: IDataObject): ShipmentAction {
	const text = (name: string): string => String(resolve(action[name], ''));
	switch (action.action) {
		case 'fail':
			return { kind: 'fail', message: text('message') };
		case 'holdBack':
			return { kind: 'holdBack', reason: orNull(text('reason')) };
		case 'notifyCustomer':
			return { kind: 'notifyCustomer', notify: resolve(action.notify, false) };
		case 'setField':
			return { kind: 'setField', path: resolve<ShipmentField>(action.field, 'carrier'), value: resolveUnlessPath(resolve, action.value ?? null) as JsonValue };
		case 'stop':
			return { kind: 'stop' };
		default: {
			const rows = ((action.carriers as IDataObject | undefined)?.list ?? []) as IDataObject[];
			const cell = (row: IDataObject, name: string): string => String(resolve(row[name], ''));
			return {
				kind: 'mapCarrier',
				map: {
					caseSensitive: resolve(action.caseSensitive, false),
					unmapped: resolve<'leave' | 'error'>(action.unmappedCarrier, 'leave'),
					entries: rows.map((row) => ({
						carrier: cell(row, 'carrier'), cartCarrier: cell(row, 'cartCarrier'), serviceLevel: orNull(cell(row, 'serviceLevel')), trackingUrl: orNull(cell(row, 'trackingUrl')),
					})),
				},
			};
		}
	}
}

const shipmentRuleSets: RuleSetUse<CompiledShipmentRules> = {
	compile: (content, name, zone) => compileShipmentRules(ruleSetOfKind(content, name, 'shipment').rules, { zone }),
	failing: (alert) => ({ problems: [], evaluate: (_, shipment, { notifyCustomer }) => ({ shipment, notifyCustomer, trace: [], decision: { kind: 'error', alert } }) }),
};

export interface ShipmentRulesOfNode extends RulesReader<CompiledShipmentRules> {
	/** Name and version of the set; null = rules of the node. */
	labelFor(itemIndex: number): string | null;
}

/** The rules that the node names, its own or those of a set. Null = it has none. */
export async function shipmentRulesOf(context: IExecuteFunctions, store: OrderStore, itemIndexes: readonly number[], version: number): Promise<ShipmentRulesOfNode | null> {
	if (context.getNodeParameter('rulesFrom', 0, 'node') === 'ruleSet') {
		const setFor = await readRuleSets(context, store, itemIndexes, version, shipmentRuleSets);
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
