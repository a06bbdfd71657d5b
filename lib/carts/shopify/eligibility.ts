/** What the settings of a trigger say of an order: whether it is taken as a new one, and whether one that the store has waits. */
import { canceled, waiting, type CartWord } from '../../order/cartWord';
import type { ImportedOrder } from '../../order/order';
import type { ImportFilter } from '../Cart';
import { isPartlyShipped, shippingOf } from './quantities';
import type { RawShopifyOrder } from './raw';
import { DEFAULT_STATUSES, type ShopifySettings } from './settings';
import { inPlainWords, saidOfPayment } from './states';
import { toOrder } from './toOrder';

/** Throws MappingError. */
export function judgedBy(raw: RawShopifyOrder, settings: ShopifySettings, filter: ImportFilter): ImportedOrder {
	const order = toOrder(raw);
	if (raw.cancelledAt !== null) return order;
	const why = reasonAgainst(raw, settings, filter);
	return { ...order, word: wordFor(raw, settings, filter), ...(why === null ? {} : { notEligible: why }) };
}

const statusesOf = ({ statuses }: ImportFilter): readonly string[] => (statuses.length > 0 ? statuses : DEFAULT_STATUSES);

const isPaid = ({ displayFinancialStatus }: RawShopifyOrder, filter: ImportFilter): boolean =>
	statusesOf(filter).includes((displayFinancialStatus ?? '').toLowerCase());

const paymentOf = ({ displayFinancialStatus }: RawShopifyOrder): string => `payment ${inPlainWords(displayFinancialStatus ?? 'unknown')}`;

const tagAgainst = ({ tags }: RawShopifyOrder, { withoutTags = [] }: ShopifySettings): string | undefined =>
	withoutTags.find((tag) => tags.includes(tag));

/** Why it is not taken as a new order; null = it is. */
function reasonAgainst(raw: RawShopifyOrder, settings: ShopifySettings, filter: ImportFilter): string | null {
	const tag = tagAgainst(raw, settings);
	if (raw.test && settings.testOrders !== true) return 'test order';
	if (tag !== undefined) return `tag ${tag}`;
	if (!isPaid(raw, filter)) return paymentOf(raw);
	return settings.partiallyFulfilled !== true && isPartlyShipped(raw) ? 'partly fulfilled already' : null;
}

/** A payment status that the trigger takes is one that ships, whatever it usually means. */
function wordFor(raw: RawShopifyOrder, settings: ShopifySettings, filter: ImportFilter): CartWord {
	if (!isPaid(raw, filter))
		return saidOfPayment(raw.displayFinancialStatus ?? '') === 'canceled' ? canceled(paymentOf(raw)) : waiting(paymentOf(raw));
	const tag = tagAgainst(raw, settings);
	return tag === undefined ? shippingOf(raw).word : waiting(`tag ${tag}`);
}
