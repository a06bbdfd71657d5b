import { trytonWms, type TrytonRequest, type TrytonSettings } from '../../lib/wms/tryton';
import type { WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { Tryton, TRYTON_PASSWORD, TRYTON_USER } from '../../testing/servers/tryton';
import { finishShipment, splitShipment } from '../../testing/servers/trytonWork';
import type { WmsHarness } from './contract';

// Other suites keep the machine busy meanwhile.
jest.setTimeout(120_000);

let shared: Promise<Tryton> | null = null;

/** The server of this test file, with nothing of ours in it. */
export async function emptyTryton(): Promise<Tryton> {
	const tryton = await (shared ??= Tryton.open());
	await tryton.reset();
	return tryton;
}

afterAll(async () => {
	const opened = shared;
	shared = null;
	await (await opened)?.close();
});

/** The header of a new session of the user that n8n signs in as. Checking a password takes its time. */
export async function signIn({ url, database }: Pick<Tryton, 'url' | 'database'>): Promise<string> {
	const response = await fetch(`${url}/${database}/`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ id: 1, method: 'common.db.login', params: [TRYTON_USER, { password: TRYTON_PASSWORD }] }),
	});
	const { result } = (await response.json()) as { result: [number, string] };
	return `Session ${Buffer.from(`${TRYTON_USER}:${result.join(':')}`).toString('base64')}`;
}

const signedIn = new WeakMap<Tryton, Promise<string>>();

/**
 * @param through the address of a proxy before Tryton
 * @param anew not in the session of earlier tests
 */
export async function sessionOf(
	tryton: Tryton,
	settings: TrytonSettings = {},
	{ through = tryton.url, timeoutMs = 20_000, anew = false } = {},
): Promise<WmsSession<unknown>> {
	const authorization = (anew ? undefined : signedIn.get(tryton)) ?? signIn(tryton);
	signedIn.set(tryton, authorization);
	const http = fetchHttp(`${through}/${tryton.database}`, { authorization: await authorization });
	const session = trytonWms.open(
		{ http: async (request) => await http({ ...request, timeoutMs }), account: 'tryton.test/warehouse' },
		settings,
	);
	return { ...session, createOrder: async (request) => await session.createOrder(request as TrytonRequest) };
}

/** The day is fixed so that the moment is. */
export const SHIPPED_ON = { __class__: 'date', year: 2026, month: 9, day: 5 };

export const trytonHarness: WmsHarness = {
	async empty() {
		const tryton = await emptyTryton();
		return { session: await sessionOf(tryton), orders: async () => await tryton.references() };
	},
	async reporting() {
		const tryton = await emptyTryton();
		const session = await sessionOf(tryton);
		await session.createOrder(trytonWms.toRequest(anOrder()));
		const { number, part } = await splitShipment(tryton, 'acme.1001', 'TEE-L');
		await tryton.rpc('stock.shipment.out.cancel', [part.id]);
		await finishShipment(tryton, number, { effective_date: SHIPPED_ON });
		await tryton.sql(`UPDATE stock_shipment_out SET write_date = '2026-09-05 12:00:00' WHERE number = $1`, [number]);
		const named = { reference: 'acme.1001', wmsOrderId: number };
		return {
			session,
			expected: [
				{ kind: 'acknowledged', ...named },
				{
					kind: 'shipped',
					...named,
					externalId: number,
					trackingNumber: null,
					carrier: null,
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T12:00:00.000Z',
				},
				{
					kind: 'canceled',
					reference: 'acme.1001',
					wmsOrderId: null,
					externalId: `cancel:${part.number}`,
					lines: [{ sku: 'TEE-L', quantity: 1 }],
				},
			],
		};
	},
};
