/**
 * Rules on a shipment before the cart is told: the carrier in the cart's spelling, whether the customer is told, or not to tell the
 * cart at all. Pure: they run again on every try, so nothing has to be kept for a repeat.
 *
 * What conditions see of a shipment and its order is in subjects/shipment.ts. Fields that were dragged from an item with `shipment` and `order`, or from
 * `shipments[0]`, mean the same.
 */
import type { Alert } from '../order/alerts';
import type { Order, Shipment } from '../order/order';
import { packagesOf, withFirstPackage } from '../order/packages';
import { compilerOf } from './actions/common/fromRegistry';
import { prepareRules, type RuleProblems } from './engine';
import type { RuleOf, RuleSettings } from './rule';
import type { RuleTrace, ShipmentDecision } from './run';
import { SHIPMENT_ACTIONS, type ShipmentAction } from './shipmentActions/registry';
import { SHIPMENT_FIELDS } from './shipmentActions/setField';
import { SHIPMENT, type JudgedShipment, type OnShipments } from './subjects/shipment';

const compileShipmentAction = compilerOf<OnShipments>(SHIPMENT_ACTIONS, ' for shipments');

export type ShipmentRule = RuleOf<ShipmentAction>;

export interface ShipmentOutcome {
	decision: { kind: 'upload' } | { kind: 'hold_back'; reason: string } | { kind: 'error'; alert: Alert };
	/** As the cart is to be told. */
	shipment: Shipment;
	notifyCustomer: boolean;
	trace: RuleTrace[];
}

export interface CompiledShipmentRules {
	evaluate(order: Order, shipment: Shipment, context: { now: Date; notifyCustomer: boolean }): ShipmentOutcome;
	problems: RuleProblems;
}

/** Reads and checks the rules once. Never throws: a bad rule fails the shipments that it would apply to. */
export function compileShipmentRules(rules: readonly ShipmentRule[], { zone = 'UTC' }: RuleSettings = {}): CompiledShipmentRules {
	const { problems, run } = prepareRules(rules.map(withPlainNames), compileShipmentAction, SHIPMENT);
	return {
		problems,
		evaluate(order, shipment, { now, notifyCustomer }) {
			const { content, decision, trace } = run(judged(order, shipment, notifyCustomer), { now, zone });
			const { carrier, serviceLevel, trackingNumber, trackingUrl } = content;
			return {
				shipment: withFirstPackage({ ...shipment, packages: content.packages }, { carrier, serviceLevel, trackingNumber, trackingUrl }),
				notifyCustomer: content.notifyCustomer,
				trace,
				decision: outcomeOf(decision),
			};
		},
	};
}

function judged(order: Order, shipment: Shipment, notifyCustomer: boolean): JudgedShipment {
	const quantities = new Map<string, number>();
	for (const { lineId, quantity } of shipment.lines) quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity);
	const { id, externalId, carrier, serviceLevel, trackingNumber, trackingUrl, shippedAt } = shipment;
	const lines = order.lines.flatMap((line) => {
		const quantity = quantities.get(line.id);
		return quantity === undefined ? [] : [{ ...line, quantity }];
	});
	const packages = [...packagesOf(shipment)];
	return { id, externalId, carrier, serviceLevel, trackingNumber, trackingUrl, packages, shippedAt, lines, notifyCustomer, order };
}

function outcomeOf(decision: ShipmentDecision | null): ShipmentOutcome['decision'] {
	if (decision === null) return { kind: 'upload' };
	return decision.kind === 'error' ? decision : { kind: 'hold_back', reason: `Held back by rule "${decision.rule}": ${decision.reason}` };
}

/** Items carry a shipment beside its order; the rules know one name for each field. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	'shipment.id': 'shipmentId',
	'shipment.externalId': 'shipmentExternalId',
	'order.carrier': 'orderCarrier',
	'order.serviceLevel': 'orderServiceLevel',
};
const OF_SHIPMENT: readonly string[] = [...SHIPMENT_FIELDS, 'packages', 'shippedAt', 'lines'];
const NESTED = /^(=\s*\{\{\s*\$json)\s*\??\.\s*(shipment|order|shipments\s*\[\s*0\s*\])\s*\??\.\s*([A-Za-z]+)/;

function withPlainNames<T>(value: T): T {
	if (typeof value === 'string') return plainName(value) as T;
	if (Array.isArray(value)) return value.map((item: unknown) => withPlainNames(item)) as T;
	if (typeof value !== 'object' || value === null) return value;
	// What an expression gave stays as it is: it may be a customer's text.
	if (Object.hasOwn(value, '$resolved')) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlainNames(inner)])) as T;
}

function plainName(expression: string): string {
	const [found, start, given, field] = NESTED.exec(expression) ?? [];
	if (found === undefined || field === undefined) return expression;
	const group = given === 'order' ? 'order' : 'shipment';
	const name = OTHER_NAMES[`${group}.${field}`] ?? (group === 'order' || OF_SHIPMENT.includes(field) ? field : null);
	// An unknown one stays, and is told as such.
	return name === null ? expression : `${start}.${name}${expression.slice(found.length)}`;
}
