/** The connection test of a partner over HTTP whose credential signs in by headers. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { HttpAccount } from '../../lib/http/Http';
import { tested } from '../shared/credentialTests';
import { accountNameOf, checkedUrl, type AccountOptions } from '../shared/httpAccount';
import { plainHttp } from '../shared/plainHttp';
import type { ConnectionTest } from './Partner';

interface HttpConnectionCheck {
	account: AccountOptions;
	/** Sign a request in. */
	headers(data: ICredentialDataDecryptedObject): Record<string, string>;
	/** The secret fields of the credential; nothing that the partner says shows them. */
	secrets: readonly string[];
	/** Gives a sentence for the person who tests. Throws FulfillmentError that says what is missing. */
	check(account: HttpAccount, data: ICredentialDataDecryptedObject): Promise<string>;
}

/** @example httpConnectionCheck({ account: ACCOUNT, headers: (data) => bearer(data.accessToken), secrets: ['accessToken'], check: checkAccess }) */
export const httpConnectionCheck = ({ account, headers, secrets, check }: HttpConnectionCheck): ConnectionTest =>
	async function ({ data = {} }) {
		return await tested(async () => {
			const baseUrl = checkedUrl(account.baseUrl(data), account.label);
			const http = plainHttp(
				baseUrl,
				headers(data),
				secrets.map((name) => data[name]),
			);
			return await check({ http, account: accountNameOf(account, data, baseUrl) }, data);
		});
	};
