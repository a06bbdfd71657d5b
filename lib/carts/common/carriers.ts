/** What a cart calls a carrier. */

/** From the warehouse's name of a carrier to the cart's; case and spaces around it do not count. */
export type CarrierNames = Readonly<Record<string, string>>;

/** The cart's name from the table; null = the table does not have it. */
export function carrierFor(names: CarrierNames | undefined, carrier: string | null): string | null {
	if (carrier === null) return null;
	const wanted = plain(carrier);
	return Object.entries(names ?? {}).find(([from]) => plain(from) === wanted)?.[1] ?? null;
}

const plain = (name: string): string => name.trim().toLowerCase();
