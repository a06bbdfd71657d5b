/** What each warehouse over HTTP reports of three orders, acme.1, acme.2 and acme.3. */
import type { Http } from '../../lib/http/Http';
import { amazonMcfWms } from '../../lib/wms/amazonMcf';
import { extensivWms } from '../../lib/wms/extensiv';
import { DEFAULTS, httpWmsFor } from '../../lib/wms/genericHttp';
import type { WmsCode } from '../../nodes/partners';
import { wmsPartners } from '../../nodes/partners/lists';
import { shipBobWms } from '../../lib/wms/shipBob';
import { withHttpStatus, shipHeroWms } from '../../lib/wms/shipHero';
import { shipStationWms } from '../../lib/wms/shipStation';
import { trytonWms } from '../../lib/wms/tryton';
import type { WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { harnessOf } from '../harnesses';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { AmazonPeer } from '../../testing/servers/amazonMcf';
import { CLIENT, EXTENSIV_TOKEN, ExtensivPeer } from '../../testing/servers/extensiv';
import { HttpWarehousePeer, WAREHOUSE_KEY } from '../../testing/servers/httpWarehouse';
import { CHANNEL, SHIPBOB_KEY, ShipBobPeer } from '../../testing/servers/shipBob';
import { ShipHeroPeer } from '../../testing/servers/shipHero';
import { SHIPSTATION_KEY, ShipStationPeer } from '../../testing/servers/shipStation';
import { trytonMissing } from '../../testing/servers/tryton';
import { finishShipment } from '../../testing/servers/trytonWork';
import { emptyTryton, sessionOf, SHIPPED_ON, signIn } from '../wms/trytonHarness';
import { waitingFor } from '../wms/waiting';
import { recording, type Answer } from './recorded';
import { keptTape } from './tapes';

type Session = Pick<WmsSession<never>, 'source' | 'listShipments'>;

export interface TapedWms {
	open(http: Http): Session;
	tape(): Promise<Answer[]>;
	/** In the address of what is asked of the second order alone. */
	named: RegExp | null;
	/** A change of these may mean that it is no order of ours, or has not left. */
	chooses: RegExp;
}

export const REFERENCES = ['acme.1', 'acme.2', 'acme.3'] as const;

const waiting = waitingFor(...REFERENCES.map((reference) => ({ reference, wmsOrderId: null })));

const OPEN = {
	amazonMcf: (http) => amazonMcfWms.open({ http, account: 'a' }, {}),
	extensiv: (http) => extensivWms.open({ http, account: 'a' }, { customerId: CLIENT.customerId, facilityId: CLIENT.facilityId }),
	genericHttp: (http) => httpWmsFor(DEFAULTS).open({ http, account: 'a' }, DEFAULTS),
	shipBob: (http) => shipBobWms.open({ http, account: 'a' }, { channelId: CHANNEL }),
	shipHero: (http) => shipHeroWms.open({ http, account: 'a' }, {}),
	shipStation: (http) => shipStationWms.open({ http, account: 'a' }, {}),
	tryton: (http) => trytonWms.open({ http, account: 'a' }, {}),
} satisfies Partial<Record<WmsCode, (http: Http) => Session>>;

type OverHttp = keyof typeof OPEN;

async function taped(http: Http, open: (http: Http) => Session): Promise<Answer[]> {
	const tape: Answer[] = [];
	for await (const { failures, afterRecorded } of open(recording(http, tape)).listShipments(null, waiting)) {
		if (failures.length > 0) throw new Error('The reports are to be good ones');
		await afterRecorded?.();
	}
	return tape;
}

const TAPE: Record<OverHttp, () => Promise<Answer[]>> = {
	async amazonMcf() {
		const amazon = await AmazonPeer.open();
		for (const [index, reference] of REFERENCES.entries()) {
			const order = amazon.add(
				reference,
				[
					['RED-MUG', 2],
					['TEE-L', 1],
				],
				'CompletePartialled',
			);
			order.items[1]!.unfulfillableQuantity = 1;
			amazon.ship(order, `SHIP-${index}`, [['RED-MUG', 2]], [{ packageNumber: 1, carrierCode: 'UPS', trackingNumber: `1Z${index}` }]);
		}
		return await taped(fetchHttp(amazon.peer.url, { 'x-amz-access-token': [...amazon.tokens][0] ?? '' }), OPEN.amazonMcf);
	},
	async extensiv() {
		const extensiv = await ExtensivPeer.open();
		for (const reference of REFERENCES) {
			const order = extensiv.add(reference, [
				['L1', 'RED-MUG', 2],
				['L2', 'TEE-L', 1],
			]);
			extensiv.pack(order, '1Z1', [[0, 2]]);
			order.items[1]!.qty = 0;
			extensiv.confirm(order);
		}
		return await taped(fetchHttp(extensiv.peer.url, { authorization: `Bearer ${EXTENSIV_TOKEN}` }), OPEN.extensiv);
	},
	async genericHttp() {
		const warehouse = await HttpWarehousePeer.open();
		warehouse.now = Date.now();
		for (const [index, reference] of REFERENCES.entries())
			warehouse.report({
				reference,
				orderId: `W${index}`,
				id: `SHIP-${index}`,
				status: 'shipped',
				carrier: 'UPS',
				trackingNumber: `1Z${index}`,
				shippedAt: '2026-09-05T12:00:00Z',
				items: [{ sku: 'RED-MUG', quantity: 2 }],
			});
		return await taped(fetchHttp(`${warehouse.peer.url}/api`, { 'x-api-key': WAREHOUSE_KEY }), OPEN.genericHttp);
	},
	async shipBob() {
		const shipBob = await ShipBobPeer.open();
		for (const [index, reference] of REFERENCES.entries()) {
			const order = shipBob.add(reference, [
				['RED-MUG', 2],
				['TEE-L', 1],
			]);
			shipBob.ship(order, 10 + index, 'Completed', [['RED-MUG', 2]], {
				tracking: { carrier: 'UPS', tracking_number: `1Z${index}`, shipping_date: '2026-09-05T12:00:00+00:00' },
			});
			shipBob.ship(order, 20 + index, 'Cancelled', [['TEE-L', 1]]);
		}
		return await taped(fetchHttp(shipBob.peer.url, { authorization: `Bearer ${SHIPBOB_KEY}` }), OPEN.shipBob);
	},
	async shipHero() {
		const shipHero = await ShipHeroPeer.open();
		for (const [index, reference] of REFERENCES.entries()) {
			const order = shipHero.add(reference, [
				['RED-MUG', 2],
				['TEE-L', 1],
			]);
			const label = {
				id: `label-${index}`,
				status: 'valid',
				tracking_number: `1Z${index}`,
				carrier: 'ups',
				shipping_method: 'ground',
				created_date: '2026-09-05T12:00:00',
			};
			shipHero.ship(order, `ship-${index}`, [label], [['RED-MUG', 2, label.id]]);
			order.lines[1]!.fulfillment_status = 'canceled';
		}
		const plain = fetchHttp(shipHero.peer.url, { authorization: `Bearer ${[...shipHero.tokens][0] ?? ''}` });
		return await taped(async (request) => withHttpStatus(await plain(request)), OPEN.shipHero);
	},
	async shipStation() {
		const shipStation = await ShipStationPeer.open();
		for (const reference of REFERENCES)
			shipStation.label(
				shipStation.add(reference, [
					['L1', 'RED-MUG', 2],
					['L2', 'TEE-L', 1],
				]),
			);
		return await taped(fetchHttp(shipStation.peer.url, { 'api-key': SHIPSTATION_KEY }), OPEN.shipStation);
	},
	tryton: async () =>
		await keptTape(
			'tryton',
			process.env.FUZZ_RECORD !== '1' || trytonMissing() !== null
				? null
				: async () => {
						const tryton = await emptyTryton();
						const session = await sessionOf(tryton);
						for (const reference of REFERENCES) {
							const sent = await session.createOrder(trytonWms.toRequest(anOrder({ id: reference, reference, orderNumber: reference })));
							await finishShipment(tryton, (sent as { wmsOrderId: string }).wmsOrderId, { effective_date: SHIPPED_ON });
						}
						return await taped(fetchHttp(`${tryton.url}/${tryton.database}`, { authorization: await signIn(tryton) }), OPEN.tryton);
					},
		),
};

const NAMED: Partial<Record<OverHttp, RegExp>> = { amazonMcf: /\/acme\.2$/ };

const CHOOSES: Record<OverHttp, RegExp> = {
	amazonMcf: /GET \/fba\/outbound\/2020-07-01\/fulfillmentOrders \[1\]/,
	extensiv: /$^/,
	genericHttp: /$^/,
	shipBob: /channel/,
	shipHero: /$^/,
	shipStation:
		/\/v2\/shipments \[1\](: (inside|replace)|\.items|\.external_shipment_id|\.shipment_id)|\/v2\/labels \[1\](: (inside|replace)|\.(status|voided|is_return_label|shipment_id))/,
	tryton: /customer|state|create_uid|write_uid/,
};

const known = (code: OverHttp): TapedWms => ({ open: OPEN[code], tape: TAPE[code], named: NAMED[code] ?? null, chooses: CHOOSES[code] });

/** Those that are not here are in the harness of the partner, as `<code>Tape`; without one, what asks for its tape fails. */
function tapedOf(code: string): TapedWms {
	if (Object.hasOwn(OPEN, code)) return known(code as OverHttp);
	const nothing = (): never => {
		throw new Error(`Say in test/wms/${code}Harness.ts, as ${code}Tape, what it answers about three orders.`);
	};
	return (
		harnessOf<TapedWms>('wms', code, `${code}Tape`) ?? {
			open: nothing,
			tape: async () => await Promise.resolve().then(nothing),
			named: null,
			chooses: /$^/,
		}
	);
}

/** Every one over HTTP. */
export const TAPED_WMS: Record<string, TapedWms> = Object.fromEntries(
	wmsPartners.filter(([, { exchangesFiles }]) => exchangesFiles !== true).map(([code]) => [code, tapedOf(code)]),
);
