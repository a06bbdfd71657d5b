/** The JSON of every action on shipments; exhaustive like that of the actions on orders. */
import { SHIPMENT_FIELDS, type CarrierMap, type ShipmentAction } from '../shipment';
import { boolean, list, nullable, object, oneOf, otherwise, text, valueOrField, type Shape } from './shape';

type ShipmentActionShapes = { [K in ShipmentAction['kind']]: Shape<Omit<Extract<ShipmentAction, { kind: K }>, 'kind'>> };

const carrierMap: Shape<CarrierMap> = object<CarrierMap>({
	caseSensitive: otherwise(boolean, false),
	entries: list(
		object<CarrierMap['entries'][number]>({
			carrier: text({ description: 'As the warehouse says it; empty = shipments without a carrier.' }),
			cartCarrier: text({ least: 1 }),
			serviceLevel: nullable(text()),
			trackingUrl: nullable(text({ description: '{trackingNumber} stands for the number.' })),
		}),
		{ most: 5_000 },
	),
	unmapped: otherwise(oneOf('leave', 'error'), 'leave'),
});

export const SHIPMENT_ACTION_SHAPES: ShipmentActionShapes = {
	mapCarrier: object({ map: carrierMap }),
	setField: object({ path: oneOf(...SHIPMENT_FIELDS), value: valueOrField }),
	notifyCustomer: object({ notify: boolean }),
	holdBack: object({ reason: nullable(text()) }),
	fail: object({ message: text({ least: 1 }) }),
	stop: object({}),
};
