/** Parameters of the actions of a rule, those with tables and many settings. */
import type { INodeProperties } from 'n8n-workflow';

export const forAction = (...action: string[]) => ({ show: { action } });
const forHold = (...holdUntil: string[]) => ({ show: { action: ['hold'], holdUntil } });

export const shippingMethodValues: INodeProperties[] = [
	{
		displayName: 'Shipping Method of the Cart',
		name: 'method',
		type: 'string',
		default: '',
		placeholder: 'DHL Express (2-3 days)',
		description: 'The cart’s text, all of it. Spaces at the ends do not matter.',
	},
	{ displayName: 'Carrier', name: 'carrier', type: 'string', default: '', placeholder: 'DHL' },
	{ displayName: 'Service Level', name: 'serviceLevel', type: 'string', default: '', placeholder: 'EXPRESS' },
	{
		displayName: 'Warehouse',
		name: 'warehouse',
		type: 'string',
		default: '',
		description: 'Routes the order as well; empty = leaves that to other rules',
	},
];

export const skuValues: INodeProperties[] = [
	{ displayName: 'SKU', name: 'sku', type: 'string', default: '', placeholder: 'GIFT-SET', description: 'As the cart has it' },
	{ displayName: 'Replace By', name: 'component', type: 'string', default: '', placeholder: 'RED-MUG', description: 'The SKU of the warehouse; it may be a kit of this table itself' },
	{ displayName: 'Quantity', name: 'quantity', type: 'number', typeOptions: { minValue: 1 }, default: 1, description: 'In one kit; multiplied by the quantity of the line' },
	{ displayName: 'Name', name: 'name', type: 'string', default: '', description: 'Empty = the SKU for a component of a kit, else the name of the line' },
];

export const lineValues: INodeProperties[] = [
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'vip, fragile',
		description: 'One or more, with commas between them',
		displayOptions: forAction('addTags', 'removeTags'),
	},
	{ displayName: 'SKU', name: 'lineSku', type: 'string', default: '', placeholder: 'GIFT-CARD', displayOptions: forAction('addLine') },
	{
		displayName: 'Name',
		name: 'lineName',
		type: 'string',
		default: '',
		description: 'Empty = the SKU',
		displayOptions: forAction('addLine'),
	},
	{
		displayName: 'Quantity',
		name: 'lineQuantity',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'A field dragged here, such as totalQuantity, is read when the rule runs',
		displayOptions: forAction('addLine'),
	},
	{
		displayName: 'Price',
		name: 'linePrice',
		type: 'string',
		default: '',
		placeholder: '0.00',
		description: 'Of one unit; empty = none',
		displayOptions: forAction('addLine'),
	},
];

export const holdValues: INodeProperties[] = [
	{
		displayName: 'Hold Until',
		name: 'holdUntil',
		type: 'options',
		options: [
			{ name: 'A Date', value: 'date' },
			{ name: 'A Date of the Order', value: 'field', description: 'An order without that date is not held' },
			{ name: 'A Tag Is Gone', value: 'tag', description: 'Until the cart sends the order without it or somebody reprocesses it; then rules run again' },
			{ name: 'A Time From Now', value: 'duration' },
			{ name: 'The Next Opening', value: 'opening', description: 'A time on a business day' },
		],
		default: 'duration',
		displayOptions: forAction('hold'),
	},
	{
		displayName: 'Minutes',
		name: 'holdMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		displayOptions: { show: { action: ['hold'], holdUntil: ['duration'] } },
	},
	{
		displayName: 'Date',
		name: 'holdDate',
		type: 'dateTime',
		default: '',
		description: 'An order whose date has passed is not held',
		displayOptions: { show: { action: ['hold'], holdUntil: ['date'] } },
	},
	{
		displayName: 'Date Field',
		name: 'holdDateField',
		type: 'string',
		default: '={{ $json.requestedShipDate }}',
		description: 'A field dragged here is read on the order as it is when the rule runs',
		displayOptions: forHold('field'),
	},
	{
		displayName: 'Days Before',
		name: 'holdDaysBefore',
		type: 'number',
		default: 0,
		description: 'Ends the hold so many days before the date',
		displayOptions: forHold('field'),
	},
	{
		displayName: 'Tag',
		name: 'holdTag',
		type: 'string',
		default: '',
		placeholder: 'hold',
		displayOptions: forHold('tag'),
	},
	{
		displayName: 'Days',
		name: 'holdWeekdays',
		type: 'multiOptions',
		options: [
			{ name: 'Friday', value: 5 },
			{ name: 'Monday', value: 1 },
			{ name: 'Saturday', value: 6 },
			{ name: 'Sunday', value: 7 },
			{ name: 'Thursday', value: 4 },
			{ name: 'Tuesday', value: 2 },
			{ name: 'Wednesday', value: 3 },
		],
		default: [1, 2, 3, 4, 5],
		displayOptions: forHold('opening'),
	},
	{
		displayName: 'Opens At',
		name: 'holdOpens',
		type: 'string',
		default: '09:00',
		displayOptions: forHold('opening'),
	},
	{
		displayName: 'Closes At',
		name: 'holdCloses',
		type: 'string',
		default: '',
		placeholder: '17:00',
		description: 'An order within the hours is not held; empty = each order waits for the next opening',
		displayOptions: forHold('opening'),
	},
	{
		displayName: 'Time Zone',
		name: 'holdZone',
		type: 'string',
		default: '',
		placeholder: 'Europe/Berlin',
		description: 'Empty = the time zone of the workflow',
		displayOptions: forHold('opening'),
	},
	{
		displayName: 'Holidays',
		name: 'holdHolidays',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: '2026-12-24, 12-25, 12-26',
		description: 'Dates with commas between them; without a year they count every year',
		displayOptions: forHold('opening'),
	},
];

export const addressValues: INodeProperties[] = [
	{
		displayName: 'Addresses',
		name: 'addresses',
		type: 'options',
		options: [
			{ name: 'Billing', value: 'billing' },
			{ name: 'Both', value: 'both' },
			{ name: 'Shipping', value: 'shipping' },
		],
		default: 'shipping',
		displayOptions: forAction('fitAddress'),
	},
	{
		displayName: 'Changes',
		name: 'addressChanges',
		type: 'multiOptions',
		options: [
			{ name: 'Check Postal Codes', value: 'postalCodes', description: 'One that the country cannot have puts the order in Error' },
			{ name: 'Country Codes for Names', value: 'countryCodes', description: 'An unknown country puts the order in Error' },
			{ name: 'Latin Letters Without Accents', value: 'ascii', description: 'ASCII only; ä becomes ae in German addresses, else a' },
			{ name: 'Region Codes for Names', value: 'regionCodes', description: 'California becomes CA; unknown names stay' },
			{ name: 'Upper Case', value: 'upperCase', description: 'All but phone and e-mail' },
		],
		default: [],
		displayOptions: forAction('fitAddress'),
	},
	{
		displayName: 'Lengths',
		name: 'lengths',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Length',
		default: {},
		displayOptions: forAction('fitAddress'),
		options: [
			{
				displayName: 'Length',
				name: 'list',
				values: [
					{
						displayName: 'Field',
						name: 'field',
						type: 'options',
						options: ['address1', 'address2', 'address3', 'city', 'company', 'email', 'name', 'phone', 'postalCode', 'region'].map((name) => ({ name, value: name })),
						default: 'address1',
					},
					{ displayName: 'Most Characters', name: 'characters', type: 'number', typeOptions: { minValue: 1 }, default: 35 },
				],
			},
		],
	},
	{
		displayName: 'When a Field Is Too Long',
		name: 'overflow',
		type: 'options',
		options: [
			{ name: 'Continue in the Next Address Line', value: 'wrap', description: 'On word borders; what fits nowhere puts the order in Error' },
			{ name: 'Cut It', value: 'truncate' },
			{ name: 'Put the Order in Error', value: 'fail' },
		],
		default: 'fail',
		displayOptions: forAction('fitAddress'),
	},
];
