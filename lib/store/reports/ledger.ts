/** The book of one order while the reports of a page are carried out: the order as those so far left it, and what is to be written of it. */
import { alertsBy, changedAlerts, withRecommendation, type Alert, type AlertChange } from '../../order/alerts';
import { stepsBetween, type EventEffect } from '../../order/derive';
import type { Order, Shipment } from '../../order/order';
import { settledOfTold, wasTold } from '../../order/packages';
import { type Sending } from '../../order/sending';
import { isLive, stateOf, type SendingState } from '../../order/sendingState';
import { hasTrait, mayMove, statusLabel, type OrderStatus } from '../../order/status';
import type { Actor, NewTimelineEntry } from '../../order/timeline';
import type { WmsEvent } from '../../order/wmsEvent';
import { searchable, type ShipmentRow, type WmsEventRow } from '../database';
import { canceledInstead, type InnerFields, type Move } from '../moves';
import { type FullRow, type Progress, rowOf } from '../orders';

/** What a report proves of a sending. */
export interface Fact {
	sending: Sending;
	state: Sending['state'];
}

/** What goes to warehouses in the place of an order: its parts, or the bundle that it is in. */
export interface Substitutes {
	references: string[];
	/** Parts of which none went out can be taken away. */
	removable: boolean;
}

export class OrderLedger {
	readonly moves: Move[] = [];
	readonly newShipments: ShipmentRow[] = [];
	readonly newEvents: WmsEventRow[] = [];
	/** Shipments that were there before and are different now. */
	readonly changedShipments = new Map<string, Shipment>();
	/** Of them those of which the cart was told, and is to be told more. */
	readonly toldAgain: Array<{ id: string; heldBack: boolean }> = [];
	/** In which its tracking numbers are searched. */
	trackingText: string;
	/** With the next move its parts go. */
	private unsplit = false;

	constructor(
		/** As it is after the reports so far. */
		public order: Order,
		row: Pick<FullRow, 'tracking_text'>,
		/** What was sent of it, oldest first. */
		public sendings: readonly Sending[],
		/** Reports other than shipments that were carried out before, "canceled:<key>". */
		private readonly known: Set<string>,
		/** Shipments that a worker may be telling the cart about right now. */
		private readonly leased: ReadonlySet<string>,
		/** Of the warehouse that reports. */
		private readonly account: string | undefined,
		/** Null = it is sent itself. */
		public substitutes: Substitutes | null,
		readonly actor: Actor,
		readonly now: string,
	) {
		this.trackingText = row.tracking_text;
	}

	isLatest({ number }: Sending): boolean {
		return number === this.sendings.at(-1)?.number;
	}

	/** Whether the order goes by this sending. What is said of any other is kept with that, and only goods that left count. */
	isDecisive(sending: Sending): boolean {
		return this.substitutes === null && this.otherLive(sending) === undefined && (this.isLatest(sending) || isLive(sending.state));
	}

	private otherLive({ number }: Sending): Sending | undefined {
		return this.sendings.find((other) => other.number !== number && isLive(other.state));
	}

	/** What is known of the order once a fact is written. */
	stateAfter(fact: Fact | null): SendingState {
		if (fact === null) return this.order.sending;
		return stateOf(this.sendings.map(({ number, state }) => (number === fact.sending.number ? fact.state : state)));
	}

	/** The warehouse has the whole, so parts that never went out are not wanted any more. */
	goesItself(): void {
		if (this.substitutes?.removable !== true) return;
		this.substitutes = null;
		this.unsplit = true;
	}

	/** It is there after all, and nobody counts on it. */
	unexpected({ reference, state }: Sending): Alert | null {
		const { status } = this.order;
		if (status === 'error' && state === 'not_there') {
			return {
				code: 'duplicate_differs',
				message: `The warehouse confirmed an order ${reference}, which was known not to be there: it may be another one.`,
			};
		}
		if (!hasTrait(status, 'not_shipping') || mayMove(status, 'open')) return null;
		return { code: 'canceled_in_cart', message: `The order is ${statusLabel(status)}, but the warehouse has it under ${reference}.` };
	}

	add(shipment: Shipment): void {
		this.newShipments.push(this.rowOf(shipment));
		this.order = { ...this.order, shipments: [...this.order.shipments, shipment] };
	}

	searchFor(trackingNumbers: readonly string[]): void {
		for (const number of trackingNumbers) this.trackingText = `${this.trackingText}\n${searchable(number)}`.slice(-4000);
	}

	/** Or may be, at this moment. */
	wasUploaded(shipment: Shipment): boolean {
		return wasTold(shipment) || this.leased.has(shipment.id);
	}

	change(shipment: Shipment): void {
		// One that this very page reported is not written yet.
		const fresh = this.newShipments.findIndex(({ id }) => id === shipment.id);
		if (fresh >= 0) this.newShipments[fresh] = this.rowOf(shipment);
		else this.changedShipments.set(shipment.id, shipment);
		this.order = { ...this.order, shipments: this.order.shipments.map((each) => (each.id === shipment.id ? shipment : each)) };
	}

	/** The same, where the cart was told of it and is to be told of numbers that came since. */
	changeAndTell(shipment: Shipment, heldBack = false): void {
		if (shipment.uploadedAt === null) return this.change(shipment);
		this.toldAgain.push({ id: shipment.id, heldBack });
		this.change({ ...shipment, uploadedAt: null, settledNumbers: settledOfTold(shipment.settledNumbers) });
	}

	/** Another warehouse has it, or may have it. */
	twice(sending: Sending, state: Sending['state']): Alert | null {
		if (!isLive(state)) return null;
		const named = ({ reference, account, wms }: Sending): string => `${account === '' ? wms : account} (${reference})`;
		const message = (first: string, last: string): string => `Two warehouses have the order, or may have it: first ${first}, then ${last}.`;
		if (this.substitutes !== null) return { code: 'sent_twice', message: message(named(sending), this.substitutes.references.join(', ')) };
		const other = this.otherLive(sending);
		if (other === undefined) return null;
		const [first, last] = other.number < sending.number ? [other, sending] : [sending, other];
		return { code: 'sent_twice', message: message(named(first), named(last)) };
	}

	/** What became of the latest sending is not asked any more once the order is under way by another one. */
	private inDoubt(fact: Fact | null, to: OrderStatus): Alert | null {
		const latest = this.sendings.at(-1);
		if (
			latest === undefined ||
			!hasTrait(to, 'at_warehouse') ||
			this.stateAfter(fact) !== 'may_be_there' ||
			latest.state !== 'may_be_there'
		)
			return null;
		return {
			code: 'outcome_unknown',
			message: `An earlier sending of the order was shipped. It is not known whether ${latest.account === '' ? latest.wms : latest.account} has ${latest.reference}.`,
		};
	}

	/**
	 * Writes down the moves that an effect stands for, and makes the order what it is after them.
	 *
	 * @param fact what the report proves; null = nothing
	 * @param besides what else is wrong; by default, that another warehouse has the order too
	 */
	apply(
		effect: EventEffect,
		set: InnerFields,
		entries: NewTimelineEntry[],
		fact: Fact | null,
		besides: ReadonlyArray<Alert | null> = fact === null ? [] : [this.twice(fact.sending, fact.state)],
	): void {
		const from = this.order.status;
		const known = this.stateAfter(fact);
		// What is reported proves that the WMS has the order, though its confirmation was not heard yet.
		for (const step of stepsBetween(from, effect.to)) {
			this.push(
				step,
				'The warehouse reported on the order.',
				{ heldUntil: null, retryAt: null, ...(step === 'open' ? this.sent() : {}) },
				[],
				step === 'open' ? fact : null,
			);
		}
		const alertsNow = [effect.alert, ...besides, this.inDoubt(fact, effect.to)].filter((alert) => alert !== null);
		const raise = alertsNow.filter(({ code }, index) => alertsNow.findIndex((other) => other.code === code) === index);
		const proven = fact?.state === 'there' ? alertsBy('sending').filter((code) => code !== 'sent_twice') : [];
		const solved =
			from === 'error' && effect.to !== 'error'
				? alertsBy('sending', 'content')
				: effect.to === 'canceled'
					? alertsBy('sending', 'content', 'cart')
					: proven;
		const endsDoubleSending =
			fact !== null &&
			isLive(fact.sending.state) &&
			!isLive(fact.state) &&
			this.substitutes === null &&
			this.sendings.filter(({ state }) => isLive(state)).length === 2;
		// What is not known of another one is still not known; that two have it is over once one lets go of it.
		const clear = [...solved, ...(endsDoubleSending ? (['sent_twice'] as const) : [])].filter(
			(code) => code !== 'outcome_unknown' || known !== 'may_be_there',
		);
		const alerts: AlertChange = { raise, clear };
		// Whatever a warehouse reports, it had the order.
		this.push(effect.to, effect.reason, { ...set, ...this.sent(), alerts }, entries, fact);
		const shown = changedAlerts<Alert>(this.order.alerts, alerts).map(withRecommendation);
		this.order = { ...this.order, alerts: shown, alert: shown[0] ?? null };
	}

	private push(to: OrderStatus, reason: string | null, set: InnerFields, entries: NewTimelineEntry[], fact: Fact | null): void {
		const from = this.order.status;
		const known = this.stateAfter(fact);
		const meant: Move = {
			orderId: this.order.id,
			version: this.order.version,
			actor: this.actor,
			reason,
			set,
			entries,
			...(to === from ? {} : { from, to }),
			...(this.unsplit ? { unsplit: true as const } : {}),
			...(fact === null
				? {}
				: {
						sending: { state: fact.state, number: fact.sending.number, ...(this.account === undefined ? {} : { account: this.account }) },
					}),
		};
		this.unsplit = false;
		// The next report of the page finds the order as this one leaves it.
		const move = canceledInstead(
			meant,
			{ status: from, canceled_in_cart_at: this.order.canceledInCartAt, cancel_due_at: this.order.cancelDueAt },
			known,
		);
		this.moves.push(move);
		if (fact !== null)
			this.sendings = this.sendings.map((sending) =>
				sending.number === fact.sending.number
					? { ...sending, state: fact.state, wmsOrderId: set.wmsOrderId ?? sending.wmsOrderId }
					: sending,
			);
		this.order = {
			...this.order,
			status: move.to ?? from,
			version: this.order.version + 1,
			sending: known,
			...(set.canceledInCartAt === null ? { canceledInCartAt: null } : {}),
			...(move.set?.cancelDueAt === null ? { cancelDueAt: null } : {}),
			...(set.wmsOrderId === undefined ? {} : { wmsOrderId: set.wmsOrderId }),
			...(set.sentAt === undefined ? {} : { sentAt: this.now }),
		};
	}

	/**
	 * The warehouse's key of the order, when it is news. Our own reference only stood in for it until the warehouse gave one. The order shows that of
	 * its latest sending.
	 */
	keyOf({ wmsOrderId }: WmsEvent, sending: Sending): Pick<InnerFields, 'wmsOrderId'> {
		const known = this.order.wmsOrderId;
		return wmsOrderId && this.isLatest(sending) && (known === null || known === this.order.reference) && wmsOrderId !== known
			? { wmsOrderId }
			: {};
	}

	private sent(): Pick<InnerFields, 'sentAt'> {
		return this.order.sentAt === null ? { sentAt: this.now } : {};
	}

	/** Whether a report that is no shipment was carried out before. */
	knows(kind: string, externalId: string): boolean {
		return this.known.has(`${kind}:${externalId}`);
	}

	/** The first time that it is said. */
	isNew(kind: string, externalId: string): boolean {
		const key = `${kind}:${externalId}`;
		if (this.known.has(key)) return false;
		this.known.add(key);
		this.newEvents.push({ order_id: this.order.id, kind, external_id: externalId, at: this.now });
		return true;
	}

	addQuantities(lines: ReadonlyArray<{ lineId: string; quantity: number }>, field: 'quantityShipped' | 'quantityCanceled'): void {
		const more = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
		this.order = {
			...this.order,
			lines: this.order.lines.map((line) => ({ ...line, [field]: line[field] + (more.get(line.id) ?? 0) })),
		};
	}

	/** No cart knows a bundle: its orders upload what is theirs of a shipment. */
	private rowOf(shipment: Shipment): ShipmentRow {
		return this.order.bundleSize > 0 ? { ...rowOf(shipment), upload_due_at: null } : rowOf(shipment);
	}

	progress(): Progress {
		return Object.fromEntries(
			this.order.lines.map(({ id, quantityShipped, quantityCanceled }) => [id, { shipped: quantityShipped, canceled: quantityCanceled }]),
		);
	}
}
