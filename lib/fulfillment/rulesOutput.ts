/** Where orders go after the rules, and how they would be when nothing is recorded. */
import { describeLines } from '../order/layers';
import type { Order, OrderContent } from '../order/order';
import { partContents } from '../order/parts';
import { hasTrait } from '../order/status';
import type { RuleOutcome, RuleTrace } from '../rules/run';

export interface RulesResult {
	/** As it is after the rules; in a dry run as it would be. */
	order: Order;
	/** Where it goes: a warehouse, or one of the three other outputs. */
	output: { kind: 'warehouse'; warehouse: string } | { kind: 'skipped' | 'delayed' | 'error' };
	/** Null when the order had left New before, so that no rule ran. */
	trace: RuleTrace[] | null;
	/** The order that it was split off, where it does not stand in the place of its parent. */
	splitOff?: string;
	/** For people: why no rule ran on an order that is not this workflow's. */
	message?: string;
}

export interface Decided {
	outcome: RuleOutcome;
	/** The content that the order shows, where it is the one that the rules were given. */
	shown: OrderContent | null;
}

/** An order that was routed before (or is further on) goes to its warehouse again: sending knows what was sent. */
export function outputOf(order: Order): RulesResult['output'] {
	const { status } = order;
	if (hasTrait(status, 'not_shipping')) return { kind: 'skipped' };
	if (hasTrait(status, 'waits')) return { kind: 'delayed' };
	return status === 'error' || order.warehouse === null ? { kind: 'error' } : { kind: 'warehouse', warehouse: order.warehouse };
}

/** As it would be; a split gives one result for each part, under the id of the order. The order that was read for it becomes the result. */
export function preview(order: Order, decided: Decided | null): RulesResult[] {
	if (decided === null) return [{ order, output: outputOf(order), trace: null }];
	const {
		outcome: { decision, content, trace },
		shown,
	} = decided;
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
	const [to, before, after] = [order, shown ?? order, content] as unknown as [Record<string, unknown>, object, object] as [
		Fields,
		Fields,
		Fields,
	];
	for (const key in after) if (key !== 'lines' && before[key] !== after[key]) to[key] = after[key];
	if (content.lines !== shown?.lines) {
		order.lines = content.lines.map((line) => ({ quantityShipped: 0, quantityCanceled: 0, ...line }));
		order.description = describeLines(content.lines);
	}
	return order;
}
