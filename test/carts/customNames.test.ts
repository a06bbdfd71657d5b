import { customName, named } from '../../lib/carts/common/customNames';
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { checkedValue } from '../../lib/order/layers';
import { plainPath } from '../../lib/rules/paths';

it.each([
	['Size', 'Size'],
	['gift message', 'gift message'],
	[' -x', 'x'],
	['a?b', 'a_b'],
	['?', '_'],
	['_secret', '_secret'],
	['a.b[0]', 'a_b_0_'],
	['x'.repeat(70), 'x'.repeat(64)],
])('keeps the name that %j has had', (name, expected) => expect(customName(name)).toBe(expected));

it.each([
	['色', '色'],
	['サイズ', 'サイズ'],
	['Größe (EU)', 'Größe _EU_'],
	['اللون', 'اللون'],
	['रंग', 'रंग'],
	['Цвет', 'Цвет'],
	['สี', 'สี'],
	['ｻｲｽﾞ', 'サイズ'],
	['色１', '色1'],
	['🎁 Gift', '_ Gift'],
])('%j is %j', (name, expected) => expect(customName(name)).toBe(expected));

it.each(['__proto__', 'constructor', 'prototype', '', '★', '́'])('%j is harmless', (name) => {
	expect(customName(name)).toMatch(/^field_[0-9a-f]{8}$/);
	expect(Object.getPrototypeOf(named([[name, 'x']]))).toBe(Object.prototype);
	expect(Object.keys(named([[name, 'x']]))).toHaveLength(1);
});

it('keeps the values of names that fall together, whichever comes first', () => {
	const both = named([
		['Size!', 'M'],
		['Size?', 'L'],
	]);
	expect(both).toEqual(
		named([
			['Size?', 'L'],
			['Size!', 'M'],
		]),
	);
	expect(both).toEqual({ Size_: 'M', [Object.keys(both)[1]!]: 'L' });
	expect(
		named([
			['a?', 1],
			['a_', 2],
		]),
	).toMatchObject({ a_: 2 });
	expect(
		Object.values(
			named([
				['★', 1],
				['☆', 2],
			]),
		),
	).toEqual([1, 2]);
	expect(
		named([
			['Extra', 'Cheese'],
			['Extra', 'Ham'],
			['Extra_2', 'x'],
			['Extra', 'Ham'],
		]),
	).toEqual({ Extra: 'Cheese', Extra_3: 'Ham', Extra_2: 'x' });
	const long = named([
		[`${'x'.repeat(64)}1`, 1],
		[`${'x'.repeat(64)}2`, 2],
	]);
	expect(Object.values(long)).toEqual([1, 2]);
	for (const name of Object.keys(long)) expect(name.length).toBeLessThanOrEqual(64);
});

it.each(['色', 'Größe _EU_', 'रंग', 'サイズ', 'สี', 'Size__0f3c', '𠮷'.repeat(64)])('rules read and set %s', (name) => {
	expect(customName(name)).toBe(name);
	expect(plainPath(`={{ $json.custom["${name}"] }}`)).toEqual({ keys: ['custom', name], part: null });
	expect(checkedValue(`custom.${name}`, 'x')).toBe('x');
});

it('reads a name of letters behind a point', () =>
	expect(plainPath('={{ $json.lines[0].options.色 }}')).toEqual({ keys: ['lines', 0, 'options', '色'], part: null }));

it('keeps the options of BigCommerce apart', () => {
	const product = {
		id: 1,
		type: 'physical',
		name: 'Tee',
		quantity: 1,
		product_options: [
			{ display_name: '色', display_value: '赤' },
			{ display_name: 'サイズ', display_value: 'L' },
		],
	};
	expect(
		bigCommerceCart.toOrder({ order: { id: 1, status_id: 11 }, products: [product], address: null, coupons: [], part: 0, weightUnit: null })
			.content.lines[0]!.options,
	).toEqual({ 色: '赤', サイズ: 'L' });
});
