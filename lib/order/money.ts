/** Sums of amounts, without a float. */
import type { Money } from './order';

const AMOUNT = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/;

/** In ten-thousandths of the currency's unit; null = no amount. */
export function unitsOf(amount: Money | null): bigint | null {
	const [, sign, whole, fraction = ''] = AMOUNT.exec(amount ?? '') ?? [];
	if (whole === undefined) return null;
	const units = BigInt(whole + fraction.padEnd(4, '0'));
	return sign === '-' ? -units : units;
}

/** @example amountOf(199_000n) // "19.90" */
export function amountOf(units: bigint): Money {
	const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
	return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4).replace(/(?<=^\d\d)0+$/, '')}`;
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
