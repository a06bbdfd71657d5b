import { shown } from '../../order/errors';
import type { OrderedLine } from '../../order/order';
import { compileLineConditions } from '../conditions';
import { filled, type Portion, type Splitter } from '../parts';
import { orderScope, valueReader } from '../paths';
import { ruleProblem } from '../problem';
import type { SplitBy } from '../rule';
import type { ActionDefinition, ActionOf } from './action';

/** Divides the order into parts that are sent by themselves. It counts once all rules ran: each warehouse's lines are divided then. */
export const split: ActionDefinition<ActionOf<'split'>> = {
	compile({ by }) {
		const { splitter, note } = compileSplitter(by);
		return (content) => ({ content, split: splitter, note });
	},
};

function compileSplitter(by: SplitBy): { splitter: Splitter; note: string } {
	switch (by?.kind) {
		case 'lines': {
			const conditions = compileLineConditions(by.lines);
			return {
				note: 'split: the lines that meet the conditions are a part of their own',
				splitter: (portions, content, context) => {
					const scope = orderScope(content, context);
					return grouped(portions, ({ line }) => conditions.check({ ...scope, line }));
				},
			};
		}
		case 'key': {
			const reader = valueReader(by.key, 'line');
			if (!reader.ofLine) throw ruleProblem('The key of the split is no field of a line.', 'Drag a field of a line here, such as {{ $json.lines[0].custom.room }}.');
			return {
				note: `split by ${reader.path}`,
				splitter: (portions, content, context) => {
					const scope = orderScope(content, context);
					return grouped(portions, ({ line }) => JSON.stringify(reader.read({ ...scope, line }) ?? null));
				},
			};
		}
		case 'quantity':
			return { note: `split into parts of at most ${by.most} pieces`, splitter: limited(by.most, () => 1) };
		case 'weight':
			return { note: `split into parts of at most ${by.most} g`, splitter: limited(by.most, weightOf) };
		default:
			throw ruleProblem(`The split by ${shown((by as SplitBy | undefined)?.kind)} is not known.`, 'Choose conditions, a key, a quantity or a weight.');
	}
}

function limited(most: unknown, sizeOf: (line: OrderedLine) => number): Splitter {
	if (typeof most !== 'number' || !Number.isFinite(most) || most < 1) {
		throw ruleProblem(`The most of a part is not a number from 1 (value: ${shown(most)}).`, 'Enter a number, such as 20.');
	}
	return (portions) => filled(portions, most, sizeOf);
}

/** A part of unknown weight would be a part of any weight. */
function weightOf({ weight, sku, name }: OrderedLine): number {
	if (weight !== null && weight >= 0) return weight;
	throw ruleProblem(`The weight of ${shown(sku ?? name)} is not known, so the order cannot be split by weight.`, 'Give the line a weight in the cart, or split by quantity.');
}

function grouped(portions: readonly Portion[], keyOf: (portion: Portion) => string | boolean): Portion[][] {
	const groups = new Map<string | boolean, Portion[]>();
	for (const portion of portions) {
		const key = keyOf(portion);
		groups.set(key, [...(groups.get(key) ?? []), portion]);
	}
	return [...groups.values()];
}
