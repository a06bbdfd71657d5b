/** Shopify names things "gid://shopify/Order/123"; people and exports know the number. */
export const gid = (type: 'Order' | 'LineItem' | 'Location', id: string): string =>
	id.startsWith('gid://') ? id : `gid://shopify/${type}/${id}`;

/** "gid://shopify/Order/123" → "123". */
export const numberOf = (id: string): string => id.replace(/^gid:\/\/shopify\/\w+\//, '').replace(/\?.*$/, '');
