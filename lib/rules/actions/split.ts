import { shown } from '../../order/errors';
import type { JsonValue, OrderedLine } from '../../order/order';
import { conditionSet, type ConditionSet } from '../conditionSet';
import { compileLineConditions } from '../conditions';
import { filled, type Portion, type Splitter } from '../parts';
import { valueReader } from '../paths';
import { ruleProblem } from '../problem';
import { choice, number, object, valueOrField, type Shape } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleAction } from './common/action';
import { lineConditions } from './common/fields';
import type { FieldReader } from './common/reading';

export type SplitBy =
	/** The lines that meet the conditions are a part of their own. */
	| { kind: 'lines'; lines: ConditionSet }
	/** Lines of which the field of the line has the same value go together; mostly a plain path. */
	| { kind: 'key'; key: JsonValue }
	/** The most pieces of a part. */
	| { kind: 'quantity'; most: number }
	/** The most grams of a part. */
	| { kind: 'weight'; most: number };

const splitBy: Shape<SplitBy> = choice<'kind', SplitBy>('kind', {
	lines: object({ lines: conditionSet }),
	key: object({ key: valueOrField }),
	quantity: object({ most: number({ least: 1, whole: true }) }),
	weight: object({ most: number({ least: 1 }) }),
});

/** Divides the order into parts that are sent by themselves. It counts once all rules ran: each warehouse's lines are divided then. */
export const split: RuleAction<{ by: SplitBy }> = {
	option: { name: 'Split Order', action: 'Split the order', description: 'Into parts that are sent by themselves' },
	shape: object<{ by: SplitBy }>({ by: splitBy }),
	fields: [
		{
			displayName: 'Split By',
			name: 'splitBy',
			type: 'options',
			options: [
				{ name: 'Conditions', value: 'lines', description: 'The lines that meet them are a part of their own' },
				{ name: 'Field of the Line', value: 'key', description: 'Lines with the same value stay together' },
				{ name: 'Most Pieces', value: 'quantity' },
				{ name: 'Most Weight', value: 'weight', description: 'Every line needs a weight' },
			],
			default: 'quantity',
			description: 'What each warehouse gets is divided once all rules ran',
		},
		{ ...lineConditions, show: { splitBy: ['lines'] } },
		{
			displayName: 'Field',
			name: 'splitKey',
			type: 'string',
			default: '',
			placeholder: '={{ $json.lines[0].custom.room }}',
			description: 'Drag a field of a line here; each line is checked separately',
			show: { splitBy: ['key'] },
		},
		{
			displayName: 'Most Pieces in a Part',
			name: 'splitQuantity',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10,
			description: 'A line with more pieces continues in the next part; the components of a kit stay together',
			show: { splitBy: ['quantity'] },
		},
		{
			displayName: 'Most Grams in a Part',
			name: 'splitWeight',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30000,
			description: 'A single piece that is heavier is a part of its own',
			show: { splitBy: ['weight'] },
		},
	],
	read: (given) => ({ by: readBy(given) }),
	compile({ by }) {
		const { splitter, note } = compileSplitter(by);
		return (content) => ({ content, split: splitter, note });
	},
};

function readBy(given: FieldReader): SplitBy {
	switch (given.text('splitBy')) {
		case 'lines':
			return { kind: 'lines', lines: given.conditions('lineConditions') };
		case 'key':
			return { kind: 'key', key: given.value('splitKey') };
		case 'weight':
			return { kind: 'weight', most: given.number('splitWeight') };
		default:
			return { kind: 'quantity', most: given.number('splitQuantity') };
	}
}

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
			if (!reader.ofLine)
				throw ruleProblem(
					'The key of the split is no field of a line.',
					'Drag a field of a line here, such as {{ $json.lines[0].custom.room }}.',
				);
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
			throw ruleProblem(
				`The split by ${shown((by as SplitBy | undefined)?.kind)} is not known.`,
				'Choose conditions, a key, a quantity or a weight.',
			);
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
	throw ruleProblem(
		`The weight of ${shown(sku ?? name)} is not known, so the order cannot be split by weight.`,
		'Give the line a weight in the cart, or split by quantity.',
	);
}

function grouped(portions: readonly Portion[], keyOf: (portion: Portion) => string | boolean): Portion[][] {
	const groups = new Map<string | boolean, Portion[]>();
	for (const portion of portions) {
		const key = keyOf(portion);
		groups.set(key, [...(groups.get(key) ?? []), portion]);
	}
	return [...groups.values()];
}
