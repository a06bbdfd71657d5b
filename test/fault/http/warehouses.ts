/** The WMSs that orders are sent to over HTTP here, as a process of ours opens them. */
import { extensivWms } from '../../../lib/wms/extensiv';
import { DEFAULTS, httpWmsFor } from '../../../lib/wms/genericHttp';
import { shipBobWms } from '../../../lib/wms/shipBob';
import { shipStationWms } from '../../../lib/wms/shipStation';
import { trytonWms } from '../../../lib/wms/tryton';
import { opened, type OpenedWms } from '../../../nodes/partners/opened';
import { fetchHttp } from '../../../testing/http/fetchHttp';

/** Tells the peer which process a request comes from. */
export const SENDER = 'x-sender';

export const SHIPSTATION_TOGETHER = 5;

export interface Account {
	url: string;
	key: string;
	/** Whatever the WMS calls the part of an account that orders belong to. */
	channel: string;
}

/** @param timeoutMs after which a request is given up */
type Open = (account: Account, worker: string, timeoutMs: number) => OpenedWms;

export const WAREHOUSES = {
	/** Refuses a second order with the same reference. */
	shipBob: ({ url, key, channel }, worker, timeoutMs) => {
		const http = fetchHttp(url, { authorization: `Bearer ${key}`, [SENDER]: worker });
		return opened(
			shipBobWms,
			shipBobWms.open(
				{ http: async (request) => await http({ ...request, timeoutMs }), account: channel },
				{ channelId: channel, createMissing: true },
			),
		);
	},
	/** Takes an order as often as it is sent; it can be looked up. */
	genericHttp: ({ url, key }, worker, timeoutMs) => {
		const http = fetchHttp(`${url}/api`, { 'x-api-key': key, [SENDER]: worker });
		const wms = httpWmsFor(DEFAULTS);
		return opened(wms, wms.open({ http: async (request) => await http({ ...request, timeoutMs }), account: 'wms.example.com' }, DEFAULTS));
	},
	/** Looked up before each sending, and refuses a second order with the same reference. The channel is its customer. */
	extensiv: ({ url, key, channel }, worker, timeoutMs) => {
		const http = fetchHttp(url, { authorization: `Bearer ${key}`, [SENDER]: worker });
		return opened(
			extensivWms,
			extensivWms.open(
				{ http: async (request) => await http({ ...request, timeoutMs }), account: channel },
				{ customerId: channel, facilityId: '4' },
			),
		);
	},
	/** Takes several orders in one request, few here so that there are many requests, and refuses a second one with the same reference inside of an answer of status 200. */
	shipStation: ({ url, key, channel }, worker, timeoutMs) => {
		const http = fetchHttp(url, { 'api-key': key, [SENDER]: worker });
		const wms = { ...shipStationWms, capabilities: { ...shipStationWms.capabilities, ordersPerCall: SHIPSTATION_TOGETHER } };
		return opened(wms, shipStationWms.open({ http: async (request) => await http({ ...request, timeoutMs }), account: channel }, {}));
	},
	/** Takes any number of shipments with one reference; the channel is the database, and the address has it. */
	tryton: ({ url, key, channel }, worker, timeoutMs) => {
		const http = fetchHttp(url, { authorization: key, [SENDER]: worker });
		return opened(trytonWms, trytonWms.open({ http: async (request) => await http({ ...request, timeoutMs }), account: channel }, {}));
	},
} as const satisfies Record<string, Open>;

export type WarehouseCode = keyof typeof WAREHOUSES;
