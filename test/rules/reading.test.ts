/** What the editor holds of an action, read: by its own fields alone, and into what a rule set could hold. */
import { readActionOf } from '../../lib/rules/actions/common/fromRegistry';
import type { ActionForm } from '../../lib/rules/actions/common/action';
import { fieldReader, type Given, type Resolve } from '../../lib/rules/actions/common/reading';
import { ACTIONS } from '../../lib/rules/actions/registry';
import { compileRules } from '../../lib/rules/evaluate';
import { SHIPMENT_ACTIONS } from '../../lib/rules/shipmentActions/registry';
import { context, order, rule } from './fixtures';

const literal: Resolve = (value, fallback) => (value ?? fallback) as typeof fallback;
const ALL: Array<[string, string, ActionForm<object>]> = [
	...Object.entries(ACTIONS).map(([kind, action]): [string, string, ActionForm<object>] => ['orders', kind, action]),
	...Object.entries(SHIPMENT_ACTIONS).map(([kind, action]): [string, string, ActionForm<object>] => ['shipments', kind, action]),
];

/** A row for each value of each list, the rest as the editor leaves it; tables have a row. */
function rowsOf({ fields }: ActionForm<object>): Given[] {
	const tables = Object.fromEntries(fields.filter(({ type }) => type === 'fixedCollection').map(({ name }) => [name, { list: [{}] }]));
	const choices = fields.flatMap(({ type, name, options = [] }) =>
		type === 'options' ? options.flatMap((one) => ('value' in one ? [{ [name]: one.value }] : [])) : [],
	);
	return [{}, ...choices].map((row) => ({ ...tables, ...row }));
}

it.each(ALL)('%s: %s reads its own fields, and all that its shape has', (_, __, action) => {
	for (const row of rowsOf(action)) {
		const data = action.read(fieldReader(literal, row, action.fields, 'UTC'));
		expect(Object.keys(data).sort()).toEqual(Object.keys((action.shape.schema['properties'] ?? {}) as object).sort());
	}
});

it('a field that the action does not have is a defect that shows', () => {
	expect(() => fieldReader(literal, { other: 1 }, ACTIONS.skip.fields, 'UTC').text('other')).toThrow(
		'The action reads "other", which is none of its fields.',
	);
});

it.each(['explode', '__proto__', 'constructor', undefined])('an action %p puts the orders in Error that meet the rule', (action) => {
	const read = readActionOf(ACTIONS)(literal, { action, reason: 'x' }, 'UTC');
	expect(compileRules([rule('R', [read])]).evaluate(order(), context()).decision).toMatchObject({
		kind: 'error',
		alert: { code: 'rule_failed', message: expect.stringContaining('is not known') },
	});
});
