/** Tryton 6 with its module `stock`, over JSON-RPC: an order is a customer shipment. How it is sent only once: see `sending.ts`. */
import { SYSTEM_CLOCK, type Clock } from '../../http/clock';
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import { sendOutcome } from '../common/outcomes';
import type { Wms, WmsSession } from '../Wms';
import { changes } from './polling';
import { recordsFor } from './records';
import { LIMITS, toRequest, type TrytonRequest } from './request';
import { sendingTo } from './sending';

export type { TrytonRequest } from './request';

export interface TrytonSettings {
	/** Code of the warehouse in Tryton for orders whose own is none of Tryton's; absent = there is only one. */
	warehouseCode?: string;
	/** Whether the field Reference of a shipment stays empty, for modules of carriers that fill it themselves. */
	leaveReference?: boolean;
	/** The field of a shipment that holds the tracking number of what is in no package. */
	trackingField?: string;
	clock?: Clock;
}

export const trytonWms: Wms<HttpAccount, TrytonRequest, TrytonSettings> = {
	code: 'tryton',
	label: 'Tryton',
	limits: LIMITS,
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: openSession,
};

function openSession(
	{ http, account }: HttpAccount,
	{ warehouseCode = '', leaveReference = false, trackingField, clock = SYSTEM_CLOCK }: TrytonSettings,
): WmsSession<TrytonRequest> {
	const records = recordsFor(http, warehouseCode);
	const sending = sendingTo(records, { fillReference: !leaveReference, clock });
	return {
		source: `wms:tryton:${account}`,
		findOrder: sending.find,
		createOrder: async (request) => await sendOutcome(async () => await sending.create(request)),
		listShipments(cursor) {
			const clock = readingClock(http, cursor);
			return changes(recordsFor(clock.http, warehouseCode), clock, cursor, { trackingField: trackingField ?? null, settle: sending.find });
		},
		cancelOrder: sending.cancel,
	};
}
