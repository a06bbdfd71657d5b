/** One Tryton, read: the company of the user, what its modules add, and lists of records. Each is asked for once for a session. */
import type { Http } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, type JsonObject } from '../common/json';
import { notData, recordsOf, rpcOf, type Rpc } from './rpc';

export interface Company {
	id: number;
	currency: number;
	/** Works in this company. */
	rpc: Rpc;
}

/** What the modules of this Tryton add to shipments. */
export interface Modules {
	carrier: boolean;
	service: boolean;
	packages: boolean;
	/** Packages have a tracking number. */
	tracking: boolean;
}

export interface Tryton {
	company(): Promise<Company>;
	modules(): Promise<Modules>;
	/** The records of a model that the domain meets, oldest first. */
	search(model: string, domain: JsonValue, fields: string[]): Promise<JsonObject[]>;
}

export function trytonAt(http: Http): Tryton {
	const company = once(async () => await companyOf(http));
	return {
		company,
		modules: once(async () => await modulesOf((await company()).rpc)),
		search: async (model, domain, fields) =>
			await recordsOf((await company()).rpc, `${model}.search_read`, [domain, 0, null, [['id', 'ASC']], fields]),
	};
}

async function companyOf(http: Http): Promise<Company> {
	const preferences = await rpcOf(http)('res.user.get_preferences', [true], { repeatable: true });
	if (!isObject(preferences)) throw notData('res.user.get_preferences', preferences);
	const id = preferences.company;
	if (typeof id !== 'number') {
		throw new PartnerError(
			'credentials_invalid',
			'The user of the Tryton credential works in no company.',
			'In Tryton, give the user a company (Administration → Users, or the preferences of the user).',
			{ received: 'no' },
		);
	}
	const rpc = rpcOf(http, { company: id });
	const [found] = await recordsOf(rpc, 'company.company.read', [[id], ['currency']]);
	if (typeof found?.currency !== 'number') throw notData('company.company.read', found);
	return { id, currency: found.currency, rpc };
}

async function modulesOf(rpc: Rpc): Promise<Modules> {
	const has = async (model: string, fields: string[]): Promise<JsonObject> => {
		const there = await rpc(`${model}.fields_get`, [fields], { repeatable: true });
		if (!isObject(there)) throw notData(`${model}.fields_get`, there);
		return there;
	};
	const shipment = await has('stock.shipment.out', ['carrier', 'packages', 'shipping_description']);
	const packages = 'packages' in shipment;
	return {
		carrier: 'carrier' in shipment,
		service: 'shipping_description' in shipment,
		packages,
		tracking: packages && 'shipping_reference' in (await has('stock.package', ['shipping_reference'])),
	};
}

/** Remembers what was found; a failure is asked anew. */
export function once<T>(find: () => Promise<T>): () => Promise<T> {
	const only = onceEach(find);
	return async () => await only('');
}

/** The same for each key. */
export function onceEach<T>(find: (key: string) => Promise<T>): (key: string) => Promise<T> {
	const known = new Map<string, Promise<T>>();
	return async (key) => {
		const there = known.get(key);
		if (there !== undefined) return await there;
		const asked = find(key);
		known.set(key, asked);
		try {
			return await asked;
		} catch (error) {
			known.delete(key);
			throw asError(error);
		}
	};
}
