/** An order that a cart gives, what the store has of it, and what becomes of it: the words that an import works with. */
import type { CartWord } from '../../order/cartWord';
import type { OrderLayers } from '../../order/layers';
import type { ImportedOrder } from '../../order/order';
import type { FieldChange } from '../../order/timeline';
import type { ImportResult } from '../OrderStore';
import type { OrderRow } from '../database';
import type { BundleState, Move } from '../moves';

export interface Candidate {
	/** As the cart gave it. */
	given: ImportedOrder;
	/** Without what others shipped. */
	order: ImportedOrder;
	/** What the cart says of it, also that nothing of it is ours. */
	word: CartWord;
	externalId: string;
	/** The content as it is stored. */
	snapshot: string;
	hash: string;
	index: number;
}

export type KnownRow = Pick<
	OrderRow,
	| 'id'
	| 'external_id'
	| 'status'
	| 'sending'
	| 'snapshot_hash'
	| 'version'
	| 'readiness'
	| 'cart_reason'
	| 'ready_at'
	| 'canceled_in_cart_at'
	| 'parts_made'
	| 'bundled_into'
	| 'shipment_count'
>;

/** What the cart changed of an order. */
export interface Difference {
	layers: OrderLayers;
	changes: FieldChange[];
}

export interface Changed {
	candidate: Candidate;
	row: KnownRow;
	moves: Move[];
	/** Moves of its parts. */
	more?: Move[];
	/** The bundle that it is in. */
	bundle?: BundleState;
	tells?: true;
	/** What the cart changed of it. */
	difference?: Difference;
	/** What is kept of an order that the cart wants again as it said last: what it changed while it did not want it was not told. */
	wantedAgain?: OrderLayers;
	kind: ImportResult['kind'];
	reason: ImportResult['reason'];
}
