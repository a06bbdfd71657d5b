/**
 * Which goods of a shipment one fulfillment may hold. Medusa refuses one of goods that need shipping and goods that do not, and one with goods of
 * another shipping profile than its shipping option has, which by default is that of the order's first shipping method.
 */
import type { MedusaApi } from './api';
import type { FulfillmentItem, OrderFulfillments } from './raw';

export type Lines = ReadonlyArray<{ externalId: string; quantity: number }>;

export interface Group {
	lines: Lines;
	/** Shipping profile that the option must have; null = any option will do, '' = none does. */
	profile: string | null;
}

/** Articles that are no product of the shop's go along with others that are shipped. */
export function groupsOf({ items }: OrderFulfillments, lines: Lines): Group[] {
	const kinds = lines.map((line) => ({ line, kind: kindOf(items.find(({ id }) => id === line.externalId)) }));
	const along = kinds.find(({ kind }) => !anyOption(kind))?.kind ?? LOOSE;
	const groups = new Map<string, Lines>();
	for (const { line, kind } of kinds) {
		const key = kind === LOOSE ? along : kind;
		groups.set(key, [...(groups.get(key) ?? []), line]);
	}
	return [...groups].map(([kind, held]) => ({ lines: held, profile: anyOption(kind) ? null : kind }));
}

/** No profile has such a key. */
const UNSHIPPED = 'needs no shipping';
const LOOSE = 'no product';
const anyOption = (kind: string): boolean => kind === UNSHIPPED || kind === LOOSE;

function kindOf(item: FulfillmentItem | undefined): string {
	if (item?.requires_shipping === false) return UNSHIPPED;
	const product = item?.variant?.product;
	return product === null || product === undefined ? LOOSE : (product.shipping_profile?.id ?? '');
}

/**
 * The shipping option to name for each group; null = none, so that Medusa takes that of the order's first shipping method. Asks only where there
 * is a choice. Groups that no option of the order is for come last, since Medusa refuses them.
 */
export async function withOptions(
	api: MedusaApi,
	{ shipping_methods: methods }: OrderFulfillments,
	groups: readonly Group[],
): Promise<Array<Group & { option: string | null }>> {
	// Those of exchanges and returns come later than what the customer chose; Medusa gives them in any order.
	const oldestFirst = [...(methods ?? [])].sort((left, right) => (left.created_at ?? '').localeCompare(right.created_at ?? ''));
	const options = [...new Set(oldestFirst.flatMap(({ shipping_option_id: option }) => option ?? []))];
	const isChoice = groups.length > 1 || (options.length > 1 && groups.some(({ profile }) => profile !== null));
	if (!isChoice || options.length === 0) return groups.map((group) => ({ ...group, option: null }));
	const profiles = await api.profilesOf(options);
	const chosen = groups.map((group) => ({
		...group,
		option: options.find((option) => group.profile !== null && profiles.get(option) === group.profile) ?? null,
	}));
	const isRefused = ({ profile, option }: (typeof chosen)[number]): boolean => profile !== null && option === null;
	return [...chosen.filter((group) => !isRefused(group)), ...chosen.filter(isRefused)];
}
