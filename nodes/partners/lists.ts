/** What the nodes that work with any partner list: credentials, tests, options, choices. All of it comes from the partners. */
import type { INodeCredentialDescription, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { orderStoreConnectionTest } from '../shared/credentialTests';
import { exchangeProperty } from '../shared/exchange';
import { CARTS, WMS } from '.';
import type { CartPartner, ConnectionTest, SignIn, WmsPartner } from './Partner';

export const cartPartners: ReadonlyArray<[code: string, partner: CartPartner]> = Object.entries(CARTS);
export const wmsPartners: ReadonlyArray<[code: string, partner: WmsPartner]> = Object.entries(WMS);

type Show = Record<string, string[]>;

const byLabel = (list: ReadonlyArray<{ code: string; label: string }>) =>
	[...list].sort((left, right) => left.label.localeCompare(right.label));
const cartLabels = byLabel(cartPartners.map(([code, { cart }]) => ({ code, label: cart.label })));
const wmsLabels = byLabel(wmsPartners.map(([code, { wms }]) => ({ code, label: wms.label })));
const choices = (labels: typeof cartLabels): INodePropertyOptions[] => labels.map(({ code, label }) => ({ name: label, value: code }));

export const cartProperty: INodeProperties = {
	displayName: 'Cart',
	name: 'cart',
	type: 'options',
	noDataExpression: true,
	options: choices(cartLabels),
	default: 'file',
};

export const wmsProperty: INodeProperties = {
	displayName: 'WMS',
	name: 'wms',
	type: 'options',
	noDataExpression: true,
	options: choices(wmsLabels),
	default: 'file',
	description: 'The warehouse management system',
};

/** For subtitles: the name of the chosen warehouse system instead of its code. */
export const wmsLabel = `(${JSON.stringify(Object.fromEntries(wmsLabels.map(({ code, label }) => [code, label])))})[$parameter["wms"]]`;

const exchanging = (partners: ReadonlyArray<[string, { exchangesFiles?: boolean }]>): string[] =>
	partners.filter(([, { exchangesFiles }]) => exchangesFiles === true).map(([code]) => code);

/** The WMSs that exchange files. */
export const exchangingWms = exchanging(wmsPartners);

/** For nodes in which only some partners exchange files. */
export const exchangeFor = (parameter: 'cart' | 'wms'): INodeProperties => ({
	...exchangeProperty,
	displayOptions: { show: { [parameter]: parameter === 'wms' ? exchangingWms : exchanging(cartPartners) } },
});

/** The credential of a partner as a node lists it. */
const listed = ({ name, displayName, testedBy, show }: SignIn, beside: Show = {}): INodeCredentialDescription => {
	const shown = { ...beside, ...show };
	return {
		name,
		displayName,
		required: true,
		...(testedBy === undefined ? {} : { testedBy: testedBy.name }),
		...(Object.keys(shown).length === 0 ? {} : { displayOptions: { show: shown } }),
	};
};

/** Every node has it; without it, orders are in a file. */
const orderStoreCredential: INodeCredentialDescription = {
	name: 'orderStoreApi',
	displayName: 'Order Store (Optional)',
	required: false,
	testedBy: 'orderStoreConnectionTest',
};

/** For a node of this partner alone. */
export const credentialsOf = ({ signIns }: { signIns: readonly SignIn[] }): INodeCredentialDescription[] => [
	...signIns.map((signIn) => listed(signIn)),
	orderStoreCredential,
];

/** Partners with one credential type share its entry, and its parameter lists them all. */
function credentialsFor(
	parameter: string,
	partners: ReadonlyArray<[string, { signIns: readonly SignIn[] }]>,
	beside: Show,
): INodeCredentialDescription[] {
	const entries = new Map<string, { signIn: SignIn; codes: string[] }>();
	for (const [code, { signIns }] of partners) {
		for (const signIn of signIns) entries.set(signIn.name, { signIn, codes: [...(entries.get(signIn.name)?.codes ?? []), code] });
	}
	return [...[...entries.values()].map(({ signIn, codes }) => listed(signIn, { ...beside, [parameter]: codes })), orderStoreCredential];
}

/** @param beside when the node asks a cart at all. @example cartCredentials({ operation: ['reconcile'] }) */
export const cartCredentials = (beside: Show = {}): INodeCredentialDescription[] => credentialsFor('/cart', cartPartners, beside);
export const wmsCredentials = (): INodeCredentialDescription[] => credentialsFor('/wms', wmsPartners, {});

/** The functions that n8n finds by the names in `testedBy`. */
export const testsOf = (partners: ReadonlyArray<{ signIns: readonly SignIn[] }>): Record<string, ConnectionTest> => ({
	orderStoreConnectionTest,
	...Object.fromEntries(
		partners.flatMap(({ signIns }) => signIns).flatMap(({ testedBy }) => (testedBy === undefined ? [] : [[testedBy.name, testedBy.test]])),
	),
});
export const cartTests = testsOf(Object.values(CARTS));
export const wmsTests = testsOf(Object.values(WMS));

/** A property that says itself when it is shown keeps that. */
const shownWith = (properties: readonly INodeProperties[] = [], show: Show): INodeProperties[] =>
	properties.map((property) => (property.displayOptions === undefined ? { ...property, displayOptions: { show } } : property));

/** Options in alphabetical order, as the editor lists them. */
export const sorted = (options: readonly INodeProperties[]): INodeProperties[] =>
	[...options].sort((left, right) => left.displayName.localeCompare(right.displayName));

export const updateOptions = (): INodeProperties[] =>
	cartPartners.flatMap(([code, partner]) => shownWith(partner.updateOptions, { '/cart': [code] }));
export const lookUpProperties = (): INodeProperties[] =>
	cartPartners.flatMap(([code, partner]) => shownWith(partner.lookUpProperties, { cart: [code] }));
export const sendOptions = (): INodeProperties[] =>
	wmsPartners.flatMap(([code, partner]) => shownWith(partner.sendOptions, { '/wms': [code], '/operation': ['send'] }));
export const pollOptions = (): INodeProperties[] =>
	wmsPartners.flatMap(([code, partner]) => shownWith(partner.pollOptions, { '/wms': [code] }));

/** The carts that keep the carriers' names of the warehouse as they are. */
export const withoutCarrierNames: readonly string[] = cartPartners
	.filter(([, { namesCarriers }]) => namesCarriers === false)
	.map(([code]) => code);
