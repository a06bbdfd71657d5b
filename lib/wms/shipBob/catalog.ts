/** What ShipBob knows: a product or a shipping method that it does not know it would create without a word. */
import type { FieldProblem } from '../../order/errors';
import { isList, isObject, objectsIn } from '../common/json';
import { notAList, type Channel } from './orders';
import type { ShipBobRequest } from './request';

export interface Catalog {
	/** What ShipBob would create by itself. */
	missing(request: ShipBobRequest): Promise<FieldProblem[]>;
}

/** What was found is remembered. */
export function catalogOf(channel: Channel): Catalog {
	const [products, methods] = [new Set<string>(), new Set<string>()];
	return {
		async missing({ products: wanted, shipping_method: method }) {
			const problems: FieldProblem[] = [];
			for (const sku of new Set(wanted.map((product) => product.sku))) {
				if (products.has(sku)) continue;
				if (await isProduct(channel, sku)) products.add(sku);
				else problems.push({ field: 'lines.sku', value: sku, problem: 'is no product in ShipBob', code: 'unknown_sku' });
			}
			if (!methods.has(method)) {
				for (const { name } of objectsIn(await channel.list({ method: 'GET', url: '/shipping-method' })))
					if (typeof name === 'string') methods.add(name);
				if (!methods.has(method))
					problems.push({
						field: 'serviceLevel',
						value: method,
						problem: 'is no shipping method in ShipBob',
						code: 'unmapped_shipping_method',
					});
			}
			return problems;
		},
	};
}

async function isProduct({ call }: Channel, sku: string): Promise<boolean> {
	const { body } = await call({ method: 'GET', url: '/product', query: { SKU: sku, PageSize: 250 } });
	if (!isObject(body) || !isList(body.items)) throw notAList('/product', body);
	return objectsIn(body.items)
		.flatMap((product) => objectsIn(product.variants))
		.some((variant) => variant.sku === sku);
}
