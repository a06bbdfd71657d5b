import { amountOf, sumOf, unitsOf } from '../../lib/order/money';

describe('sums of amounts', () => {
	it.each([
		[['19.90', '0.1'], '20.00'],
		[['0.00000001', '1'], '1.00000001'],
		[['16.66666667', '16.66666667', '16.66666666'], '50.00'],
		[['-5', '2.5'], '-2.50'],
		[[], '0.00'],
		[['19.905'], '19.905'],
		[['16.666666666667', '16.666666666667'], '33.33333332'],
	])('%j gives %s', (amounts, sum) => {
		expect(sumOf(amounts)).toBe(sum);
	});

	it('leave nothing out: one that is no amount leaves no sum', () => {
		for (const none of [null, '', '1e5', '1,5', '1.', '.5']) expect(sumOf(['1', none])).toBeNull();
	});

	it('come back as they were', () => {
		for (const amount of ['0.00', '19.90', '-0.05', '123456789012345.12345678']) expect(amountOf(unitsOf(amount)!)).toBe(amount);
	});
});
