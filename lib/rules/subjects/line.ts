/** The lines of a subject, and what follows from them. */
import type { KitPart, OrderedLine, SourceOfLine } from '../../order/order';
import { countingLines } from '../paths';
import type { Fields, RuleKind, SubjectField } from './subject';

const KIT: Record<keyof KitPart, Fields> = { lineId: 'leaf', sku: 'leaf', quantity: 'leaf' };

const SOURCE: Record<keyof SourceOfLine, Fields> = { orderId: 'leaf', lineId: 'leaf' };

export const LINE: Record<keyof OrderedLine, Fields> = {
	id: 'leaf',
	externalId: 'leaf',
	sku: 'leaf',
	name: 'leaf',
	quantity: 'leaf',
	unitPrice: 'leaf',
	weight: 'leaf',
	options: 'free',
	custom: 'free',
	kit: KIT,
	warehouse: 'leaf',
	source: SOURCE,
	kind: 'leaf',
	partOf: 'leaf',
	notOurs: { quantity: 'leaf', reason: 'leaf' },
};

/** What follows from the lines and can be read besides the fields. */
export const DERIVED: Readonly<Record<'lineCount' | 'totalQuantity' | 'totalWeight', SubjectField<RuleKind>>> = {
	lineCount: { below: 'leaf', read: (content) => countingLines(content).length },
	totalQuantity: { below: 'leaf', read: (content) => countingLines(content).reduce((sum, line) => sum + line.quantity, 0) },
	/** In grams; null when the weight of a line is unknown, as a part of the weight would be a wrong weight. */
	totalWeight: {
		below: 'leaf',
		read: (content) =>
			countingLines(content).reduce<number | null>(
				(sum, line) => (sum === null || line.weight === null ? null : sum + line.weight * line.quantity),
				0,
			),
	},
};
