/** A real Tryton, as the people of a warehouse work with it: they split, pick, pack and send off shipments. */
import { Tryton, TRYTON_PASSWORD, TRYTON_USER } from '../../../testing/servers/tryton';
import { packInto, pickShipment, sendOff, splitShipment } from '../../../testing/servers/trytonWork';
import type { HeldOrder, Warehouse } from './Warehouse';

interface Row {
	reference: string;
	number: string;
	state: string;
	sku: string;
	pieces: number;
}

export class TrytonWarehouse implements Warehouse {
	readonly code = 'tryton';

	private constructor(private readonly tryton: Tryton) {}

	/** @param countries ISO codes of those it ships to, beside the United States */
	static async open(countries: readonly string[]): Promise<TrytonWarehouse> {
		const tryton = await Tryton.open();
		await tryton.rpc(
			'country.country.create',
			countries.map((code) => ({ code, name: code })),
		);
		return new TrytonWarehouse(tryton);
	}

	async close(): Promise<void> {
		await this.tryton.close();
	}

	get credential() {
		const { url, database } = this.tryton;
		return { name: 'Warehouse', type: 'trytonApi', data: { url, database, user: TRYTON_USER, password: TRYTON_PASSWORD } };
	}

	async orders(): Promise<HeldOrder[]> {
		const orders = new Map<string, HeldOrder>();
		for (const { reference, sku, pieces } of await this.rows()) {
			const order = orders.get(reference) ?? { reference, pieces: {} };
			order.pieces[sku] = (order.pieces[sku] ?? 0) + pieces;
			orders.set(reference, order);
		}
		return [...orders.values()];
	}

	async ship(reference: string, pieces: Record<string, number>, tracking: string): Promise<void> {
		const open = (await this.rows()).filter((row) => row.reference === reference && row.state !== 'done');
		const later = [...new Set(open.map(({ sku }) => sku))].filter((sku) => pieces[sku] === undefined);
		for (const sku of later) await splitShipment(this.tryton, reference, sku);
		const shipment = await pickShipment(this.tryton, open[0]!.number);
		await packInto(this.tryton, shipment, Object.keys(pieces), { shipping_reference: tracking });
		await sendOff(this.tryton, shipment);
	}

	/** Goods that go to customers, without shipments that were canceled. */
	private async rows(): Promise<Row[]> {
		return await this.tryton.sql<Row>(
			`SELECT substr(p.code, 7) AS reference, s.number, s.state, d.code AS sku, m.quantity::float AS pieces
			FROM stock_shipment_out s JOIN party_party p ON p.id = s.customer JOIN stock_move m ON m.shipment = 'stock.shipment.out,' || s.id
			JOIN stock_location l ON l.id = m.to_location JOIN product_product d ON d.id = m.product
			WHERE s.state <> 'cancelled' AND m.state <> 'cancelled' AND l.type = 'customer' AND p.code LIKE 'order:%' ORDER BY s.id, m.id`,
		);
	}
}
