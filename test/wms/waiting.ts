import type { WaitingOrder, WaitingOrders } from '../../lib/wms/Wms';

/** For a WMS that is not to ask about any order. */
export const nothingWaits: WaitingOrders = async function* () {};

export const waitingFor = (...orders: WaitingOrder[]): WaitingOrders =>
	async function* () {
		yield orders;
	};
