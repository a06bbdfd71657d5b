/** Each WMS over HTTP with a peer, as the nodes open it, through n8n's own helper; and what people at the warehouse do there. */
import type { Http } from '../../lib/http/Http';
import { amazonMcfWms } from '../../lib/wms/amazonMcf';
import { extensivWms } from '../../lib/wms/extensiv';
import { DEFAULTS, httpWms } from '../../lib/wms/genericHttp';
import type { WmsCode } from '../../nodes/partners';
import { shipBobWms } from '../../lib/wms/shipBob';
import { withHttpStatus, shipHeroWms } from '../../lib/wms/shipHero';
import { shipStationWms } from '../../lib/wms/shipStation';
import { wmsPartners } from '../../nodes/partners/lists';
import { opened, type OpenedWms } from '../../nodes/partners/opened';
import { harnessOf } from '../harnesses';
import { n8nPeerHttp } from '../http/n8nPeerHttp';
import { AmazonPeer } from '../../testing/servers/amazonMcf';
import { CLIENT, EXTENSIV_TOKEN, ExtensivPeer } from '../../testing/servers/extensiv';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../testing/servers/httpWarehouse';
import type { Peer } from '../../testing/servers/Peer';
import { CHANNEL, SHIPBOB_KEY, ShipBobPeer } from '../../testing/servers/shipBob';
import { ShipHeroPeer } from '../../testing/servers/shipHero';
import { SHIPSTATION_KEY, ShipStationPeer } from '../../testing/servers/shipStation';

export interface Scene {
	peer: Peer;
	warehouse: OpenedWms;
	/** What the warehouse has and will ship, or has shipped. */
	references(): string[];
	/** Packs the whole order (2 × RED-MUG, 1 × TEE-L) into a parcel with the tracking number 1Z1. */
	ship(reference: string): void;
}

type OpenScene = (through: (http: Http) => Http) => Promise<Scene>;

const GOODS: Array<[sku: string, quantity: number]> = [
	['RED-MUG', 2],
	['TEE-L', 1],
];

function found<T>(list: Iterable<T>, is: (one: T) => boolean): T {
	for (const one of list) if (is(one)) return one;
	throw new Error('the warehouse does not have the order');
}

/** @param through makes requests give up, repeats them, and so on */
const SCENES: Partial<Record<WmsCode, OpenScene>> = {
	amazonMcf: async (through) => {
		const amazon = await AmazonPeer.open();
		const http = through(await n8nPeerHttp(amazon.peer.url, { 'x-amz-access-token': [...amazon.tokens][0] ?? '' }));
		return {
			peer: amazon.peer,
			warehouse: opened(amazonMcfWms, amazonMcfWms.open({ http, account: 'x' }, {})),
			references: () => amazon.references(),
			ship: (reference) => {
				const order = found(amazon.orders.values(), (one) => one.sellerFulfillmentOrderId === reference);
				amazon.ship(order, 'S1', GOODS);
				amazon.set(order, 'Complete');
			},
		};
	},
	extensiv: async (through) => {
		const extensiv = await ExtensivPeer.open();
		const http = through(await n8nPeerHttp(extensiv.peer.url, { authorization: `Bearer ${EXTENSIV_TOKEN}` }));
		return {
			peer: extensiv.peer,
			warehouse: opened(extensivWms, extensivWms.open({ http, account: 'x' }, CLIENT)),
			references: () => extensiv.references(),
			ship: (reference) => {
				const order = found(extensiv.orders, (one) => one.referenceNum === reference);
				extensiv.pack(order, '1Z1', [
					[0, 2],
					[1, 1],
				]);
				extensiv.confirm(order);
			},
		};
	},
	genericHttp: async (through) => {
		const warehouse = await HttpWarehousePeer.open();
		warehouse.now = Date.now();
		const http = through(await n8nPeerHttp(`${warehouse.peer.url}/api`, { 'x-api-key': WAREHOUSE_KEY }));
		return {
			peer: warehouse.peer,
			warehouse: opened(httpWms, httpWms.open({ http, account: 'x' }, DEFAULTS)),
			references: () => warehouse.references(),
			ship: (reference) => {
				const { id } = found(warehouse.orders, (one) => one.reference === reference);
				warehouse.report({
					reference,
					orderId: id,
					id: 'S1',
					status: 'shipped',
					trackingNumber: '1Z1',
					items: GOODS.map(([sku, quantity]) => ({ sku, quantity })),
				});
			},
		};
	},
	shipBob: async (through) => {
		const shipBob = await ShipBobPeer.open();
		const http = through(await n8nPeerHttp(shipBob.peer.url, { authorization: `Bearer ${SHIPBOB_KEY}` }));
		return {
			peer: shipBob.peer,
			warehouse: opened(shipBobWms, shipBobWms.open({ http, account: 'x' }, { channelId: CHANNEL })),
			references: () => shipBob.references(),
			ship: (reference) =>
				shipBob.ship(
					found(shipBob.orders.values(), (one) => one.reference_id === reference),
					1,
					'Completed',
					GOODS,
					{ tracking: { carrier: 'UPS', tracking_number: '1Z1' } },
				),
		};
	},
	shipHero: async (through) => {
		const shipHero = await ShipHeroPeer.open();
		const signedIn = await n8nPeerHttp(shipHero.peer.url, { authorization: `Bearer ${[...shipHero.tokens][0] ?? ''}` });
		const http = through(async (request) => withHttpStatus(await signedIn(request)));
		return {
			peer: shipHero.peer,
			warehouse: opened(shipHeroWms, shipHeroWms.open({ http, account: 'x' }, {})),
			references: () => shipHero.references(),
			ship: (reference) => {
				const label = {
					id: 'l1',
					status: 'valid',
					tracking_number: '1Z1',
					carrier: 'ups',
					shipping_method: 'ground',
					created_date: '2026-09-05T12:00:00',
				};
				shipHero.ship(
					found(shipHero.orders, (one) => one.partner_order_id === reference),
					's1',
					[label],
					GOODS.map(([sku, quantity]) => [sku, quantity, 'l1']),
				);
			},
		};
	},
	shipStation: async (through) => {
		const shipStation = await ShipStationPeer.open();
		const http = through(await n8nPeerHttp(shipStation.peer.url, { 'api-key': SHIPSTATION_KEY }));
		return {
			peer: shipStation.peer,
			warehouse: opened(shipStationWms, shipStationWms.open({ http, account: 'x' }, {})),
			references: () => shipStation.references(),
			ship: (reference) =>
				void shipStation.label(
					found(shipStation.shipments.values(), (one) => one.external_shipment_id === reference),
					{ tracking_number: '1Z1' },
				),
		};
	},
};

/** Those that are not here are in the harness of the WMS, as `<code>Scene`. */
export function sceneOf(code: string): OpenScene {
	const open = SCENES[code as WmsCode] ?? harnessOf<OpenScene>('wms', code, `${code}Scene`);
	if (open === null) throw new Error(`Say in test/wms/${code}Harness.ts, as ${code}Scene, how a warehouse of it is opened.`);
	return open;
}

/** Every WMS over HTTP but Tryton, which is tested against a real one. */
export const httpWmsCodes: readonly string[] = wmsPartners
	.filter(([code, { exchangesFiles }]) => exchangesFiles !== true && code !== 'tryton')
	.map(([code]) => code);
