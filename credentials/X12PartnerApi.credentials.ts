import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

/** What a merchant and a warehouse agree on for EDI. Its connection test is in the nodes: it says which of the values no interchange can be made with. */
export class X12PartnerApi implements ICredentialType {
	name = 'x12PartnerApi';

	displayName = 'EDI X12 Partner API';

	icon: Icon = { light: 'file:../icons/x12PartnerApi.svg', dark: 'file:../icons/x12PartnerApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/edi-x12.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Our Qualifier',
			name: 'ourQualifier',
			type: 'string',
			default: 'ZZ',
			required: true,
			description: 'ISA05: ZZ = mutually defined, 01 = D-U-N-S number, 12 = phone number',
		},
		{
			displayName: 'Our ID',
			name: 'ourId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'MERCHANT',
			description: 'ISA06, at most 15 characters',
		},
		{ displayName: 'Warehouse Qualifier', name: 'theirQualifier', type: 'string', default: 'ZZ', required: true, description: 'ISA07' },
		{
			displayName: 'Warehouse ID',
			name: 'theirId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'WAREHOUSE3PL',
			description: 'ISA08, at most 15 characters',
		},
		{ displayName: 'Our Group ID', name: 'ourGroupId', type: 'string', default: '', description: 'GS02, where it is not the ID above' },
		{
			displayName: 'Warehouse Group ID',
			name: 'theirGroupId',
			type: 'string',
			default: '',
			description: 'GS03, where it is not the ID above',
		},
		{
			displayName: 'Usage',
			name: 'usage',
			type: 'options',
			options: [
				{ name: 'Production', value: 'P' },
				{ name: 'Test', value: 'T' },
			],
			default: 'P',
			description: 'ISA15; interchanges of the other kind are refused',
		},
		{
			displayName: 'Tracking Number At',
			name: 'trackingAt',
			type: 'string',
			default: 'MAN*CP, MAN*GM, N9*2I, N9*CN',
			description:
				'Where the 945 has the tracking number; the first place that is filled counts. MAN*CP is the second element of a segment MAN that begins with CP, W06-05 the fifth element of W06.',
		},
		{
			displayName: 'Pieces Not Shipped',
			name: 'shortShipments',
			type: 'options',
			options: [
				{
					name: 'As the 945 Says (W12-01)',
					value: 'by_status',
					description: 'BP, PR, SS and other partial codes: they follow. CC, CL, CP: they are canceled.',
				},
				{ name: 'Canceled', value: 'canceled' },
				{ name: 'Follow Later', value: 'follow' },
			],
			default: 'by_status',
			description: 'What becomes of pieces that an advice leaves out',
		},
		{
			displayName: 'SKU Qualifier',
			name: 'skuQualifier',
			type: 'string',
			default: 'VN',
			description: 'W01-04: VN = vendor item number, BP = buyer part number, SK = stock keeping unit, UP = UPC',
		},
		{
			displayName: 'Answer With 997',
			name: 'acknowledge',
			type: 'boolean',
			default: true,
			description: 'Whether each group that the warehouse sends is answered',
		},
		{
			displayName: 'Hours Until 997',
			name: 'acknowledgementHours',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 720 },
			default: 24,
			description:
				'An order that the warehouse has not acknowledged after so many hours becomes an import failure; 0 = the warehouse sends no 997',
		},
		{
			displayName: 'First Control Number',
			name: 'firstControlNumber',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 999999999 },
			default: 1,
			description: 'Where control numbers begin, for a partner who got numbers from another system before',
		},
		{ displayName: 'Element Separator', name: 'elementSeparator', type: 'string', default: '*' },
		{ displayName: 'Segment Terminator', name: 'segmentTerminator', type: 'string', default: '~' },
		{ displayName: 'Component Separator', name: 'componentSeparator', type: 'string', default: '>' },
		{
			displayName: 'Line Breaks',
			name: 'lineBreaks',
			type: 'boolean',
			default: false,
			description: 'Whether a line break stands behind each segment',
		},
		{
			displayName: 'ASCII Only',
			name: 'ascii',
			type: 'boolean',
			default: true,
			description: 'Whether other letters are spelled in ASCII: "Müller" is sent as "Muller"',
		},
		{
			displayName: 'Directory for Orders',
			name: 'outgoing',
			type: 'string',
			default: 'to-warehouse',
			description: 'In the exchange folder: where the warehouse takes files from',
		},
		{
			displayName: 'Directory for Reports',
			name: 'incoming',
			type: 'string',
			default: 'from-warehouse',
			description: 'In the exchange folder: where the warehouse puts files',
		},
	];

	/** None: no request can tell, so the nodes test it (`testedBy` of the partner). Said here because n8n's linter looks only for that name in a node file. */
	declare test?: ICredentialTestRequest;
}
