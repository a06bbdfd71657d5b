/** The order import trigger of a cart, whole; n8n wants a file and a class for each. */
import {
	NodeConnectionTypes,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodePropertyOptions,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { pollCart } from '../shared/cartPolling';
import { toNodeError } from '../shared/context';
import { storeNotice, storeProperty } from '../shared/descriptions';
import { exchangeProperty } from '../shared/exchange';
import { importOptionsWith } from '../shared/importOptions';
import { credentialsOf, testsOf } from './lists';
import type { CartPartner, ConnectionTest } from './Partner';

const SUBTITLE = '={{ $parameter["store"] ? "import " + $parameter["store"] : "set the store" }}';

interface ImportTrigger {
	/** A new one each time: n8n puts the poll times into the list of properties of an instance. */
	describe(): INodeTypeDescription;
	subtitle: string;
	methods: { credentialTest: Record<string, ConnectionTest>; loadOptions?: Record<string, LoadOptions> };
	poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null>;
}

/** @example importTriggerOf(shopify) // shopifyOrderImportTrigger */
export function importTriggerOf(partner: CartPartner): ImportTrigger {
	const { cart, imports, importProperties = [], importOptions, lists } = partner;
	const name = `${cart.code}OrderImportTrigger`;
	const displayName = `${cart.label} Order Import Trigger`;
	return {
		describe: () => ({
			displayName,
			name,
			icon: { light: `file:../../icons/${name}.svg`, dark: `file:../../icons/${name}.dark.svg` },
			group: ['trigger'],
			version: 1,
			subtitle: SUBTITLE,
			description: imports,
			defaults: { name: displayName },
			polling: true,
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			outputNames: ['New Orders'],
			credentials: credentialsOf(partner),
			properties: [
				storeNotice,
				storeProperty,
				...(partner.exchangesFiles === true ? [exchangeProperty] : []),
				...importProperties,
				importOptionsWith(importOptions),
			],
		}),
		subtitle: SUBTITLE,
		methods: {
			credentialTest: testsOf([partner]),
			...(lists === undefined
				? {}
				: { loadOptions: Object.fromEntries(Object.entries(lists).map(([method, offer]) => [method, offered(offer)])) }),
		},
		poll: async (context) => await pollCart(context, partner),
	};
}

type LoadOptions = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

const offered = (offer: NonNullable<CartPartner['lists']>[string]): LoadOptions =>
	async function (this: ILoadOptionsFunctions) {
		try {
			return await offer(this);
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
