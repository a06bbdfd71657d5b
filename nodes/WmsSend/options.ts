/** The options of WMS Send: of every warehouse, and of each its own. */
import type { INodeProperties } from 'n8n-workflow';
import { genericHttpOptions, genericHttpSendOptions } from '../shared/genericHttpParameters';
import { amazonMcfOptions, fileWmsOptions, shipBobOptions, shipStationOptions, trytonOptions } from '../shared/wmsParameters';

const ofEvery: INodeProperties[] = [
	{
		displayName: 'Lease (Seconds)',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 30, maxValue: 3600 },
		default: 300,
		description:
			'How long an order is reserved for this run. After a crash it is looked up and sent again when this time is over; it must be longer than the warehouse ever takes to answer.',
	},
	{
		displayName: 'Orders at Once',
		name: 'concurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: 4,
		description: 'How many requests are on their way to the warehouse at the same time. One has one order; ShipStation takes up to 25 orders in one.',
		displayOptions: { show: { '/operation': ['send'] } },
	},
];

export const wmsSendOptions = [...ofEvery, ...amazonMcfOptions, ...fileWmsOptions, ...Object.values(genericHttpOptions), ...genericHttpSendOptions, ...shipBobOptions, ...shipStationOptions, ...trytonOptions].sort((left, right) =>
	left.displayName.localeCompare(right.displayName),
);
