/** Answers that are no answers: a look-up must never take them for "not there", a list never for "nothing new". Of every warehouse over HTTP. */
import type { HttpAccount, HttpResponse } from '../../lib/http/Http';
import { DEFAULTS, httpWmsFor } from '../../lib/wms/genericHttp';
import { wmsPartners } from '../../nodes/partners/lists';
import type { WmsSession } from '../../lib/wms/Wms';
import type { Cursor } from '../../lib/order/wmsEvent';
import { CLIENT } from '../../testing/servers/extensiv';
import { nothingWaits } from './waiting';

/** With the paths that people leave empty, too. */
const TOP = { ...DEFAULTS, lookUp: { ...DEFAULTS.lookUp!, listPath: '' }, shipments: { ...DEFAULTS.shipments, listPath: '' } };

type Open = (account: HttpAccount) => WmsSession<never>;

/** Of those that have no sense without. */
const SETTINGS: Readonly<Record<string, unknown>> = { extensiv: CLIENT, genericHttp: DEFAULTS, shipBob: { channelId: '1' } };

/** Every WMS over HTTP. */
const OVER_HTTP: ReadonlyArray<readonly [string, Open]> = [
	...wmsPartners
		.filter(([, { exchangesFiles }]) => exchangesFiles !== true)
		.map(([code, { wms }]): [string, Open] => [code, (account) => wms.open(account as never, (SETTINGS[code] ?? {}) as never)]),
	['genericHttp at the top', (account) => httpWmsFor(TOP).open(account, TOP)],
];

const NOTHING: ReadonlyArray<[what: string, response: Omit<HttpResponse, 'headers'>]> = [
	['nothing', { status: 200, body: null }],
	['nothing, as made', { status: 201, body: null }],
	['a page', { status: 200, body: '<html>' }],
	['a page, not found', { status: 404, body: '<html>' }],
	['other data', { status: 200, body: 7 }],
];

const KNOWN: Cursor = { since: '2026-11-01T00:00:00.000Z', shipments: '2026-11-01T00:00:00.000000' };

describe.each(OVER_HTTP)('%s', (_, open) => {
	const sessionFor = (response: Omit<HttpResponse, 'headers'>): WmsSession<never> =>
		open({ http: async () => await Promise.resolve({ ...response, headers: { date: 'Mon, 30 Nov 2026 12:00:00 GMT' } }), account: 'x' });
	/** The positions that are kept. */
	const positions = async (session: WmsSession<never>): Promise<Cursor[]> => {
		const kept: Cursor[] = [];
		for await (const { next } of session.listShipments(KNOWN, nothingWaits)) if (next !== null) kept.push(next);
		return kept;
	};
	it.each(NOTHING)('%s is no order that is not there, and no list without entries', async (_, response) => {
		await expect(sessionFor(response).findOrder('N1')).rejects.toMatchObject({ name: 'PartnerError' });
		await expect(positions(sessionFor(response))).rejects.toMatchObject({ name: 'PartnerError' });
	});

	it('no content is no order that is not there, and moves no position', async () => {
		await expect(sessionFor({ status: 204, body: null }).findOrder('N1')).rejects.toMatchObject({ name: 'PartnerError' });
		expect(await positions(sessionFor({ status: 204, body: null })).catch(() => [])).toEqual([]);
	});
});
