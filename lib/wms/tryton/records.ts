/** Looks up Tryton's own records by what an order names, each once for a session. */
import type { Http } from '../../http/Http';
import { shown, type FieldProblem } from '../../order/errors';
import { isObject, textOf, type JsonObject } from '../common/json';
import type { TrytonRequest } from './request';
import { once, onceEach, trytonAt, type Company, type Modules, type Tryton } from './tryton';

export type { Company } from './tryton';

interface Warehouse {
	id: number;
	output: number;
}

interface Product {
	id: number;
	uom: number;
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
	const tryton = trytonAt(http);
	const products = new Map<string, Product>();
	const warehouses = once(
		async () => await tryton.search('stock.location', [['type', '=', 'warehouse']], ['code', 'name', 'output_location']),
	);
	const carriers = carriersOf(tryton);
	const places = placesOf(tryton);
	const currencyOf = onceEach(async (code) => idOf(await tryton.search('currency.currency', [['code', '=', code]], ['code'])));
	return {
		company: tryton.company,
		modules: tryton.modules,
		async resolve(request) {
			const missing = await findProducts(
				tryton,
				products,
				request.lines.map(({ sku }) => sku),
			);
			const warehouse = warehouseIn(await warehouses(), request.warehouse, warehouseCode);
			const country = await places.country(request.address.country);
			const carrier = await carriers(request.carrier);
			if (missing.length > 0 || isProblem(warehouse) || isProblem(country) || isProblem(carrier))
				return { problems: [...missing, ...[warehouse, country, carrier].filter(isProblem)] };
			const subdivision = await places.subdivision(country, request.address.region);
			return {
				warehouse,
				products,
				country,
				carrier,
				subdivision,
				currency: request.currency === null ? null : await currencyOf(request.currency),
			};
		},
	};
}

/** @param fallback the warehouse of orders that name none; '' = the only one there is */
function warehouseIn(all: readonly JsonObject[], given: string | null, fallback: string): Warehouse | FieldProblem {
	const called = (name: string | null): JsonObject | undefined =>
		name === null || name === '' ? undefined : all.find(({ code }) => code === name);
	// The code of a rule may be that of a warehouse in Tryton, or mean nothing to Tryton.
	const found = called(given) ?? (fallback === '' ? (all.length === 1 ? all[0] : undefined) : called(fallback));
	const codes = all.map(({ code, name }) => textOf(code) ?? textOf(name)).join(', ');
	if (found === undefined)
		return {
			field: 'warehouse',
			value: fallback === '' ? given : fallback,
			problem: `is the code of no warehouse in Tryton (there are: ${codes}); name one in the option Warehouse Code`,
		};
	if (typeof found.id !== 'number' || typeof found.output_location !== 'number')
		return { field: 'warehouse', value: found.code, problem: 'has no output zone in Tryton' };
	return { id: found.id, output: found.output_location };
}

/** A problem for each that is missing. @param products takes those that were found */
async function findProducts({ search }: Tryton, products: Map<string, Product>, skus: readonly string[]): Promise<FieldProblem[]> {
	const wanted = [...new Set(skus)].filter((sku) => !products.has(sku));
	if (wanted.length === 0) return [];
	const services = new Set<string>();
	for (const { id, code, default_uom: uom, type } of await search(
		'product.product',
		[['code', 'in', wanted]],
		['code', 'default_uom', 'type'],
	)) {
		if (typeof code !== 'string' || typeof id !== 'number' || typeof uom !== 'number') continue;
		if (type === 'service') services.add(code);
		else products.set(code, { id, uom });
	}
	return wanted
		.filter((sku) => !products.has(sku))
		.map((sku) => ({
			field: 'lines.sku',
			value: sku,
			problem: services.has(sku) ? 'is a service in Tryton, which is not shipped' : 'is the code of no product in Tryton',
			code: 'unknown_sku' as const,
		}));
}

interface Places {
	country(code: string): Promise<number | FieldProblem>;
	/** By its code ("US-MA"), as carts give it ("MA"), or by its name. Null = Tryton does not know it. */
	subdivision(country: number, region: string | null): Promise<number | null>;
}

function placesOf({ search }: Tryton): Places {
	const countryId = onceEach(async (code) => idOf(await search('country.country', [['code', '=', code]], ['code'])));
	const regionsOf = onceEach(async (country) => await search('country.subdivision', [['country', '=', Number(country)]], ['code', 'name']));
	return {
		country: async (code) =>
			(await countryId(code)) ?? {
				field: 'shippingAddress.country',
				value: code,
				problem: 'is no country in Tryton; load its countries with trytond_import_countries',
				code: 'invalid_address',
			},
		async subdivision(country, region) {
			if (region === null) return null;
			const wanted = region.toLowerCase();
			const namesOf = (one: JsonObject): Array<string | null | undefined> => [
				textOf(one.code),
				textOf(one.code)?.replace(/^[A-Z]{2}-/, ''),
				textOf(one.name),
			];
			return idOf((await regionsOf(String(country))).filter((one) => namesOf(one).some((text) => text?.toLowerCase() === wanted)));
		},
	};
}

/** By its name. Null = the order names none, or this Tryton has no carriers. */
function carriersOf({ search, modules }: Tryton): (name: string | null) => Promise<number | null | FieldProblem> {
	const carriers = once(async () => await search('carrier', [], ['party.name']));
	const called = (one: JsonObject): string => textOf(isObject(one['party.']) ? one['party.'].name : null) ?? '';
	return async (name) => {
		if (name === null || !(await modules()).carrier) return null;
		const all = await carriers();
		const found = idOf(all.filter((one) => called(one).toLowerCase() === name.toLowerCase()));
		return (
			found ?? {
				field: 'carrier',
				value: name,
				problem: `is no carrier in Tryton (there are: ${shown(all.map(called).join(', '), 200)})`,
				code: 'unmapped_shipping_method',
			}
		);
	};
}

/** Of the first of them. */
const idOf = ([found]: readonly JsonObject[]): number | null => (typeof found?.id === 'number' ? found.id : null);

const isProblem = (value: unknown): value is FieldProblem => typeof value === 'object' && value !== null && 'problem' in value;
