/** Weights in grams, from what carts call their units. */

const UNITS: ReadonlyArray<readonly [factor: number, ...names: string[]]> = [
	[1, 'g', 'gram', 'grams'],
	[1_000, 'kg', 'kgs', 'kilogram', 'kilograms'],
	[1_000_000, 't', 'ton', 'tonne', 'tonnes'],
	[28.349523125, 'oz', 'ounce', 'ounces'],
	[453.59237, 'lb', 'lbs', 'pound', 'pounds'],
];

/** A thousand tons. */
const HEAVIEST = 1e9;

const FACTORS = new Map(UNITS.flatMap(([factor, ...names]) => names.map((name) => [name, factor] as const)));

/** Grams, to two decimals; null = the weight or its unit is not known. @param unit any letter case: "LBS" */
export function gramsOf(weight: number | null, unit: string | null): number | null {
	const factor = FACTORS.get(unit?.trim().toLowerCase() ?? '');
	return weight === null || factor === undefined || !(weight >= 0 && weight * factor <= HEAVIEST)
		? null
		: Math.round(weight * factor * 100) / 100;
}
