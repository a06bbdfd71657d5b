/**
 * The order as nodes pass it on: plain JSON, camelCase, money as decimal strings, dates as ISO-8601 UTC with milliseconds,
 * quantities as integers ≥ 0, absent values as `null` (never `undefined`, which JSON drops).
 */
import type { AlertView } from './alerts';
import type { OrderStatus } from './status';

/** A date and time in UTC, `2026-11-23T20:27:00.000Z`. */
export type IsoDate = string;
/** A decimal number as text, `"19.90"`; never a float. */
export type Money = string;

export interface Address {
	name: string | null;
	company: string | null;
	address1: string | null;
	address2: string | null;
	address3: string | null;
	city: string | null;
	/** State, province or county as the cart gives it (code or name). */
	region: string | null;
	postalCode: string | null;
	/** ISO 3166-1 alpha-2, upper case. */
	country: string | null;
	phone: string | null;
	email: string | null;
}

/** What one line of an order asks for. Progress (shipped, canceled) is kept apart: see `LineItem`. */
export interface OrderedLine {
	/** Ours, unique within the order; a line keeps it through rules and splits. */
	id: string;
	/** The cart's key of the line. Components of a kit keep the key of the line they came from. */
	externalId: string | null;
	sku: string | null;
	name: string;
	quantity: number;
	unitPrice: Money | null;
	/** Weight of one unit, in grams. */
	weight: number | null;
	options: Record<string, string>;
	custom: Record<string, JsonValue>;
	/** Only components of a kit have it. */
	kit?: KitPart;
	/** Only lines of an order that bundles others have it. */
	source?: SourceOfLine;
	/** Only while rules run: the warehouse that this line alone goes to. */
	warehouse?: string;
}

/** Where a component of a kit comes from, so that tracking goes back to the line that the cart sold. */
export interface KitPart {
	/** The id that the line of the kit had. */
	lineId: string;
	/** The SKU of the kit as the cart has it. */
	sku: string | null;
	/** How many of the component one kit holds; ≥ 1. */
	quantity: number;
}

/** Which line of which bundled order it is, so that its tracking goes back there. */
export interface SourceOfLine {
	orderId: string;
	lineId: string;
}

export interface LineItem extends OrderedLine {
	quantityShipped: number;
	quantityCanceled: number;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * What was bought, by whom, where it goes and how: the part of an order that the cart gives, that people edit and that
 * rules change. The three layers of an order (snapshot, edits, result of the rules) are all of this shape or patches of it.
 */
export interface OrderContent {
	orderNumber: string;
	/** For a 3PL: whose order it is. */
	merchant: string | null;
	orderedAt: IsoDate | null;
	customer: { email: string | null; phone: string | null };
	billingAddress: Address | null;
	shippingAddress: Address | null;
	lines: OrderedLine[];
	/** The cart's free text, "DHL Express (2-3 days)". */
	shippingMethod: string | null;
	carrier: string | null;
	serviceLevel: string | null;
	/** The code of the warehouse that ships it; given by rules. */
	warehouse: string | null;
	requestedShipDate: IsoDate | null;
	signatureRequired: boolean;
	insuredAmount: Money | null;
	thirdPartyAccount: string | null;
	giftMessage: string | null;
	shippingNotes: string | null;
	/** ISO 4217. */
	currency: string | null;
	subtotal: Money | null;
	shippingAmount: Money | null;
	taxAmount: Money | null;
	discountAmount: Money | null;
	total: Money | null;
	discountCodes: string[];
	tags: string[];
	notes: string | null;
	custom: Record<string, JsonValue>;
}

/** What a cart adapter makes of one raw order. `raw` is kept in the store as the source payload. */
export interface ImportedOrder {
	/** The cart's own key of the order, unique within the store. */
	externalId: string;
	/** True when the cart says that the order is canceled; such an order is not imported, or cancels the one we have. */
	canceled: boolean;
	content: OrderContent;
	raw: JsonValue;
}

/** What went to the customer in one parcel (or will be, when `voided`). */
export interface Shipment {
	id: string;
	orderId: string;
	/** The WMS's key of the shipment, unique within the order. */
	externalId: string;
	carrier: string | null;
	serviceLevel: string | null;
	trackingNumber: string | null;
	trackingUrl: string | null;
	shippedAt: IsoDate | null;
	lines: ShipmentLine[];
	recordedAt: IsoDate;
	/** When the cart was told; `null` = not yet. */
	uploadedAt: IsoDate | null;
	/** Why the last upload failed; `null` = it did not. */
	uploadProblem: string | null;
	uploadAttempts: number;
	/** Not to be uploaded before a person reprocesses the order (late shipment of an archived, abandoned or canceled order). */
	uploadHeldBack: boolean;
	/** When the warehouse took the shipment back (voided its label); its quantities are to be shipped again, and it is not uploaded. */
	voidedAt: IsoDate | null;
}

export interface ShipmentLine {
	lineId: string;
	quantity: number;
}

/** One order as the store gives it and nodes pass it on. */
export interface Order extends Omit<OrderContent, 'lines'> {
	id: string;
	/** The sales channel account, named by the user: "acme-us". */
	store: string;
	/** Code of the cart adapter: "file", "shopify". */
	cart: string;
	externalId: string;
	/** The key that we give to the WMS: unique in the whole order store, never given to another order. */
	reference: string;
	/** Code of the WMS adapter that has (or had) the order. */
	wms: string | null;
	wmsOrderId: string | null;
	parentId: string | null;
	/** The order that this one was merged into. */
	bundledInto: string | null;
	/** How many orders this one (or the one that it is a part of) bundles; 0 = it is an order of the cart, or a part of one. */
	bundleSize: number;

	status: OrderStatus;
	statusReason: string | null;
	/** How often sending was tried since the last reset or reprocess. */
	attempts: number;
	heldUntil: IsoDate | null;
	retryAt: IsoDate | null;
	alert: AlertView | null;
	/** Counts every write; an update that names an older version is refused. */
	version: number;

	importedAt: IsoDate;
	updatedAt: IsoDate;
	sentAt: IsoDate | null;
	openedAt: IsoDate | null;
	acknowledgedAt: IsoDate | null;
	closedAt: IsoDate | null;
	abandonAt: IsoDate | null;

	lines: LineItem[];
	/** One line for people: "2 × RED-MUG, 1 × TEE-L". */
	description: string;
	shipments: Shipment[];
}
