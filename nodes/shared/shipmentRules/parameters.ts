/** The parameters of rules for shipments before the cart is told. */
import type { INodeProperties } from 'n8n-workflow';
import { SHIPMENT_ACTIONS } from '../../../lib/rules/shipmentActions/registry';
import { actionProperties } from '../orderRules/actionProperties';
import { ruleValuesWith } from '../orderRules/parameters';

/** As the first versions listed them. A new action need not be named. */
const FIRST = ['fail', 'holdBack', 'notifyCustomer', 'setField', 'mapCarrier'] as const;

export const shipmentRulesProperty: INodeProperties = {
	displayName: 'Shipment Rules',
	name: 'shipmentRules',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Rule',
	default: {},
	description:
		'What every shipment goes through before it is uploaded to the cart, from top to bottom. Fields are those of the shipment (carrier, trackingNumber, the lines in the shipment) and of its order.',
	options: [
		{
			displayName: 'Rule',
			name: 'list',
			values: ruleValuesWith(
				actionProperties(SHIPMENT_ACTIONS, 'mapCarrier', FIRST),
				'Shown in the timeline of every order whose shipment the rule touched',
			),
		},
	],
};
