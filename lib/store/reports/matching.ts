/** Finds the order, and the sending of it, that a warehouse's report is about. */
import type { Sending } from '../../order/sending';
import type { WmsEvent } from '../../order/wmsEvent';
import { referenceBase } from '../../order/reference';
import type { OrderLedger } from './ledger';

interface Matched {
	ledger: OrderLedger;
	sending: Sending;
}

/**
 * Only what was sent to the account that reports can be meant: two accounts may use the same keys. A report that names a reference is about that
 * reference, whatever key stands beside it; one without is found by the warehouse's own key. Null = no order, or several that cannot be told
 * apart: a wrong guess would be worse.
 */
export function matcher(
	ledgers: readonly OrderLedger[],
	{ wms, account }: { wms: string; account?: string },
): (event: WmsEvent) => Matched | null {
	const sent = ledgers.flatMap((ledger) =>
		ledger.sendings
			.filter(
				(sending) =>
					(sending.wms === wms || sending.wms === '') && (account === undefined || sending.account === account || sending.account === ''),
			)
			.map((sending): Matched => ({ ledger, sending })),
	);
	const byReference = grouped(sent, ({ sending }) => sending.reference);
	const byKey = grouped(sent, ({ sending }) => sending.wmsOrderId ?? '');
	return (event) => {
		const { reference, wmsOrderId } = event;
		if (reference)
			return latest(byReference.get(reference) ?? []) ?? (event.kind === 'shipped' ? earlierReference(ledgers, sent, reference) : null);
		return wmsOrderId ? latest(byKey.get(wmsOrderId) ?? []) : null;
	};
}

/** Goods that left are goods that left: versions that did not keep sendings forgot the earlier references of an order. */
function earlierReference(ledgers: readonly OrderLedger[], sent: readonly Matched[], reference: string): Matched | null {
	const base = referenceBase(reference);
	const forgotten = ledgers.filter(
		({ order, sendings }) => referenceBase(order.reference) === base && sendings.some(({ account }) => account === ''),
	);
	return latest(sent.filter(({ ledger }) => forgotten.includes(ledger)));
}

/** The last of those of one order; null when they are of several. */
function latest(found: readonly Matched[]): Matched | null {
	const [first] = found;
	if (first === undefined || found.some(({ ledger }) => ledger !== first.ledger)) return null;
	return found.reduce((left, right) => (right.sending.number > left.sending.number ? right : left));
}

function grouped(sent: readonly Matched[], key: (matched: Matched) => string): Map<string, Matched[]> {
	const groups = new Map<string, Matched[]>();
	for (const matched of sent) groups.set(key(matched), [...(groups.get(key(matched)) ?? []), matched]);
	return groups;
}
