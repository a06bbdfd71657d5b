/** Rule sets as JSON: what is checked is what the published schema says. */
import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonValue } from '../../lib/order/order';
import { ACTIONS } from '../../lib/rules/actions/registry';
import { checkedRuleSet, contentOf, kindOf, ruleSetOfKind, ruleSetSchema } from '../../lib/rules/ruleSet/ruleSet';
import { SHIPMENT_ACTIONS } from '../../lib/rules/shipmentActions/registry';
import { rule, set, where } from './fixtures';

const aSet = (more: object = {}) => ({ format: 1, name: 'EU', rules: [], ...more });
const aShipmentSet = (...actions: JsonValue[]) => ({ format: 1, kind: 'shipment', name: 'S', rules: [{ name: 'R', actions }] });
const aRule = (more: object = {}) => ({ name: 'R', actions: [], ...more });
const condition = { leftValue: '={{ $json.total }}', operator: { type: 'number', operation: 'gt' }, rightValue: 100 };

describe('checkedRuleSet', () => {
	it('fills in what may be left out', () => {
		expect(
			checkedRuleSet({
				$schema: 'x',
				format: 1,
				name: ' EU ',
				rules: [{ name: 'R', actions: [{ kind: 'stop' }], conditions: { conditions: [condition] } }],
			}),
		).toEqual({
			kind: 'order',
			format: 1,
			name: 'EU',
			description: null,
			undecided: 'accept',
			rules: [
				{
					name: 'R',
					enabled: true,
					lineQuantifier: 'any',
					stop: false,
					actions: [{ kind: 'stop' }],
					conditions: {
						options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
						combinator: 'and',
						conditions: [{ id: '', ...condition }],
					},
				},
			],
		});
	});

	it('takes back what it gave', () => {
		const full = checkedRuleSet(
			aSet({
				rules: [rule('A', set('notes', '={{ $json.total }}'), { conditions: where(['={{ $json.carrier }}', 'string equals', 'DHL']) })],
			}),
		);
		expect(checkedRuleSet(JSON.parse(JSON.stringify(full)))).toEqual(full);
	});

	it.each<[string, unknown, string]>([
		['no object', 'x', 'The rule set: is not an object'],
		['another format', aSet({ format: 2 }), 'format: is not one of 1 (value: 2)'],
		['no name', { format: 1, rules: [] }, 'name: is missing'],
		['an empty name', aSet({ name: ' ' }), 'name: is empty'],
		['a field that is not known', aSet({ rulez: [] }), 'rulez: is not known here. Known are: $schema, format'],
		[
			'an unknown action',
			aSet({ rules: [aRule({ actions: [{ kind: 'explode' }] })] }),
			'rules[0].actions[0].kind: is not one of skip, removeLines',
		],
		['__proto__ as an action', aSet({ rules: [aRule({ actions: [{ kind: '__proto__' }] })] }), 'rules[0].actions[0].kind: is not one of'],
		[
			'a wrong type',
			aSet({ rules: [aRule({ actions: [{ kind: 'hold', until: { kind: 'duration', minutes: '60' } }] })] }),
			'rules[0].actions[0].until.minutes: is not a number (value: "60")',
		],
		[
			'an expression that needs an item',
			aSet({ rules: [aRule({ actions: [set('notes', '={{ $("Shop").item.json.x }}')] })] }),
			'actions[0].value: is an expression that rules cannot read',
		],
		[
			'an expression where none can stand',
			aSet({ rules: [aRule({ actions: [{ kind: 'route', warehouse: '={{ $json.warehouse }}' }] })] }),
			'actions[0].warehouse: is an expression, which cannot stand here',
		],
		['a field that no order has', aSet({ rules: [aRule({ actions: [set('notes', '={{ $json.totl }}')] })] }), 'Perhaps you mean total'],
		[
			'a kit that contains itself',
			aSet({ rules: [aRule({ actions: [{ kind: 'replaceSkus', table: { entries: [{ sku: 'A', component: 'A', quantity: 2 }] } }] })] }),
			'contains itself',
		],
		[
			'a path outside the order',
			aSet({ rules: [aRule({ actions: [set('__proto__.polluted', 'x')] })] }),
			'__proto__.polluted: this field does not exist or cannot be changed',
		],
		['custom.constructor', aSet({ rules: [aRule({ actions: [set('custom.constructor', 'x')] })] }), 'this name is reserved'],
		['two rules of one name', aSet({ rules: [aRule(), aRule()] }), 'rules[1].name: another rule has the name "R" as well'],
		[
			'a condition without operator',
			aSet({ rules: [aRule({ conditions: { conditions: [{ leftValue: 1 }] } })] }),
			'rules[0].conditions.conditions[0].operator: is missing',
		],
		['a kind that there is not', aSet({ kind: 'parcel' }), 'kind: is not one of order, shipment (value: "parcel")'],
		['no kind at all', aSet({ kind: null }), 'kind: is not one of order, shipment (value: null)'],
		[
			'an action of shipments',
			aSet({ rules: [aRule({ actions: [{ kind: 'mapCarrier', map: { entries: [] } }] })] }),
			'rules[0].actions[0].kind: is an action of shipment rules ("kind": "shipment"); use one of skip, removeLines',
		],
		[
			'a field that only a shipment has',
			aSet({ rules: [aRule({ actions: [set('notes', '={{ $json.trackingNumber }}')] })] }),
			'an order has no field "trackingNumber" that rules can read',
		],
		[
			'an unknown operator',
			aSet({ rules: [aRule({ conditions: { conditions: [{ ...condition, operator: { type: 'number', operation: 'like' } }] } })] }),
			'The operator number like is not known',
		],
	])('%s is refused with its place', (_, given, words) => {
		expect(() => checkedRuleSet(given)).toThrow(
			expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(words) }) as Error,
		);
	});

	it('names the first problems, and says how many more there are', () => {
		const rules = Array.from({ length: 9 }, (_, index) => ({ name: `R${index}` }));
		expect(() => checkedRuleSet(aSet({ rules }))).toThrow(/rules\[4\]\.actions: is missing\. … and 4 more\./);
	});
});

describe('a set of shipment rules', () => {
	const carriers = { kind: 'mapCarrier', map: { entries: [{ carrier: 'DHL', cartCarrier: 'DHL Express' }] } };

	it('has shipment actions, with what may be left out', () => {
		const checked = checkedRuleSet(aShipmentSet(carriers, { kind: 'holdBack' }));
		expect(checked).toEqual({
			kind: 'shipment',
			format: 1,
			name: 'S',
			description: null,
			rules: [
				{
					name: 'R',
					enabled: true,
					conditions: null,
					lineQuantifier: 'any',
					stop: false,
					actions: [
						{
							kind: 'mapCarrier',
							map: {
								caseSensitive: false,
								unmapped: 'leave',
								entries: [{ carrier: 'DHL', cartCarrier: 'DHL Express', serviceLevel: null, trackingUrl: null }],
							},
						},
						{ kind: 'holdBack', reason: null },
					],
				},
			],
		});
		expect(checkedRuleSet(JSON.parse(JSON.stringify(contentOf(checked))))).toEqual(checked);
	});

	it('may ask for whatever rules of Cart Update may', () => {
		const fields = [
			'carrier',
			'shipment.carrier',
			'shipments[0].trackingNumber',
			'orderCarrier',
			'order.customer.email',
			'lines[0].sku',
			'notifyCustomer',
			'store',
		];
		const conditions = where(...fields.map((field): [string, string, unknown] => [`={{ $json.${field} }}`, 'any exists', '']));
		expect(() => checkedRuleSet({ ...aShipmentSet(), rules: [{ name: 'R', conditions, actions: [] }] })).not.toThrow();
	});

	it.each<[string, object, string]>([
		[
			'an action of orders',
			aShipmentSet({ kind: 'route', warehouse: 'BER' }),
			'rules[0].actions[0].kind: is an action of order rules ("kind": "order"); use one of mapCarrier, setField, ',
		],
		['an action that nobody knows', aShipmentSet({ kind: '__proto__' }), 'rules[0].actions[0].kind: is not one of mapCarrier'],
		[
			'what happens to orders that no rule accepts',
			{ ...aShipmentSet(), undecided: 'skip' },
			'undecided: is not known here. Known are: $schema, format, name, description, rules.',
		],
		[
			'a field that a shipment lacks',
			aShipmentSet({ kind: 'setField', path: 'warehouse', value: 'x' }),
			'rules[0].actions[0].path: is not one of "carrier", "serviceLevel", "trackingNumber", "trackingUrl" (value: "warehouse")',
		],
		[
			'a condition on a field that a shipment lacks',
			{ ...aShipmentSet(), rules: [aRule({ conditions: where(['={{ $json.shipment.weight }}', 'number gt', 1]) })] },
			'The rule reads "shipment.weight", but shipment has no field "weight" that rules can read. Choose one of: carrier, externalId, id, lines',
		],
		[
			'a condition on a field that neither has',
			{ ...aShipmentSet(), rules: [aRule({ conditions: where(['={{ $json.trackingNumbr }}', 'string equals', 'x']) })] },
			'but a shipment with its order has no field "trackingNumbr" that rules can read. Perhaps you mean trackingNumber.',
		],
		[
			'a carrier without the cart’s word for it',
			aShipmentSet({ kind: 'mapCarrier', map: { entries: [{ carrier: 'DHL', cartCarrier: ' ' }] } }),
			'map.entries[0].cartCarrier: is empty',
		],
		['text for yes or no', aShipmentSet({ kind: 'notifyCustomer', notify: 'no' }), 'notify: is neither true nor false'],
		[
			'an expression that needs an item',
			aShipmentSet({ kind: 'setField', path: 'carrier', value: '={{ $json.carrier.toUpperCase() }}' }),
			'actions[0].value: is an expression that rules cannot read',
		],
		['two rules of one name', { ...aShipmentSet(), rules: [aRule(), aRule()] }, 'rules[1].name: another rule has the name "R" as well'],
	])('with %s is refused with its place', (_, given, words) => {
		expect(() => checkedRuleSet(given)).toThrow(
			expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(words) }) as Error,
		);
	});

	it('and one of orders are told apart; a set without a kind is one of orders, and stays written without it', () => {
		expect([kindOf(aSet()), kindOf(aSet({ kind: 'order' })), kindOf(aShipmentSet()), kindOf(null), kindOf([])]).toEqual([
			'order',
			'order',
			'shipment',
			'order',
			'order',
		]);
		expect(contentOf(checkedRuleSet(aSet({ kind: 'order' })))).not.toHaveProperty('kind');
		expect(contentOf(checkedRuleSet(aShipmentSet()))).toMatchObject({ kind: 'shipment' });
		expect(ruleSetOfKind(aSet(), 'EU', 'order').undecided).toBe('accept');
		expect(() => ruleSetOfKind(aSet(), 'EU', 'shipment')).toThrow(
			expect.objectContaining({
				message: 'The rule set "EU" holds order rules, but Cart Update needs shipment rules.',
				remedy: expect.stringContaining('this one is for Order Rules'),
			}) as Error,
		);
		expect(() => ruleSetOfKind(aShipmentSet(), 'S', 'order')).toThrow(
			expect.objectContaining({
				message: 'The rule set "S" holds shipment rules, but Order Rules needs order rules.',
				remedy: expect.stringContaining('this one is for Cart Update'),
			}) as Error,
		);
	});
});

describe('the published schema', () => {
	const published = JSON.parse(readFileSync(path.join(__dirname, '../../docs/rule-set.schema.json'), 'utf8')) as object;
	const accepts = new Ajv2020({ strict: true }).compile(published);

	it('accepts what we accept and refuses what has another structure', () => {
		const good = checkedRuleSet(
			aSet({
				rules: [
					rule('A', [set('notes', '={{ $json.total }}'), { kind: 'stop' }], {
						conditions: where(['={{ $json.carrier }}', 'string equals', 'DHL']),
					}),
				],
			}),
		);
		expect([accepts(good), accepts(aSet({ rules: [aRule({ conditions: { conditions: [condition] } })] }))]).toEqual([true, true]);
		expect(
			[aSet({ kind: 'order' }), aShipmentSet({ kind: 'holdBack' }), checkedRuleSet(aShipmentSet({ kind: 'stop' }))].map((each) =>
				accepts(each),
			),
		).toEqual([true, true, true]);
		const wrongKind = [
			aSet({ kind: 'parcel' }),
			aShipmentSet({ kind: 'route', warehouse: 'BER' }),
			{ ...aShipmentSet(), undecided: 'skip' },
			aSet({ rules: [aRule({ actions: [{ kind: 'holdBack' }] })] }),
		];
		for (const bad of [
			...wrongKind,
			'x',
			aSet({ format: 2 }),
			{ format: 1, rules: [] },
			aSet({ rulez: [] }),
			aSet({ rules: [aRule({ actions: [{ kind: 'explode' }] })] }),
			aSet({ rules: [{ name: 'R' }] }),
		]) {
			expect(accepts(bad)).toBe(false);
			expect(() => checkedRuleSet(bad)).toThrow();
		}
	});

	it('takes the examples of the documentation, one of each kind', () => {
		const page = readFileSync(path.join(__dirname, '../../docs/rules.md'), 'utf8');
		const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, json]): unknown => JSON.parse(json!));
		expect(examples.map((example) => accepts(example))).toEqual([true, true]);
		const sets = examples.map(checkedRuleSet);
		expect(sets.map(({ kind, rules }) => [kind, rules.length])).toEqual([
			['order', 1],
			['shipment', 2],
		]);
	});

	it('describes every action', () => {
		const schema = JSON.stringify(ruleSetSchema());
		for (const kind of Object.keys({ ...ACTIONS, ...SHIPMENT_ACTIONS })) expect(schema).toContain(`{"kind":{"const":"${kind}"}`);
	});
});
