/** Runs the rules on New orders and moves each to Routed, Skipped, Delayed, Archived or Error. */
import { StaleOrderError } from '../order/errors';
import { withEdits, type OrderLayers } from '../order/layers';
import type { JsonValue, Order, OrderContent } from '../order/order';
import { isOfAddedLines } from '../order/reference';
import { verdictOn, type Sending } from '../order/sending';
import { hasTrait } from '../order/status';
import type { Actor } from '../order/timeline';
import type { RuleContext, RuleOutcome, RuleTrace } from '../rules/run';
import type { OrderStore, Transition } from '../store/OrderStore';
import { takeApartChanged } from './bundles';
import { outputOf, preview, type Decided, type RulesResult } from './rulesOutput';
import { notWanted, ruledTransition } from './ruleTransitions';
import { describeDecision } from './ruleWords';
import { UNSCOPED, wrongStoreReason, markWrongStore, type WorkScope } from './workScope';

export interface RulesRequest {
	orderStore: OrderStore;
	orderIds: string[];
	/** Compiled rules; by order, since a rule may hold values that n8n resolved for one item. */
	evaluate(orderId: string, content: OrderContent, context: RuleContext): RuleOutcome;
	warehouses: string[];
	/** Name and version of the rule set that the order was evaluated with, for the timeline; null = rules of the node. */
	ruleSet(orderId: string): string | null;
	/** Record nothing; only say what would happen. */
	dryRun: boolean;
	actor: Actor;
	/** Whose orders they may be. Default: everybody's. */
	work?: WorkScope;
}

export type { RulesResult } from './rulesOutput';

/** As many as the order store reads at once. */
const BATCH = 500;

/**
 * Applies rules to orders, in batches of the order store. An order that is not New any more is passed on by its status, so that a
 * repeated run changes nothing. Results come in the order of `orderIds`; unknown ids are left out. In place of an order that is split come
 * its parts. A part was decided with its order: when it is New again, it goes back to its warehouse without any rule. Rules run on an order of added
 * lines; when they split it, it keeps the first part, and the others follow it.
 */
export async function applyRules(request: RulesRequest): Promise<RulesResult[]> {
	const ids = [...new Set(request.orderIds)];
	const now = new Date(await request.orderStore.now());
	const results: RulesResult[] = [];
	// What is only needed to decide about an order is gone before the next ones are read.
	for (let from = 0; from < ids.length; from += BATCH) {
		for (const result of await applyToBatch(request, ids.slice(from, from + BATCH), now)) results.push(result);
	}
	return results;
}

async function applyToBatch(request: RulesRequest, ids: string[], now: Date): Promise<RulesResult[]> {
	const { orderStore, work = UNSCOPED, actor } = request;
	const all = await orderStore.getManyWithLayers(ids);
	const refused = all.flatMap(({ order }): RulesResult[] => {
		const message = wrongStoreReason(work, order);
		return message === null ? [] : [{ order, output: { kind: 'error' }, trace: null, message }];
	});
	if (refused.length === 0) return await applyToOwn(request, all, now);
	if (!request.dryRun) for (const { order, message = '' } of refused) await markWrongStore(orderStore, order, message, actor);
	const foreign = new Set(refused.map(({ order }) => order.id));
	const results = [
		...refused,
		...(await applyToOwn(
			request,
			all.filter(({ order }) => !foreign.has(order.id)),
			now,
		)),
	];
	const placeOf = ({ order: { id, parentId }, splitOff: origin = parentId ?? '' }: RulesResult): number =>
		ids.includes(id) ? ids.indexOf(id) : ids.indexOf(origin);
	return results.sort((left, right) => placeOf(left) - placeOf(right));
}

async function applyToOwn(
	request: RulesRequest,
	given: ReadonlyArray<{ order: Order; layers: OrderLayers }>,
	now: Date,
): Promise<RulesResult[]> {
	const { orderStore } = request;
	const apart = request.dryRun
		? new Set<string>()
		: await takeApartChanged(
				orderStore,
				given.map(({ order }) => order),
				request.actor,
			);
	const found = apart.size === 0 ? given : given.filter(({ order }) => !apart.has(order.id));
	const outThere = await sentTo(
		orderStore,
		found.map(({ order }) => order),
	);
	const context = { now, warehouses: request.warehouses };
	const decided = found.map(({ order, layers }) =>
		order.status === 'new' && notWanted(order, request.actor) === null ? decide(order, layers, context, request) : null,
	);
	if (request.dryRun)
		return await withParts(
			orderStore,
			found.map(({ order }) => order),
			(order, place) => preview(order, decided[place] ?? null),
		);

	const traces = new Map<string, RuleTrace[]>();
	const transitions: Transition[] = [];
	for (const [place, { order, layers }] of found.entries()) {
		const outcome = decided[place]?.outcome;
		if (outcome === undefined) {
			const move = notWanted(order, request.actor);
			if (move !== null) transitions.push(move);
			continue;
		}
		traces.set(order.id, outcome.trace);
		transitions.push(ruledTransition(order, allowed(outcome, outThere.get(order.id)), layers, { ...request, now }));
	}
	for (const result of await orderStore.transitionMany(transitions)) {
		if (result.ok) continue;
		// Somebody else moved or edited it meanwhile: what they did stands, and the order is passed on by its status.
		if (!(result.error instanceof StaleOrderError)) throw result.error;
		traces.delete(result.orderId);
	}
	const after = await orderStore.getMany(found.map(({ order }) => order.id));
	const beside = await partsBeside(
		orderStore,
		transitions.filter(({ orderId, split }) => split !== undefined && traces.has(orderId)).map(({ orderId }) => orderId),
		after,
	);
	return await withParts(orderStore, after, (order) =>
		[order, ...(beside.get(order.id) ?? [])].map((each): RulesResult => ({
			order: each,
			output: outputOf(each),
			trace: traces.get(order.id) ?? null,
			...(each === order ? {} : { splitOff: order.id }),
		})),
	);
}

/** Of orders of added lines that were split just now, the parts that they did not keep. */
async function partsBeside(orderStore: OrderStore, ids: readonly string[], orders: readonly Order[]): Promise<Map<string, Order[]>> {
	const found = new Map<string, Order[]>();
	for (const { id } of orders.filter((order) => ids.includes(order.id) && isOfAddedLines(order))) {
		const split = (await orderStore.timeline(id)).findLast(({ kind }) => kind === 'split');
		if (split?.kind === 'split') found.set(id, await orderStore.getMany(split.data.parts.map(({ orderId }) => orderId)));
	}
	return found;
}

/** The sendings of orders that a warehouse may have, by order. */
async function sentTo(orderStore: OrderStore, orders: readonly Order[]): Promise<Map<string, Sending>> {
	const ids = orders
		.filter(({ status, sending }) => status === 'new' && verdictOn('choose_otherwise', sending) === 'refused')
		.map(({ id }) => id);
	return ids.length === 0 ? new Map() : new Map((await orderStore.sendings(ids)).map((sending) => [sending.orderId, sending]));
}

/** While a warehouse may have the order, rules may only send it where it went: anything else could ship it twice, or hide it. */
function allowed(outcome: RuleOutcome, sending: Sending | undefined): RuleOutcome {
	if (sending === undefined) return outcome;
	const { decision } = outcome;
	const went = sending.content?.warehouse ?? null;
	if (decision.kind === 'route' && decision.parts === undefined && (went === null || decision.warehouse === went)) return outcome;
	const message = `${describeDecision(decision)} But ${went ?? sending.wms} may have the order under ${sending.reference}, so nothing else is decided before that is known.`;
	// It shows the warehouse that may have it.
	const content = went === null ? outcome.content : { ...outcome.content, warehouse: went };
	return { ...outcome, content, decision: { kind: 'error', rule: null, alert: { code: 'outcome_unknown', message } } };
}

function decide(
	order: Order,
	{ snapshot, edits, result, servedHolds, begunHolds }: OrderLayers,
	{ now, warehouses }: Pick<RuleContext, 'now' | 'warehouses'>,
	request: RulesRequest,
): Decided {
	const content = withEdits(snapshot, edits);
	const isOfAdded = isOfAddedLines(order);
	// Rules gave it its warehouse when they split it.
	const isPart = order.parentId !== null && (!isOfAdded || snapshot.warehouse !== null);
	const outcome = isPart
		? partOutcome(content)
		: request.evaluate(order.id, content, {
				now,
				warehouses,
				servedHolds,
				begunHolds,
				isBundle: order.bundleSize > 0,
				...(isOfAdded ? { isOfAddedLines: true } : {}),
				facts: factsOf(order),
			});
	return { outcome, shown: result === null ? content : null };
}

/** Parts stand in the place of their order, which is not sent itself. */
async function withParts(
	orderStore: OrderStore,
	orders: readonly Order[],
	resultsOf: (order: Order, place: number) => RulesResult[],
): Promise<RulesResult[]> {
	const parts = new Map<string, Order[]>();
	for (const part of await orderStore.parts(orders.filter(mayBeSplit).map(({ id }) => id))) {
		// What was added later does not stand for the order.
		if (!isOfAddedLines(part)) parts.set(part.parentId!, [...(parts.get(part.parentId!) ?? []), part]);
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

const mayBeSplit = ({ parentId, status }: Order): boolean => parentId === null && hasTrait(status, 'shown_by_parts');

const partOutcome = (content: OrderContent): RuleOutcome => ({
	content,
	trace: [],
	decision:
		content.warehouse === null
			? {
					kind: 'error',
					rule: null,
					alert: { code: 'rule_failed', message: 'The part has no warehouse. Reprocess the order that it is a part of.' },
				}
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
