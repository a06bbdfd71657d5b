/**
 * Rules on a shipment before the cart is told: the carrier in the cart's spelling, whether the customer is told, or not to tell the
 * cart at all. Pure: they run again on every try, so nothing has to be kept for a repeat.
 *
 * To conditions a shipment looks like its order, with what is in the parcel: `carrier`, `serviceLevel`, `trackingNumber`,
 * `trackingUrl`, `shippedAt` are the shipment's, `lines` are those in the parcel with the quantity in it, all else is the order's
 * (its own carrier is `orderCarrier`). Fields that were dragged from an item with `shipment` and `order`, or from `shipments[0]`, mean
 * the same.
 */
import type { Alert } from '../order/alerts';
import { shown } from '../order/errors';
import type { JsonValue, Order, OrderContent, Shipment } from '../order/order';
import type { RunAction } from './actions/action';
import { prepareRules, type CompiledRules } from './evaluate';
import { FACT_NAMES } from './fields';
import { orderScope, valueReader } from './paths';
import { cleanText, ruleLabel, ruleProblem } from './problem';
import type { RuleOf, RuleSettings, RuleTrace } from './rule';

export const SHIPMENT_FIELDS = ['carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl'] as const;
export type ShipmentField = (typeof SHIPMENT_FIELDS)[number];

export interface CarrierMap {
	/** False = letter case and the amount of white space do not matter. */
	caseSensitive: boolean;
	/** The first entry that fits counts. Null leaves a field as it is; `{trackingNumber}` in a link stands for the number. */
	entries: Array<{ carrier: string; cartCarrier: string; serviceLevel: string | null; trackingUrl: string | null }>;
	unmapped: 'leave' | 'error';
}

export type ShipmentAction =
	| { kind: 'mapCarrier'; map: CarrierMap }
	/** A value that is a plain path expression is read from the shipment as it is at that moment; null clears the field. */
	| { kind: 'setField'; path: ShipmentField; value: JsonValue }
	| { kind: 'notifyCustomer'; notify: boolean }
	/** The cart is not told until somebody reprocesses the order, and the rules let it pass then. */
	| { kind: 'holdBack'; reason: string | null }
	| { kind: 'fail'; message: string }
	| { kind: 'stop' };

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
	problems: CompiledRules['problems'];
}

/** Reads and checks the rules once. Never throws: a bad rule fails the shipments that it would apply to. */
export function compileShipmentRules(rules: readonly ShipmentRule[], { zone = 'UTC' }: RuleSettings = {}): CompiledShipmentRules {
	const { problems, run } = prepareRules(rules.map(withPlainNames), compileShipmentAction, 'shipment');
	return {
		problems,
		evaluate(order, shipment, { now, notifyCustomer }) {
			const context = { now, zone, warehouses: [], servedHolds: [], facts: factsOf(order, shipment) };
			const { content, decision, trace } = run(viewOf(order, shipment, notifyCustomer), context);
			const told = content as ShipmentView;
			const changed: Shipment = { ...shipment, carrier: told.carrier, serviceLevel: told.serviceLevel, trackingNumber: told.trackingNumber, trackingUrl: told.trackingUrl };
			const result = { shipment: changed, notifyCustomer: told.notifyCustomer, trace };
			if (decision?.kind === 'error') return { ...result, decision };
			if (decision?.kind === 'skip') return { ...result, decision: { kind: 'hold_back', reason: `Held back by rule "${decision.rule}": ${decision.reason}` } };
			return { ...result, decision: { kind: 'upload' } };
		},
	};
}

/** A shipment in the clothes of its order. */
type ShipmentView = OrderContent & Pick<Shipment, 'trackingNumber' | 'trackingUrl' | 'shippedAt'> & { notifyCustomer: boolean };

function viewOf(order: Order, shipment: Shipment, notifyCustomer: boolean): ShipmentView {
	const quantities = new Map<string, number>();
	for (const { lineId, quantity } of shipment.lines) quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity);
	return {
		...order,
		lines: order.lines.filter(({ id }) => quantities.has(id)).map((line) => ({ ...line, quantity: quantities.get(line.id)! })),
		carrier: shipment.carrier,
		serviceLevel: shipment.serviceLevel,
		trackingNumber: shipment.trackingNumber,
		trackingUrl: shipment.trackingUrl,
		shippedAt: shipment.shippedAt,
		notifyCustomer,
	};
}

const factsOf = (order: Order, shipment: Shipment): Record<string, JsonValue> => ({
	...Object.fromEntries(FACT_NAMES.map((name) => [name, order[name]])),
	orderCarrier: order.carrier,
	orderServiceLevel: order.serviceLevel,
	shipmentId: shipment.id,
	shipmentExternalId: shipment.externalId,
});

/** Items carry a shipment beside its order; the rules know one name for each field. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	'shipment.id': 'shipmentId', 'shipment.externalId': 'shipmentExternalId', 'order.carrier': 'orderCarrier', 'order.serviceLevel': 'orderServiceLevel',
};
const OF_SHIPMENT: readonly string[] = [...SHIPMENT_FIELDS, 'shippedAt', 'lines'];
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

function compileShipmentAction(action: ShipmentAction, rule: string): RunAction {
	switch (action?.kind) {
		case 'mapCarrier':
			return mapCarrier(action.map, rule);
		case 'setField':
			return setShipmentField(action);
		case 'notifyCustomer': {
			const notifyCustomer = action.notify === true;
			return (content) => ({ content: 'notifyCustomer' in content && content.notifyCustomer === notifyCustomer ? content : withField(content, 'notifyCustomer', notifyCustomer) });
		}
		case 'holdBack': {
			const reason = cleanText(action.reason ?? '').trim() || 'the rule holds back shipments like this one';
			return (content) => ({ content, decision: { kind: 'skip', rule, reason } });
		}
		case 'fail': {
			const text = typeof action.message === 'string' ? cleanText(action.message).trim() : '';
			if (text === '') throw ruleProblem('The fail action has no message.', 'Enter what is wrong with the shipment.');
			return (content) => ({ content, decision: { kind: 'error', rule, alert: { code: 'rule_failed', message: `${ruleLabel(rule)}: ${text}` } } });
		}
		case 'stop':
			return (content) => ({ content, stops: true, note: 'no later rule runs' });
		default:
			throw ruleProblem(`The action ${shown((action as { kind?: unknown } | undefined)?.kind)} is not known for shipments.`, 'Choose an action from the list.');
	}
}

const withField = (content: OrderContent, field: string, value: JsonValue): OrderContent => ({ ...content, [field]: value });

function setShipmentField({ path, value }: Extract<ShipmentAction, { kind: 'setField' }>): RunAction {
	if (!SHIPMENT_FIELDS.includes(path)) throw ruleProblem(`${shown(path)} of a shipment cannot be changed.`, `Choose one of: ${SHIPMENT_FIELDS.join(', ')}.`);
	const reader = valueReader(value, 'fixed');
	return (content, context) => {
		const given = reader.read(orderScope(content, context)) ?? '';
		if (typeof given === 'object') throw ruleProblem(`${path}: is not text (value: ${shown(given)}).`, 'Give a text.');
		return { content: withField(content, path, String(given) === '' ? null : String(given)) };
	};
}

function mapCarrier(map: CarrierMap, rule: string): RunAction {
	if (typeof map !== 'object' || map === null || !Array.isArray(map.entries)) {
		throw ruleProblem('The table of carriers cannot be read.', 'Enter the table of this rule again.');
	}
	const key = (carrier: string): string => {
		const text = carrier.normalize('NFKC').trim().replace(/\s+/g, ' ');
		return map.caseSensitive ? text : text.toLowerCase();
	};
	const table = new Map<string, CarrierMap['entries'][number]>();
	for (const [index, entry] of map.entries.entries()) {
		if (typeof entry?.carrier !== 'string' || typeof entry.cartCarrier !== 'string' || entry.cartCarrier.trim() === '') {
			throw ruleProblem(`Row ${index + 1} of the table of carriers is not complete.`, 'Enter the carrier of the warehouse and that of the cart, or remove the row.');
		}
		if (!table.has(key(entry.carrier))) table.set(key(entry.carrier), entry);
	}
	return (content) => {
		const found = table.get(key(content.carrier ?? ''));
		if (found !== undefined) return { content: mapped(content as ShipmentView, found) };
		if (map.unmapped === 'leave') return { content };
		const named = content.carrier === null ? 'The shipment has no carrier, and the table has no row for that' : `The carrier ${shown(content.carrier, 200)} is not in the table`;
		return { content, decision: { kind: 'error', rule, alert: { code: 'unmapped_shipping_method', message: `${ruleLabel(rule)}: ${named}.` } } };
	};
}

function mapped(content: ShipmentView, { cartCarrier, serviceLevel, trackingUrl }: CarrierMap['entries'][number]): OrderContent {
	const url = trackingUrl?.replaceAll('{trackingNumber}', encodeURIComponent(content.trackingNumber ?? '')) ?? '';
	const changed: ShipmentView = {
		...content,
		carrier: cartCarrier.trim(),
		serviceLevel: serviceLevel ?? content.serviceLevel,
		trackingUrl: url !== '' ? url : content.trackingUrl,
	};
	return changed;
}
