/** Finds the order that a warehouse's report is about. */
import type { WmsEvent } from '../../order/wmsEvent';
import { referenceBase } from '../reference';
import type { OrderLedger } from './orderLedger';

/**
 * By the reference, else by the warehouse's own key. A shipment may also name an earlier reference of the order: goods that
 * left are goods that left. Null = no order, or several that cannot be told apart: a wrong guess would be worse.
 */
export function matcher(ledgers: readonly OrderLedger[]): (event: WmsEvent) => OrderLedger | null {
	const byReference = grouped(ledgers, ({ order }) => order.reference);
	const byBase = grouped(ledgers, ({ order }) => referenceBase(order.reference));
	// The keys that orders had when the page began: one that is given within the page is found by its reference.
	const byWmsOrder = grouped(ledgers, ({ order }) => order.wmsOrderId ?? '');
	return (event) => {
		const { reference, wmsOrderId } = event;
		const named = wmsOrderId ? (byWmsOrder.get(wmsOrderId) ?? []) : [];
		const candidates =
			(reference ? byReference.get(reference) : undefined) ??
			(named.length > 0 ? named : undefined) ??
			(reference && event.kind === 'shipped' ? byBase.get(referenceBase(reference)) : undefined) ??
			// The warehouse let go of it under this key: only what we heard before, or a parcel, can still be about it.
			ledgers.filter((ledger) => wmsOrderId && ledger.released(wmsOrderId) && (event.kind === 'shipped' || ledger.knows(event)));
		return onlyOne(candidates) ?? onlyOne(candidates.filter((ledger) => named.includes(ledger))) ?? onlyOne(candidates.filter(isWaited));
	};
}

const onlyOne = <T>(items: readonly T[]): T | null => (items.length === 1 ? items[0]! : null);

const isWaited = ({ order }: OrderLedger): boolean => ['queued', 'open', 'partially_shipped'].includes(order.status);

function grouped(ledgers: readonly OrderLedger[], key: (ledger: OrderLedger) => string): Map<string, OrderLedger[]> {
	const groups = new Map<string, OrderLedger[]>();
	for (const ledger of ledgers) groups.set(key(ledger), [...(groups.get(key(ledger)) ?? []), ledger]);
	return groups;
}
