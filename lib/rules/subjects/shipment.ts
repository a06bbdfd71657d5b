/**
 * A shipment as rules judge it before the cart is told. `carrier`, `serviceLevel`, `trackingNumber`, `trackingUrl` (those of its first package with a number),
 * `trackingNumbers` (all of them), `packages` and `shippedAt` are its own, `lines` are those in
 * it with the quantity in it; whatever else an order has is read from the order (its own carrier is `orderCarrier`).
 */
import type { Order, OrderedLine, Package, Shipment } from '../../order/order';
import { numbersOf } from '../../order/packages';
import type { Scope } from '../paths';
import type { RunContext, ShipmentDecision } from '../run';
import { DERIVED, LINE } from './line';
import { CONTENT_FIELDS, FACT_NAMES } from './order';
import { type Fields, fieldsNamed, scopeOf, type Subject, type SubjectField } from './subject';

export interface JudgedShipment extends Pick<
	Shipment,
	'id' | 'externalId' | 'carrier' | 'serviceLevel' | 'trackingNumber' | 'trackingUrl' | 'packages' | 'shippedAt'
> {
	lines: OrderedLine[];
	/** Whether the cart is to tell the customer. */
	notifyCustomer: boolean;
	/** Actions leave it as it is. */
	readonly order: Order;
}

export interface OnShipments {
	content: JudgedShipment;
	context: RunContext;
	decision: ShipmentDecision;
	splitter: never;
}

const leaf = (read: (shipment: JudgedShipment) => unknown): SubjectField<OnShipments> => ({ below: 'leaf', read });

const OWN = ['carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl', 'shippedAt', 'notifyCustomer'] as const;

const PACKAGE: Record<keyof Package, Fields> = {
	key: 'leaf',
	carrier: 'leaf',
	serviceLevel: 'leaf',
	trackingNumbers: 'leaf',
	trackingUrl: 'leaf',
	sscc: 'leaf',
	weight: 'leaf',
	lines: { lineId: 'leaf', quantity: 'leaf' },
};

export const SHIPMENT: Subject<OnShipments> = {
	label: 'a shipment with its order',
	fields: {
		...fieldsNamed(FACT_NAMES, (name) => leaf(({ order }) => order[name])),
		...Object.fromEntries(CONTENT_FIELDS.map(([name, below]) => [name, { below, read: ({ order }: JudgedShipment) => order[name] }])),
		orderCarrier: leaf(({ order }) => order.carrier),
		orderServiceLevel: leaf(({ order }) => order.serviceLevel),
		shipmentId: leaf(({ id }) => id),
		shipmentExternalId: leaf(({ externalId }) => externalId),
		...fieldsNamed(OWN, (name) => leaf((shipment) => shipment[name])),
		packages: { below: PACKAGE, read: ({ packages }) => packages },
		packageCount: leaf(({ packages }) => packages.length),
		trackingNumbers: leaf(({ packages }) => numbersOf(packages)),
		lines: { below: LINE, read: ({ lines }) => lines },
		...DERIVED,
	},
	ofLines: {},
	// As items call them; what rules can read of them has lost that word in ../shipment.ts.
	aliases: { shipment: ['id', 'externalId', 'carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl', 'packages', 'shippedAt', 'lines'] },
	describe: (decision) => (decision.kind === 'error' ? decision.alert.message : `held back: ${decision.reason}`),
};

export const shipmentScope = (shipment: JudgedShipment, context: RunContext): Scope => scopeOf(SHIPMENT, shipment, context);

/** A copy with another value. */
export const withField = <F extends keyof JudgedShipment>(
	shipment: JudgedShipment,
	field: F,
	value: JudgedShipment[F],
): JudgedShipment => ({ ...shipment, [field]: value });
