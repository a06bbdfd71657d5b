/** Sums of amounts, without a float. */
import type { Money } from './order';

/** Places after the point that count: carts compute with more than a currency has. */
const SCALE = 8;
const AMOUNT = /^(-?)(\d{1,15})(?:\.(\d+))?$/;

/** In hundred-millionths of the currency's unit; null = no amount. */
export function unitsOf(amount: Money | null): bigint | null {
	const [, sign, whole, fraction = ''] = AMOUNT.exec(amount ?? '') ?? [];
	if (whole === undefined) return null;
	const units = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
	return sign === '-' ? -units : units;
}

/** @example amountOf(1_990_000_000n) // "19.90" */
export function amountOf(units: bigint): Money {
	const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
	const fraction = digits.slice(-SCALE).replace(/0+$/, '').padEnd(2, '0');
	return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${fraction}`;
}

/** Null when one of them is no amount: a sum that leaves something out is wrong. */
export function sumOf(amounts: ReadonlyArray<Money | null>): Money | null {
	let sum = 0n;
	for (const amount of amounts) {
		const units = unitsOf(amount);
		if (units === null) return null;
		sum += units;
	}
	return amountOf(sum);
}
