import { CARTS } from '../../nodes/partners';
import { cartProperty } from '../../nodes/partners/lists';
import { harnessOf, needsHarness } from '../harnesses';
import { medusaUrl } from '../real/medusaShop';
import { vendureUrl } from '../real/vendureShop';
import { cartContract, type CartHarness } from './contract';

it('lists every cart for the editor', () =>
	expect(cartProperty.options?.map((option) => 'value' in option && option.value).sort()).toEqual(Object.keys(CARTS).sort()));

const MISSING = new Set([...(medusaUrl() === null ? ['medusa'] : []), ...(vendureUrl() === null ? ['vendure'] : [])]);

for (const [code, { cart }] of Object.entries(CARTS)) {
	if (MISSING.has(code)) continue;
	const harness = harnessOf<CartHarness>('carts', code);
	if (harness === null) needsHarness('carts', code);
	else cartContract(code, cart, harness);
}
