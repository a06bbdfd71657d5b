import { shown } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import type { RuleAction } from '../actions/common/action';
import { valueReader } from '../paths';
import { ruleProblem } from '../problem';
import { object, oneOf, valueOrField } from '../ruleSet/shape';
import { shipmentScope, withField, type OnShipments } from '../subjects/shipment';

export const SHIPMENT_FIELDS = ['carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl'] as const;

interface SetField {
	path: (typeof SHIPMENT_FIELDS)[number];
	/** A plain path expression is read from the shipment as it is at that moment; null clears the field. */
	value: JsonValue;
}

/** Sets or clears a field of the shipment. */
export const setField: RuleAction<SetField, OnShipments> = {
	option: { name: 'Set Field', action: 'Set a field', description: 'Carrier, service level, tracking number or link' },
	shape: object<SetField>({ path: oneOf(...SHIPMENT_FIELDS), value: valueOrField }),
	fields: [
		{
			displayName: 'Field',
			name: 'field',
			type: 'options',
			options: SHIPMENT_FIELDS.map((name) => ({ name, value: name })),
			default: 'carrier',
		},
		{ displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Empty clears the field' },
	],
	read: (given) => ({ path: given.choice('field'), value: given.value('value') }),
	compile({ path, value }) {
		if (!SHIPMENT_FIELDS.includes(path))
			throw ruleProblem(`${shown(path)} of a shipment cannot be changed.`, `Choose one of: ${SHIPMENT_FIELDS.join(', ')}.`);
		const reader = valueReader(value, 'fixed');
		return (shipment, context) => {
			const given = reader.read(shipmentScope(shipment, context)) ?? '';
			if (typeof given === 'object') throw ruleProblem(`${path}: is not text (value: ${shown(given)}).`, 'Give a text.');
			return { content: withField(shipment, path, String(given) === '' ? null : String(given)) };
		};
	},
};
