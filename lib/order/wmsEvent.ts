/** What a warehouse reports about an order, as an adapter translates it. Recorded once, in the order in which it is read. */
import type { FieldProblem } from './errors';
import type { IsoDate, JsonValue, Package } from './order';

/** A position in a cart's or a warehouse's list; opaque to everybody but the adapter. */
export type Cursor = JsonValue;

/** A quantity of one line, named by what the partner knows: our line id, the cart's line key, or the SKU. */
export interface ReportedLine {
	lineId?: string | null;
	externalId?: string | null;
	sku?: string | null;
	quantity: number;
}

interface ReportedBase {
	/** How the warehouse names the order; at least one of the two. */
	reference?: string | null;
	wmsOrderId?: string | null;
	/** Where it was read, for people: "shipments/2026-11-23.csv, row 7". */
	origin: string;
}

export interface SharedKey {
	/** The warehouse's key of the shipment. */
	shipment: string;
	/** The report names no other package under this key. */
	alone: boolean;
	/** The report names a package without a tracking number under this key. */
	unnumbered: boolean;
}

/** A package as a warehouse tells it. Its contents stand in the lines of the shipment, too. */
export type ReportedPackage = Partial<Omit<Package, 'trackingNumbers' | 'lines'>> &
	Pick<Package, 'trackingNumbers'> & { lines?: ReportedLine[] | null };

export interface ReportedShipment extends ReportedBase {
	kind: 'shipped';
	/**
	 * The warehouse's key of the shipment; the same key twice is the same shipment, whose tracking may have come or changed since. Lines
	 * count the first time only.
	 */
	externalId: string;
	/** Given where the packages of a shipment are told apart by their tracking numbers only; see `findShipment`. */
	sharedKey?: SharedKey;
	carrier: string | null;
	serviceLevel: string | null;
	trackingNumber: string | null;
	trackingUrl: string | null;
	/** Absent = one package, of the fields above. */
	packages?: ReportedPackage[];
	shippedAt: IsoDate | null;
	/** `null` = everything that is still outstanding. */
	lines: ReportedLine[] | null;
}

/** The warehouse confirms that it has the order. */
export interface ReportedAcknowledgement extends ReportedBase {
	kind: 'acknowledged';
}

/** The warehouse refuses an order that it was given. */
export interface ReportedRejection extends ReportedBase {
	kind: 'rejected';
	problems: FieldProblem[];
}

/** The warehouse canceled the order, or some quantities of it. */
export interface ReportedCancellation extends ReportedBase {
	kind: 'canceled';
	/** The warehouse's key of the cancellation; the same key twice is the same one. */
	externalId: string;
	reason: string | null;
	/** `null` = everything that is still outstanding. */
	lines: ReportedLine[] | null;
}

/** The warehouse takes a shipment back: its label was voided before it left. */
export interface ReportedVoid extends ReportedBase {
	kind: 'voided';
	/** The key of the shipment. */
	externalId: string;
	reason: string | null;
}

export type WmsEvent = ReportedShipment | ReportedAcknowledgement | ReportedRejection | ReportedCancellation | ReportedVoid;
