/**
 * The order as nodes pass it on: plain JSON, camelCase, money as decimal strings, dates as ISO-8601 UTC with milliseconds,
 * quantities as integers ≥ 0, absent values as `null` (never `undefined`, which JSON drops).
 */
import type { AlertView } from './alerts';
import type { CartWord } from './cartWord';
import type { LineKind, NotOurs } from './goods';
import type { SendingState } from './sendingState';
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
	/** Absent = goods. */
	kind?: LineKind;
	/** Of a part: the id of the line that contains it. */
	partOf?: string;
	/** What the cart sold of this line and is not ours to ship; `quantity` is without it. Absent = nothing. */
	notOurs?: NotOurs[];
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
	/** What the cart says of it as a whole. That nothing of it is ours follows from the lines: see `wordOf`. */
	word: CartWord;
	/** Why the trigger does not take it as a new order: its settings are about orders that the store does not know. Absent = it does. */
	notEligible?: string;
	/** How many of each line (by our id) the cart counts as shipped, by us or by others. What we did not ship, others did. Absent = none. */
	shipped?: Readonly<Record<string, number>>;
	/** Lines (by our id) of which the cart says that some are shipped and not how many, and that in words: the order waits, unless we shipped some of them. */
	partlyShipped?: Readonly<Record<string, string>>;
	/** The same under the key that it had before: until the cart split it, or as an older version of ours read it. Counts where the store knows that one. */
	asBefore?: ImportedOrder;
	/** The key of the order that the cart split it off from: once that one went out, this one waits. */
	splitFrom?: string;
	content: OrderContent;
	raw: JsonValue;
}

/** One box of a shipment, with what the carrier calls it. */
export interface Package {
	/** The warehouse's key of the package; null = it has none. */
	key: string | null;
	carrier: string | null;
	serviceLevel: string | null;
	trackingNumbers: string[];
	trackingUrl: string | null;
	/** The number of the logistic unit (20 digits, or 18 without the marker); never told to the customer. */
	sscc: string | null;
	/** In grams. */
	weight: number | null;
	/** Null = not known; the goods of the shipment are in its `lines`. */
	lines: ShipmentLine[] | null;
}

/** Goods that went to the customer (or did not, when `voided`) in one or more packages. Carrier, number and link are those of its first package with a number. */
export interface Shipment {
	id: string;
	orderId: string;
	/** The WMS's key of the shipment, unique within the order. */
	externalId: string;
	carrier: string | null;
	serviceLevel: string | null;
	trackingNumber: string | null;
	trackingUrl: string | null;
	/** Empty = one, of the fields above. */
	packages: Package[];
	shippedAt: IsoDate | null;
	lines: ShipmentLine[];
	recordedAt: IsoDate;
	/** When the cart was told; `null` = not yet, or not yet of all numbers. */
	uploadedAt: IsoDate | null;
	/** Numbers of which nothing is due any more: the cart was told, or a person was (alert `tracking_changed`). "" = the cart was told when there was none. */
	settledNumbers: string[];
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
	/** The account of the warehouse that it was sent to last, without secrets: "wms:shipBob:api.shipbob.com/77". */
	wmsAccount: string | null;
	/** What is known of its latest sending: whether the warehouse has it, may have it, or has it not. */
	sending: SendingState;
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
	/** The most urgent of its alerts. */
	alert: AlertView | null;
	/** All of them, the most urgent first. */
	alerts: AlertView[];
	/** What the cart said of it last. */
	inCart: CartWord;
	/** When the cart said that it is canceled; null = it wants it. */
	canceledInCartAt: IsoDate | null;
	/** When the warehouse is to be asked (again) to cancel it; null = nobody wants that, or it was answered. */
	cancelDueAt: IsoDate | null;
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
