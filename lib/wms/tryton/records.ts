/** Looks up Tryton's own records by what an order names, each once for a session. */
import { PartnerError } from '../../http/partner';
import { asError, shown, type FieldProblem } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, textOf, type JsonObject } from '../json';
import { notData, recordsOf, rpcOf, type Rpc } from './rpc';
import type { Http } from '../../http/Http';
import type { TrytonRequest } from './request';

export interface Company {
	id: number;
	currency: number;
	/** Works in this company. */
	rpc: Rpc;
}

export interface Warehouse {
	id: number;
	output: number;
}

interface Product {
	id: number;
	uom: number;
}

/** What the modules of this Tryton add to shipments. */
export interface Modules {
	carrier: boolean;
	service: boolean;
	packages: boolean;
	/** Packages have a tracking number. */
	tracking: boolean;
}

export interface Records {
	company(): Promise<Company>;
	modules(): Promise<Modules>;
	/** A problem for each thing that Tryton does not know. */
	resolve(request: TrytonRequest): Promise<Resolved | { problems: FieldProblem[] }>;
}

export interface Resolved {
	warehouse: Warehouse;
	products: Map<string, Product>;
	country: number;
	subdivision: number | null;
	/** Null = not known to Tryton: prices are left out. */
	currency: number | null;
	carrier: number | null;
}

/** @param warehouseCode the warehouse of orders that name none; '' = the only one there is */
export function recordsFor(http: Http, warehouseCode: string): Records {
	const once = memo();
	const products = new Map<string, Product>();

	const company = async (): Promise<Company> =>
		await once('company', async () => {
			const preferences = await rpcOf(http)('res.user.get_preferences', [true], { repeatable: true });
			if (!isObject(preferences)) throw notData('res.user.get_preferences', preferences);
			const id = preferences.company;
			if (typeof id !== 'number') {
				throw new PartnerError('credentials_invalid', 'The user of the Tryton credential works in no company.', 'In Tryton, give the user a company (Administration → Users, or the preferences of the user).', { received: 'no' });
			}
			const rpc = rpcOf(http, { company: id });
			const [found] = await recordsOf(rpc, 'company.company.read', [[id], ['currency']]);
			if (typeof found?.currency !== 'number') throw notData('company.company.read', found);
			return { id, currency: found.currency, rpc };
		});

	const search = async (model: string, domain: JsonValue, fields: string[]): Promise<JsonObject[]> =>
		await recordsOf((await company()).rpc, `${model}.search_read`, [domain, 0, null, [['id', 'ASC']], fields]);

	const modules = async (): Promise<Modules> =>
		await once('modules', async () => {
			const { rpc } = await company();
			const has = async (model: string, fields: string[]): Promise<JsonObject> => {
				const there = await rpc(`${model}.fields_get`, [fields], { repeatable: true });
				if (!isObject(there)) throw notData(`${model}.fields_get`, there);
				return there;
			};
			const shipment = await has('stock.shipment.out', ['carrier', 'packages', 'shipping_description']);
			const packages = 'packages' in shipment;
			return { carrier: 'carrier' in shipment, service: 'shipping_description' in shipment, packages, tracking: packages && 'shipping_reference' in (await has('stock.package', ['shipping_reference'])) };
		});

	async function warehouseFor(given: string | null): Promise<Warehouse | FieldProblem> {
		const all = await once('warehouses', async () => await search('stock.location', [['type', '=', 'warehouse']], ['code', 'name', 'output_location']));
		const called = (name: string | null): JsonObject | undefined => (name === null || name === '' ? undefined : all.find(({ code }) => code === name));
		// The code of a rule may be that of a warehouse in Tryton, or mean nothing to Tryton.
		const found = called(given) ?? (warehouseCode === '' ? (all.length === 1 ? all[0] : undefined) : called(warehouseCode));
		const codes = all.map(({ code, name }) => textOf(code) ?? textOf(name)).join(', ');
		if (found === undefined) return { field: 'warehouse', value: warehouseCode === '' ? given : warehouseCode, problem: `is the code of no warehouse in Tryton (there are: ${codes}); name one in the option Warehouse Code` };
		if (typeof found.id !== 'number' || typeof found.output_location !== 'number') return { field: 'warehouse', value: found.code, problem: 'has no output zone in Tryton' };
		return { id: found.id, output: found.output_location };
	}

	async function findProducts(skus: readonly string[]): Promise<FieldProblem[]> {
		const wanted = [...new Set(skus)].filter((sku) => !products.has(sku));
		if (wanted.length === 0) return [];
		const services = new Set<string>();
		for (const { id, code, default_uom: uom, type } of await search('product.product', [['code', 'in', wanted]], ['code', 'default_uom', 'type'])) {
			if (typeof code !== 'string' || typeof id !== 'number' || typeof uom !== 'number') continue;
			if (type === 'service') services.add(code);
			else products.set(code, { id, uom });
		}
		return wanted.filter((sku) => !products.has(sku)).map((sku) => ({
			field: 'lines.sku', value: sku, problem: services.has(sku) ? 'is a service in Tryton, which is not shipped' : 'is the code of no product in Tryton', code: 'unknown_sku' as const,
		}));
	}

	const countryOf = async (code: string): Promise<number | FieldProblem> => {
		const [found] = await once(`country ${code}`, async () => await search('country.country', [['code', '=', code]], ['code']));
		if (typeof found?.id === 'number') return found.id;
		return { field: 'shippingAddress.country', value: code, problem: 'is no country in Tryton; load its countries with trytond_import_countries', code: 'invalid_address' };
	};

	/** By its code ("US-MA"), as carts give it ("MA"), or by its name. Null = Tryton does not know it. */
	async function subdivisionOf(country: number, code: string, region: string | null): Promise<number | null> {
		if (region === null) return null;
		const all = await once(`regions ${code}`, async () => await search('country.subdivision', [['country', '=', country]], ['code', 'name']));
		const wanted = region.toLowerCase();
		const found = all.find((one) => [textOf(one.code), textOf(one.code)?.replace(/^[A-Z]{2}-/, ''), textOf(one.name)].some((text) => text?.toLowerCase() === wanted));
		return typeof found?.id === 'number' ? found.id : null;
	}

	async function currencyOf(code: string | null): Promise<number | null> {
		if (code === null) return null;
		const [found] = await once(`currency ${code}`, async () => await search('currency.currency', [['code', '=', code]], ['code']));
		return typeof found?.id === 'number' ? found.id : null;
	}

	async function carrierOf(name: string | null): Promise<number | null | FieldProblem> {
		if (name === null || !(await modules()).carrier) return null;
		const all = await once('carriers', async () => await search('carrier', [], ['party.name']));
		const called = (one: JsonObject): string => textOf(isObject(one['party.']) ? one['party.'].name : null) ?? '';
		const found = all.find((one) => called(one).toLowerCase() === name.toLowerCase());
		if (typeof found?.id === 'number') return found.id;
		return { field: 'carrier', value: name, problem: `is no carrier in Tryton (there are: ${shown(all.map(called).join(', '), 200)})`, code: 'unmapped_shipping_method' };
	}

	return {
		company,
		modules,
		async resolve(request) {
			const missing = await findProducts(request.lines.map(({ sku }) => sku));
			const warehouse = await warehouseFor(request.warehouse);
			const country = await countryOf(request.address.country);
			const carrier = await carrierOf(request.carrier);
			if (missing.length > 0 || isProblem(warehouse) || isProblem(country) || isProblem(carrier)) return { problems: [...missing, ...[warehouse, country, carrier].filter(isProblem)] };
			return { warehouse, products, country, carrier, subdivision: await subdivisionOf(country, request.address.country, request.address.region), currency: await currencyOf(request.currency) };
		},
	};
}

const isProblem = (value: unknown): value is FieldProblem => typeof value === 'object' && value !== null && 'problem' in value;

/** Remembers what was found; a failure is asked anew. */
function memo(): <T>(key: string, find: () => Promise<T>) => Promise<T> {
	const known = new Map<string, Promise<unknown>>();
	return async <T>(key: string, find: () => Promise<T>): Promise<T> => {
		const there = known.get(key);
		if (there !== undefined) return (await there) as T;
		const asked = find();
		known.set(key, asked);
		try {
			return await asked;
		} catch (error) {
			known.delete(key);
			throw asError(error);
		}
	};
}
