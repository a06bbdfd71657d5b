/** Which store is meant: from version 2 of the node on it is chosen from a list, before its name is typed. */
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { openOrderStore, toNodeError } from '../../shared/context';
import { storeNameFrom } from '../../shared/importOptions';

const description = 'The name of the sales channel, as in its order import trigger';

const only = (version: number, property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { ...property.displayOptions, show: { ...property.displayOptions?.show, '@version': [version] } },
});

/** A parameter that version 2 has no more, since the import trigger of the store says it. */
export const beforeVersion2 = (property: INodeProperties): INodeProperties => only(1, property);

export const storeProperties: INodeProperties[] = [
	only(1, { displayName: 'Store', name: 'store', type: 'string', default: '', required: true, placeholder: 'acme-us', description }),
	only(2, {
		displayName: 'Store',
		name: 'store',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod: 'searchStores', searchable: true } },
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'acme-us' },
		],
	}),
];

/** The operations that ask a cart. */
export const ASKING_CART: readonly string[] = ['importFromCart', 'reconcile', 'statement'];

/** The name of the store. Throws when it is missing or too long. */
export function storeAt(context: IExecuteFunctions, itemIndex: number): string {
	const given: unknown = context.getNodeParameter('store', itemIndex);
	return storeNameFrom(context, typeof given === 'object' && given !== null && 'value' in given ? given.value : given, itemIndex);
}

/** The stores that are imported; of the chosen cart, where the operation asks one. */
export async function searchStores(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	try {
		const asked = ASKING_CART.includes(String(this.getCurrentNodeParameter('operation')))
			? this.getCurrentNodeParameter('cart')
			: undefined;
		const imported = (await (await openOrderStore(this)).connections({})).filter(
			({ role, partner }) => role === 'import' && (asked === undefined || partner === asked),
		);
		const wanted = imported.filter(({ store }) => store.toLowerCase().includes((filter ?? '').toLowerCase()));
		return { results: wanted.map(({ store, account }) => ({ name: `${store} (${account})`, value: store })) };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}
