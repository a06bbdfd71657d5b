/** Runs the rules on New orders and moves each to Routed, Skipped, Delayed, Archived or Error. */
import { StaleOrderError } from '../order/errors';
import { describeLines, withEdits, type OrderLayers } from '../order/layers';
import type { JsonValue, Order, OrderContent } from '../order/order';
import { partContents, type OrderPart } from '../order/parts';
import type { OrderStatus } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { Decision, RuleContext, RuleOutcome, RuleTrace } from '../rules/rule';
import type { OrderStore, Transition } from '../store/OrderStore';

export interface RulesRequest {
	store: OrderStore;
	orderIds: string[];
	/** Compiled rules; by order, since a rule may hold values that n8n resolved for one item. */
	evaluate(orderId: string, content: OrderContent, context: RuleContext): RuleOutcome;
	warehouses: string[];
	/** Name and version of the rule set that the order was evaluated with, for the timeline; null = rules of the node. */
	ruleSet(orderId: string): string | null;
	/** Record nothing; only say what would happen. */
	dryRun: boolean;
	actor: Actor;
}

export interface RulesResult {
	/** As it is after the rules; in a dry run as it would be. */
	order: Order;
	/** Where it goes: a warehouse, or one of the three other outputs. */
	output: { kind: 'warehouse'; warehouse: string } | { kind: 'skipped' | 'delayed' | 'error' };
	/** Null when the order had left New before, so that no rule ran. */
	trace: RuleTrace[] | null;
}

/** As many as the store reads at once. */
const BATCH = 500;

/**
 * Applies rules to orders, in batches of the store. An order that is not New any more is passed on by its status, so that a
 * repeated run changes nothing. Results come in the order of `orderIds`; unknown ids are left out. In place of an order that is split come
 * its parts. A part was decided with its order: when it is New again, it goes back to its warehouse without any rule.
 */
export async function applyRules(request: RulesRequest): Promise<RulesResult[]> {
	const ids = [...new Set(request.orderIds)];
	const now = new Date(await request.store.now());
	const results: RulesResult[] = [];
	// What is only needed to decide about an order is gone before the next ones are read.
	for (let from = 0; from < ids.length; from += BATCH) {
		for (const result of await applyToBatch(request, ids.slice(from, from + BATCH), now)) results.push(result);
	}
	return results;
}

async function applyToBatch(request: RulesRequest, ids: string[], now: Date): Promise<RulesResult[]> {
	const { store } = request;
	const found = await store.getManyWithLayers(ids);
	const context = { now, warehouses: request.warehouses };
	const decided = found.map(({ order, layers }) => (order.status === 'new' ? decide(order, layers, context, request) : null));
	if (request.dryRun) return await withParts(store, found.map(({ order }) => order), (order, place) => preview(order, decided[place] ?? null));

	const traces = new Map<string, RuleTrace[]>();
	const transitions: Transition[] = [];
	for (const [place, { order, layers }] of found.entries()) {
		const outcome = decided[place]?.outcome;
		if (outcome === undefined) continue;
		traces.set(order.id, outcome.trace);
		transitions.push(transitionFor(order, outcome, layers.servedHolds, request));
	}
	for (const result of await store.transitionMany(transitions)) {
		if (result.ok) continue;
		// Somebody else moved or edited it meanwhile: what they did stands, and the order is passed on by its status.
		if (!(result.error instanceof StaleOrderError)) throw result.error;
		traces.delete(result.orderId);
	}
	const after = await store.getMany(ids);
	return await withParts(store, after, (order) => [{ order, output: outputOf(order), trace: traces.get(order.id) ?? null }]);
}

interface Decided {
	outcome: RuleOutcome;
	/** The content that the order shows, where it is the one that the rules were given. */
	shown: OrderContent | null;
}

function decide(order: Order, { snapshot, edits, result, servedHolds }: OrderLayers, { now, warehouses }: Pick<RuleContext, 'now' | 'warehouses'>, request: RulesRequest): Decided {
	const content = withEdits(snapshot, edits);
	const outcome = order.parentId !== null ? partOutcome(content) : request.evaluate(order.id, content, { now, warehouses, servedHolds, isBundle: order.bundleSize > 0, facts: factsOf(order) });
	return { outcome, shown: result === null ? content : null };
}

/** Parts stand in the place of their order, which is not sent itself. */
async function withParts(store: OrderStore, orders: readonly Order[], resultsOf: (order: Order, place: number) => RulesResult[]): Promise<RulesResult[]> {
	const parts = new Map<string, Order[]>();
	for (const part of await store.parts(orders.filter(mayBeSplit).map(({ id }) => id))) {
		parts.set(part.parentId!, [...(parts.get(part.parentId!) ?? []), part]);
	}
	const all: RulesResult[] = [];
	orders.forEach((order, place) => {
		const results = resultsOf(order, place);
		const own = parts.get(order.id);
		if (own === undefined) all.push(...results);
		else all.push(...own.map((part): RulesResult => ({ order: part, output: outputOf(part), trace: results[0]!.trace })));
	});
	return all;
}

const mayBeSplit = ({ parentId, status }: Order): boolean => parentId === null && (status === 'routed' || status === 'partially_shipped' || status === 'closed');

const partOutcome = (content: OrderContent): RuleOutcome => ({
	content,
	trace: [],
	decision:
		content.warehouse === null
			? { kind: 'error', rule: null, alert: { code: 'rule_failed', message: 'The part has no warehouse. Reprocess the order that it is a part of.' } }
			: { kind: 'route', warehouse: content.warehouse },
});

/** What conditions may read besides the content. */
const factsOf = (order: Order): Record<string, JsonValue> => ({
	id: order.id,
	store: order.store,
	cart: order.cart,
	externalId: order.externalId,
	reference: order.reference,
	attempts: order.attempts,
	importedAt: order.importedAt,
	description: order.description,
});

function transitionFor(order: Order, { decision, content, trace }: RuleOutcome, servedHolds: string[], request: RulesRequest): Transition {
	const base = {
		orderId: order.id,
		from: 'new' as const,
		version: order.version,
		actor: request.actor,
		entries: [
			entry('rules_applied', request.actor, {
				decision: describeDecision(decision),
				ruleSet: request.ruleSet(order.id),
				trace: compactTrace(trace),
			}),
		],
	};
	switch (decision.kind) {
		case 'route':
			if (decision.parts === undefined) {
				return { ...base, to: 'routed', reason: `Routed to ${decision.warehouse}.`, set: { result: content, alert: null, statusReason: null } };
			}
			return {
				...base,
				to: 'routed',
				reason: `Split into ${decision.parts.length} parts.`,
				// Its parts are due, not the order itself.
				set: { result: content, alert: null, statusReason: inParts(decision.parts), dueAt: null },
				split: partContents(content, decision.parts).map((part) => ({ content: part })),
			};
		case 'skip':
			return { ...base, to: 'skipped', reason: describeDecision(decision), set: { result: content, alert: null, statusReason: describeDecision(decision) } };
		case 'hold':
			return {
				...base,
				to: 'delayed',
				reason: describeDecision(decision),
				set: {
					result: content,
					heldUntil: decision.until,
					retryAt: null,
					statusReason: describeDecision(decision),
					// Remembered by rule, so that the same rule does not hold the order for ever. A hold without an end is never served.
					servedHolds: decision.until === null ? servedHolds : [...servedHolds, decision.rule],
				},
			};
		case 'bundle':
			return {
				...base,
				to: 'delayed',
				reason: describeDecision(decision),
				// That it waited is noted when the window is over: an order that is changed meanwhile begins anew.
				set: { result: content, heldUntil: decision.until, retryAt: null, statusReason: describeDecision(decision), waitsForBundle: { key: decision.key, terms: decision.terms } },
			};
		case 'archive':
			return { ...base, to: 'archived', reason: describeDecision(decision), set: { result: content, alert: null, statusReason: describeDecision(decision) } };
		case 'error':
			return { ...base, to: 'error', reason: decision.alert.message, set: { result: content, alert: decision.alert, statusReason: decision.alert.message } };
	}
}

/** In words, for lists and the timeline. */
export function describeDecision(decision: Decision): string {
	switch (decision.kind) {
		case 'route':
			return decision.parts === undefined ? `Route to ${decision.warehouse}.` : `Split: ${inParts(decision.parts)}.`;
		case 'skip':
			return decision.rule === null ? decision.reason : `Skipped by rule "${decision.rule}": ${decision.reason}`;
		case 'hold':
			return `Held by rule "${decision.rule}" ${decision.until === null ? decision.reason : `until ${decision.until}`}.`;
		case 'bundle':
			return `Kept back by rule "${decision.rule}" until ${decision.until} ${decision.reason}.`;
		case 'archive':
			return `Archived by rule "${decision.rule}": ${decision.reason}`;
		case 'error':
			return decision.alert.message;
	}
}

/** @example inParts(parts) // "BER 3 pieces, NYC 1 piece" */
const inParts = (parts: readonly OrderPart[]): string =>
	parts
		.map(({ warehouse, lines }) => {
			const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
			return `${warehouse} ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`;
		})
		.join(', ');

/** The timeline keeps what rules did, not the rules that were looked at in vain; the whole trace is in the node's output. */
export const compactTrace = (trace: readonly RuleTrace[]): JsonValue =>
	trace
		.filter(({ result }) => result !== 'not_met' && result !== 'off' && result !== 'stopped')
		.map(({ rule, result, changes, decided }) => ({ rule, result, changes: changes as unknown as JsonValue, decided }));

const OUTPUT_OF_STATUS: Partial<Record<OrderStatus, 'skipped' | 'delayed' | 'error'>> = {
	skipped: 'skipped',
	archived: 'skipped',
	abandoned: 'skipped',
	canceled: 'skipped',
	bundled: 'delayed',
	delayed: 'delayed',
	new: 'delayed',
	error: 'error',
};

/** An order that was routed before (or is further on) goes to its warehouse again: sending knows what was sent. */
function outputOf(order: Order): RulesResult['output'] {
	const kind = OUTPUT_OF_STATUS[order.status];
	if (kind !== undefined) return { kind };
	return order.warehouse === null ? { kind: 'error' } : { kind: 'warehouse', warehouse: order.warehouse };
}

/** As it would be; a split gives one result for each part, under the id of the order. The order that was read for it becomes the result. */
function preview(order: Order, decided: Decided | null): RulesResult[] {
	if (decided === null) return [{ order, output: outputOf(order), trace: null }];
	const { outcome: { decision, content, trace }, shown } = decided;
	if (decision.kind === 'route' && decision.parts !== undefined) {
		return partContents(content, decision.parts).map((part, index) => ({
			order: Object.assign(withContent({ ...order }, null, part), { parentId: order.id, reference: `${order.reference}.p${index + 1}` }),
			output: { kind: 'warehouse', warehouse: decision.parts![index]!.warehouse },
			trace,
		}));
	}
	const output: RulesResult['output'] =
		decision.kind === 'route'
			? { kind: 'warehouse', warehouse: decision.warehouse }
			: { kind: ({ skip: 'skipped', archive: 'skipped', hold: 'delayed', bundle: 'delayed', error: 'error' } as const)[decision.kind] };
	return [{ order: withContent(order, shown, content), output, trace }];
}

type Fields = Record<string, unknown>;

/**
 * The order, now with this content. Rules change a field or two: setting all thirty again, and making the lines anew, takes as long as reading them.
 *
 * @param shown the content that it shows so far; null = unknown
 */
function withContent(order: Order, shown: OrderContent | null, content: OrderContent): Order {
	if (content === shown) return order;
	const [to, before, after] = [order, shown ?? order, content] as unknown as [Record<string, unknown>, object, object] as [Fields, Fields, Fields];
	for (const key in after) if (key !== 'lines' && before[key] !== after[key]) to[key] = after[key];
	if (content.lines !== shown?.lines) {
		order.lines = content.lines.map((line) => ({ quantityShipped: 0, quantityCanceled: 0, ...line }));
		order.description = describeLines(content.lines);
	}
	return order;
}
