/** What a cart says and what it does to an order: the tables of `lib/order/cartWord.ts` and `lib/order/goods.ts`, written down. */
import { CART_EFFECTS, EFFECTS, NEWS, NEWS_NAMES, OUR_SIDES, READINESS, READINESS_NAMES } from '../../lib/order/cartWord';
import { LINE_KIND_NAMES, LINE_KINDS } from '../../lib/order/goods';
import { keysOf } from '../../lib/order/keys';
import { table } from './markdown';

export const readinessTable = (): string =>
	table(['the cart’s word', 'value', 'means'], READINESS_NAMES.map((name) => [`**${READINESS[name].label}**`, `\`${name}\``, READINESS[name].meaning]));

export const cartEffectTable = (): string =>
	`${table(['our order', ...NEWS_NAMES.map((news) => NEWS[news])], OUR_SIDES.map((side) => [CART_EFFECTS[side].label, ...NEWS_NAMES.map((news) => CART_EFFECTS[side].by[news])]))}\n\n` +
	keysOf(EFFECTS).map((effect) => `- **${effect}**: ${EFFECTS[effect]}`).join('\n');

export const lineKindTable = (): string =>
	table(['kind of line', 'sent', 'means'], LINE_KIND_NAMES.map((kind) => [`\`${kind}\``, LINE_KINDS[kind].ships ? 'yes' : 'no', LINE_KINDS[kind].meaning]));
