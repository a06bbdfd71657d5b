/** Rule sets as JSON: what is checked is what the published schema says. */
import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ACTIONS } from '../../lib/rules/actions/registry';
import { ACTION_SHAPES } from '../../lib/rules/ruleSet/actionShapes';
import { checkedRuleSet, ruleSetSchema } from '../../lib/rules/ruleSet/ruleSet';
import { rule, set, where } from './fixtures';

const aSet = (more: object = {}) => ({ format: 1, name: 'EU', rules: [], ...more });
const aRule = (more: object = {}) => ({ name: 'R', actions: [], ...more });
const condition = { leftValue: '={{ $json.total }}', operator: { type: 'number', operation: 'gt' }, rightValue: 100 };

describe('checkedRuleSet', () => {
	it('fills in what may be left out', () => {
		expect(checkedRuleSet({ $schema: 'x', format: 1, name: ' EU ', rules: [{ name: 'R', actions: [{ kind: 'stop' }], conditions: { conditions: [condition] } }] })).toEqual({
			format: 1,
			name: 'EU',
			description: null,
			undecided: 'accept',
			rules: [
				{
					name: 'R', enabled: true, lineQuantifier: 'any', stop: false, actions: [{ kind: 'stop' }],
					conditions: {
						options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 }, combinator: 'and', conditions: [{ id: '', ...condition }],
					},
				},
			],
		});
	});

	it('takes back what it gave', () => {
		const full = checkedRuleSet(aSet({ rules: [rule('A', set('notes', '={{ $json.total }}'), { conditions: where(['={{ $json.carrier }}', 'string equals', 'DHL']) })] }));
		expect(checkedRuleSet(JSON.parse(JSON.stringify(full)))).toEqual(full);
	});

	it.each<[string, unknown, string]>([
		['no object', 'x', 'The rule set: is not an object'],
		['another format', aSet({ format: 2 }), 'format: is not one of 1 (value: 2)'],
		['no name', { format: 1, rules: [] }, 'name: is missing'],
		['an empty name', aSet({ name: ' ' }), 'name: is empty'],
		['a field that is not known', aSet({ rulez: [] }), 'rulez: is not known here. Known are: $schema, format'],
		['an unknown action', aSet({ rules: [aRule({ actions: [{ kind: 'explode' }] })] }), 'rules[0].actions[0].kind: is not one of skip, removeLines'],
		['__proto__ as an action', aSet({ rules: [aRule({ actions: [{ kind: '__proto__' }] })] }), 'rules[0].actions[0].kind: is not one of'],
		['a wrong type', aSet({ rules: [aRule({ actions: [{ kind: 'hold', until: { kind: 'duration', minutes: '60' } }] })] }), 'rules[0].actions[0].until.minutes: is not a number (value: "60")'],
		['an expression that needs an item', aSet({ rules: [aRule({ actions: [set('notes', '={{ $("Shop").item.json.x }}')] })] }), 'actions[0].value: is an expression that rules cannot read'],
		['an expression where none can stand', aSet({ rules: [aRule({ actions: [{ kind: 'route', warehouse: '={{ $json.warehouse }}' }] })] }), 'actions[0].warehouse: is an expression, which cannot stand here'],
		['a field that no order has', aSet({ rules: [aRule({ actions: [set('notes', '={{ $json.totl }}')] })] }), 'Perhaps you mean total'],
		['a kit that contains itself', aSet({ rules: [aRule({ actions: [{ kind: 'replaceSkus', table: { entries: [{ sku: 'A', component: 'A', quantity: 2 }] } }] })] }), 'contains itself'],
		['a path outside the order', aSet({ rules: [aRule({ actions: [set('__proto__.polluted', 'x')] })] }), '__proto__.polluted: this field does not exist or cannot be changed'],
		['custom.constructor', aSet({ rules: [aRule({ actions: [set('custom.constructor', 'x')] })] }), 'this name is reserved'],
		['two rules of one name', aSet({ rules: [aRule(), aRule()] }), 'rules[1].name: another rule has the name "R" as well'],
		['a condition without operator', aSet({ rules: [aRule({ conditions: { conditions: [{ leftValue: 1 }] } })] }), 'rules[0].conditions.conditions[0].operator: is missing'],
		['an unknown operator', aSet({ rules: [aRule({ conditions: { conditions: [{ ...condition, operator: { type: 'number', operation: 'like' } }] } })] }), 'The operator number like is not known'],
	])('%s is refused with its place', (_, given, words) => {
		expect(() => checkedRuleSet(given)).toThrow(expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(words) }) as Error);
	});

	it('names the first problems, and says how many more there are', () => {
		const rules = Array.from({ length: 9 }, (_, index) => ({ name: `R${index}` }));
		expect(() => checkedRuleSet(aSet({ rules }))).toThrow(/rules\[4\]\.actions: is missing\. … and 4 more\./);
	});
});

describe('the published schema', () => {
	const published = JSON.parse(readFileSync(path.join(__dirname, '../../docs/rule-set.schema.json'), 'utf8')) as object;
	const accepts = new Ajv2020({ strict: true }).compile(published);

	it('accepts what we accept and refuses what has another structure', () => {
		const good = checkedRuleSet(aSet({
			rules: [rule('A', [set('notes', '={{ $json.total }}'), { kind: 'stop' }], { conditions: where(['={{ $json.carrier }}', 'string equals', 'DHL']) })],
		}));
		expect([accepts(good), accepts(aSet({ rules: [aRule({ conditions: { conditions: [condition] } })] }))]).toEqual([true, true]);
		for (const bad of ['x', aSet({ format: 2 }), { format: 1, rules: [] }, aSet({ rulez: [] }), aSet({ rules: [aRule({ actions: [{ kind: 'explode' }] })] }), aSet({ rules: [{ name: 'R' }] })]) {
			expect(accepts(bad)).toBe(false);
			expect(() => checkedRuleSet(bad)).toThrow();
		}
	});

	it('takes the example of the documentation', () => {
		const page = readFileSync(path.join(__dirname, '../../docs/rules.md'), 'utf8');
		const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? '');
		expect(accepts(example)).toBe(true);
		expect(checkedRuleSet(example).rules).toHaveLength(1);
	});

	it('describes every action', () => {
		expect(Object.keys(ACTION_SHAPES).sort()).toEqual(Object.keys(ACTIONS).sort());
		const schema = JSON.stringify(ruleSetSchema());
		for (const kind of Object.keys(ACTIONS)) expect(schema).toContain(`{"kind":{"const":"${kind}"}`);
	});
});
