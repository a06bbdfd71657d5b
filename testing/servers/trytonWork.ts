/** What people at a warehouse do with shipments in Tryton. */
import type { JsonValue } from '../../lib/order/order';
import type { Tryton } from './tryton';

interface Row {
	id: number;
	number: string;
}

/** The shipment of an order with the lowest number. */
export async function shipmentOf(tryton: Tryton, reference: string): Promise<Row & { state: string }> {
	const [found] = await tryton.sql<Row & { state: string }>(
		'SELECT s.id, s.number, s.state FROM stock_shipment_out s JOIN party_party p ON p.id = s.customer WHERE p.code = $1 ORDER BY s.id',
		[`order:${reference}`],
	);
	if (found === undefined) throw new Error(`no shipment of ${reference}`);
	return found;
}

/** Moves the goods with this code into a shipment of their own, as the module stock_split does. */
export async function splitShipment(tryton: Tryton, reference: string, sku: string): Promise<{ number: string; part: Row }> {
	const { id, number } = await shipmentOf(tryton, reference);
	await tryton.rpc('stock.shipment.out.draft', [id]);
	const [part] = (await tryton.rpc('stock.shipment.out.copy', [id], {
		moves: null,
		inventory_moves: null,
		outgoing_moves: null,
	})) as number[];
	const moves = await tryton.rpc(
		'stock.move.search',
		[
			['shipment', '=', `stock.shipment.out,${id}`],
			['product.code', '=', sku],
		],
		0,
		null,
		null,
	);
	await tryton.rpc('stock.move.write', moves, { shipment: `stock.shipment.out,${part}` });
	await tryton.rpc('stock.shipment.out.wait', [id, part ?? 0]);
	const [copied] = (await tryton.rpc('stock.shipment.out.read', [part ?? 0], ['number'])) as unknown as Row[];
	if (copied === undefined) throw new Error('no copy');
	return { number, part: copied };
}

export async function pickShipment(tryton: Tryton, number: string): Promise<number> {
	const [id] = (await tryton.rpc('stock.shipment.out.search', [['number', '=', number]], 0, 1, null)) as number[];
	if (id === undefined) throw new Error(`no shipment ${number}`);
	if ((await tryton.rpc('stock.shipment.out.assign_try', [id])) !== true) throw new Error(`shipment ${number}: there are not enough goods`);
	await tryton.rpc('stock.shipment.out.pick', [id]);
	return id;
}

/** A package with the goods of these codes. */
export async function packInto(tryton: Tryton, shipment: number, skus: string[], values: Record<string, JsonValue> = {}): Promise<number> {
	const moves = await tryton.rpc(
		'stock.move.search',
		[
			['shipment', '=', `stock.shipment.out,${shipment}`],
			['to_location.type', '=', 'customer'],
			['product.code', 'in', skus],
		],
		0,
		null,
		null,
	);
	const [type] = (await tryton.rpc('stock.package.type.search', [], 0, 1, null)) as number[];
	const [box] = (await tryton.rpc('stock.package.create', [
		{
			type: type ?? null,
			shipment: `stock.shipment.out,${shipment}`,
			...(skus.length === 0 ? {} : { moves: [['add', moves]] }),
			...values,
		},
	])) as number[];
	return box ?? 0;
}

export async function sendOff(tryton: Tryton, id: number, values: Record<string, JsonValue> = {}): Promise<void> {
	await tryton.rpc('stock.shipment.out.pack', [id]);
	if (Object.keys(values).length > 0) await tryton.rpc('stock.shipment.out.write', [id], values);
	await tryton.rpc('stock.shipment.out.done', [id]);
}

export async function finishShipment(tryton: Tryton, number: string, values: Record<string, JsonValue> = {}): Promise<void> {
	await sendOff(tryton, await pickShipment(tryton, number), values);
}
