import { isPlainPath, plainPath, resolved, valueReader } from '../../lib/rules/paths';
import { orderScope } from '../../lib/rules/subjects/order';
import { context, line, order } from './fixtures';

describe('plain paths', () => {
	it.each<[string, Array<string | number> | null]>([
		['={{ $json.carrier }}', ['carrier']],
		['={{$json.shippingAddress.country}}', ['shippingAddress', 'country']],
		['={{ $json["shippingAddress"]["country"] }}', ['shippingAddress', 'country']],
		["={{ $json['custom']['Gift wrap'] }}", ['custom', 'Gift wrap']],
		['={{ $json.lines[0].sku }}', ['lines', 0, 'sku']],
		['={{ $json?.shippingAddress?.country }}', ['shippingAddress', 'country']],
		['={{ $json.lines?.[0]?.options["Size"] }}', ['lines', 0, 'options', 'Size']],
		['={{ $json\n\t.shippingAddress\n\t.country }}', ['shippingAddress', 'country']],
		['={{ $json.custom.größe }}', ['custom', 'größe']],
		['={{ $json }}', null],
		['={{ $json. }}', null],
		['={{ $jsonx.a }}', null],
		['={{ $json.total * 2 }}', null],
		['={{ $json.name.toLowerCase() }}', null],
		['={{ $json.a }} {{ $json.b }}', null],
		['=Order {{ $json.orderNumber }}', null],
		['={{ $json[$json.a] }}', null],
		['={{ $("Import").item.json.store }}', null],
		['{{ $json.carrier }}', null],
		['DE', null],
	])('%s', (expression, keys) => {
		expect(plainPath(expression)).toEqual(keys === null ? null : { keys, part: null });
		expect(isPlainPath(expression)).toBe(keys !== null);
	});

	it.each([
		['={{ $json.requestedShipDate.toDateTime().weekday }}', { keys: ['requestedShipDate'], part: 'weekday' }],
		['={{ $json.custom["Ship by"].toDateTime() .hour }}', { keys: ['custom', 'Ship by'], part: 'hour' }],
		['={{ $now.weekdayLong }}', { keys: [], part: 'weekdayLong' }],
		['={{ $now }}', null],
		['={{ $now.plus(1).hour }}', null],
		['={{ $json.orderedAt.toDateTime() }}', null],
		['={{ $json.orderedAt.toDateTime().weekday + 1 }}', null],
		['={{ $nowhere.hour }}', null],
	])('%s is a part of a date', (expression, parsed) => expect(plainPath(expression)).toEqual(parsed));

	const read = (expression: string, scope: 'order' | 'line' | 'fixed' = 'order', content = order()) =>
		valueReader(expression, scope).read({
			...orderScope(content, context({ facts: { store: 'acme-eu', carrier: 'hidden' }, zone: 'Europe/Berlin' })),
			line: content.lines[1] ?? null,
		});

	it.each([
		['={{ $json.shippingAddress.country }}', 'DE'],
		['={{ $json.store }}', 'acme-eu'],
		['={{ $json.lineCount }}', 2],
		['={{ $json.totalQuantity }}', 3],
		['={{ $json.totalWeight }}', 300],
		['={{ $json.lines.length }}', 2],
		['={{ $json.tags[1] }}', 'Wholesale'],
		['={{ $json.tags.length }}', 2],
		['={{ $json.lines[0].sku }}', 'TEE-L'],
		['={{ $json.lines[7].sku }}', 'TEE-L'],
		['={{ $json.lines.sku }}', 'TEE-L'],
		['={{ $json.billingAddress.country }}', undefined],
		['={{ $json.nothing.at.all }}', undefined],
		['={{ $json.__proto__ }}', undefined],
		['={{ $json.constructor.name }}', undefined],
		['={{ $json.custom.__proto__.polluted }}', undefined],
		['={{ $json.lines[0].constructor }}', undefined],
		['={{ $json.orderNumber.length }}', 4],
	])('reads %s', (expression, value) => expect(read(expression)).toEqual(value));

	it('lets no fact hide a field of the order', () => expect(read('={{ $json.carrier }}')).toBeNull());

	it('reads a field of the line by its name in line actions only', () => {
		expect(read('={{ $json.sku }}', 'line')).toBe('TEE-L');
		expect(read('={{ $json.sku }}', 'order')).toBeUndefined();
		expect(read('={{ $json.shippingAddress.city }}', 'line')).toBe('Berlin');
	});

	it('counts no lines with quantity 0, and knows no weight when a line has none', () => {
		const content = order({ lines: [line('1', 'A', { quantity: 0 }), line('2', 'B', { weight: null })] });
		expect(read('={{ $json.lineCount }}', 'order', content)).toBe(1);
		expect(read('={{ $json.lines.length }}', 'order', content)).toBe(1);
		expect(read('={{ $json.totalWeight }}', 'order', content)).toBeNull();
	});

	it('refuses an expression that nobody resolved, but not a text that an expression gave', () => {
		const expression = '={{ $json.total * 2 }}';
		expect(() => valueReader(expression, 'order')).toThrow(/cannot be read by the rules/);
		expect(read(resolved(expression) as never)).toBe(expression);
		expect(resolved('DE')).toBe('DE');
	});
});
