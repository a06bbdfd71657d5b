/** What is written: a party for each order, and its shipment. */
import type { JsonValue } from '../../order/order';
import type { JsonObject } from '../common/json';
import type { Company, Resolved } from './records';
import type { TrytonRequest } from './request';
import { notData } from './rpc';
import { codeOf } from './shipments';
import { dateValue, decimalValue } from './values';

export function partyValues({ reference, name, address, phone, email }: TrytonRequest, { country, subdivision }: Resolved): JsonValue {
	// Tryton refuses phone numbers that are not valid in the country of the company; of the type "other" it takes all.
	const mechanisms: JsonValue[] = [
		...(phone === null ? [] : [{ type: 'other', name: 'Phone', value: phone }]),
		...(email === null ? [] : [{ type: 'email', value: email }]),
	];
	const { street, postalCode, city, region } = address;
	return {
		name,
		code: codeOf(reference),
		addresses: [
			[
				'create',
				[
					{
						street,
						postal_code: postalCode,
						country,
						subdivision,
						// A region that Tryton does not know still stands in the address.
						city: subdivision === null && region !== null ? `${city}, ${region}` : city,
					},
				],
			],
		],
		contact_mechanisms: mechanisms.length === 0 ? [] : [['create', mechanisms]],
	};
}

interface ShipmentParts {
	company: Company;
	party: JsonObject;
	request: TrytonRequest;
	resolved: Resolved;
	now: number;
}

export function shipmentValues({ company, party, request, resolved, now }: ShipmentParts): Record<string, JsonValue> {
	const { customer_location: to, addresses, id } = party;
	const address: unknown = Array.isArray(addresses) ? addresses[0] : null;
	if (typeof to !== 'number' || typeof address !== 'number' || typeof id !== 'number') throw notData('party.party.read', party);
	const moves = request.lines.map(({ sku, quantity, unitPrice }): JsonValue => {
		const product = resolved.products.get(sku);
		const priced = resolved.currency !== null && unitPrice !== null;
		return {
			product: product?.id ?? null,
			uom: product?.uom ?? null,
			quantity,
			from_location: resolved.warehouse.output,
			to_location: to,
			company: company.id,
			currency: resolved.currency ?? company.currency,
			unit_price: decimalValue(priced ? Number(unitPrice).toFixed(4) : '0'),
		};
	});
	return {
		customer: id,
		delivery_address: address,
		warehouse: resolved.warehouse.id,
		company: company.id,
		...(request.reference === '' ? {} : { reference: request.reference }),
		planned_date: dateValue(request.plannedDate ?? new Date(now).toISOString()),
		outgoing_moves: [['create', moves]],
	};
}
