/** What an account is called in the order store, where the name of the store is a part of it. */
const FILE = 'file:';

/**
 * The source of a store under another name. Shopify has one position for each account and location, whatever its stores are called.
 *
 * @example renamedSource('magento:shop.example.com:acme', 'acme', 'acme-eu') // "magento:shop.example.com:acme-eu"
 */
export function renamedSource(source: string, from: string, to: string): string {
	if (source === `${FILE}${from}`) return `${FILE}${to}`;
	// An inbox of its own: file:["acme","orders/eu"].
	if (source.startsWith(`${FILE}${JSON.stringify([from]).slice(0, -1)},`))
		return `${FILE}${JSON.stringify([to])}`.slice(0, -1) + source.slice(FILE.length + JSON.stringify([from]).length - 1);
	if (source.startsWith('shopify:') || source.startsWith(FILE) || !source.endsWith(`:${from}`)) return source;
	return `${source.slice(0, -from.length)}${to}`;
}
