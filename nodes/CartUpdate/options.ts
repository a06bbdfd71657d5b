/** The options of Cart Update: of every cart, and of each its own. */
import type { INodeProperties } from 'n8n-workflow';
import { carrierNamesOption } from '../shared/carts/carriers';
import { bigCommerceOptions } from '../shared/carts/bigCommerce';
import { magentoOptions } from '../shared/carts/magento';
import { medusaOptions } from '../shared/carts/medusa';
import { shopifyUpdateOptions } from './shopifyOptions';
import { ruleSetVersionProperty } from '../shared/orderRules/ruleSetReader';
import { vendureOptions } from '../shared/carts/vendure';
import { wooCommerceOptions } from '../shared/carts/wooCommerce';

const ofEvery: INodeProperties[] = [
	{
		displayName: 'Lease (Seconds)',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 30, maxValue: 3600 },
		default: 300,
		description: 'How long shipments are reserved for this run. After a crash they are looked up and uploaded again when this time is over; it must be longer than the cart ever takes to answer.',
	},
	{
		displayName: 'Notify Customer',
		name: 'notifyCustomer',
		type: 'boolean',
		default: true,
		description: 'Whether the cart should tell the customer, if it can',
	},
	{
		displayName: 'Tracking Folder',
		name: 'trackingDirectory',
		type: 'string',
		default: 'tracking',
		description: 'Where tracking files are written, below the folder of the credential',
		displayOptions: { show: { '/cart': ['file'] } },
	},
	{ ...ruleSetVersionProperty, displayOptions: { show: { '/operation': ['uploadTracking'], '/rulesFrom': ['ruleSet'] } } },
];

export const cartUpdateOptions = [carrierNamesOption, ...ofEvery, ...bigCommerceOptions, ...magentoOptions, ...medusaOptions, ...vendureOptions, ...wooCommerceOptions, ...shopifyUpdateOptions].sort((left, right) => left.displayName.localeCompare(right.displayName));
