/**
 * What the suites of every cart and of every WMS need of one: `test/carts/<code>Harness.ts` and `test/wms/<code>Harness.ts`, found by the code in the
 * registry, so that a new partner is tested by being registered.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * @param name of what the harness exports. @example harnessOf<CartHarness>('carts', 'magento', 'magentoHarness')
 * @returns null when there is none
 */
export function harnessOf<T>(kind: 'carts' | 'wms', code: string, name = `${code}Harness`): T | null {
	const file = path.join(__dirname, kind, `${code}Harness.ts`);
	return existsSync(file) ? ((require(file) as Record<string, T>)[name] ?? null) : null;
}

/** A partner without a harness is not tested, which is a failure. */
export const needsHarness = (kind: 'carts' | 'wms', code: string): void => {
	it(`${code} is held to the contract`, () => {
		throw new Error(`Write test/${kind}/${code}Harness.ts, which exports ${code}Harness.`);
	});
};
