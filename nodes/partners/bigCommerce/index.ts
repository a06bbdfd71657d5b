/** BigCommerce in n8n. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { bigCommerceCart, checkAccess, rateFeedback, type BigCommerceSettings } from '../../../lib/carts/bigCommerce';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { importOptions } from './importOptions';
import { signInHeaders } from './signIn';
import { updateOptions } from './updateOptions';

interface Options extends CarrierOptions {
	bigAcknowledgeBy?: 'note' | 'status';
	bigAcknowledgeStatus?: number;
}

const storeHashOf = ({ storeHash }: ICredentialDataDecryptedObject): string => String(storeHash ?? '').trim();

const ACCOUNT: AccountOptions = {
	credential: 'bigCommerceOrdersApi',
	label: 'BigCommerce',
	baseUrl: (data) =>
		`${String(data.apiUrl ?? '')
			.trim()
			.replace(/\/+$/, '')}/stores/${encodeURIComponent(storeHashOf(data))}/v2`,
	accountOf: storeHashOf,
	// Of the plans Standard and Plus, until the store tells its own; all apps of the store share it, and its headers correct our count.
	limit: { kind: 'window', requests: 150, windowMs: 30_000 },
	feedbackOf: rateFeedback,
};

/** Asks the store what the token may do. */
const test = httpConnectionCheck({ account: ACCOUNT, headers: signInHeaders, secrets: ['accessToken'], check: checkAccess });

const settingsFrom = (options: Options, store: string): BigCommerceSettings => ({
	store,
	carriers: carrierNamesFrom(options),
	...(options.bigAcknowledgeBy === undefined ? {} : { acknowledgeBy: options.bigAcknowledgeBy }),
	...(options.bigAcknowledgeStatus === undefined ? {} : { acknowledgeStatus: options.bigAcknowledgeStatus }),
});

export const bigCommerce: CartPartner = {
	cart: bigCommerceCart,
	signIns: [{ name: ACCOUNT.credential, displayName: 'BigCommerce', testedBy: { name: 'bigCommerceConnectionTest', test } }],
	imports: 'Imports orders of a BigCommerce store, each order once',
	importOptions,
	updateOptions,
	open: async (context, options: Options, store) => bigCommerceCart.open(await openAccount(context, ACCOUNT), settingsFrom(options, store)),
};
