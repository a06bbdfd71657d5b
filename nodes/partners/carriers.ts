/** The table of carrier names that Cart Update has for carts with a spelling of their own. */
import type { INodeProperties } from 'n8n-workflow';
import type { CarrierNames } from '../../lib/carts/common/carriers';

export interface CarrierOptions {
	carriers?: { list?: Array<{ from: string; to: string }> };
}

/** @param without the carts that do not read it */
export const carrierNamesOption = (without: readonly string[]): INodeProperties => ({
	displayName: 'Carrier Names',
	name: 'carriers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Carrier',
	default: {},
	description: 'What the cart calls the carriers of the warehouse. A carrier that is not listed is sent as the warehouse names it.',
	displayOptions: { hide: { '/cart': [...without] } },
	options: [
		{
			displayName: 'Carrier',
			name: 'list',
			values: [
				{
					displayName: 'Warehouse',
					name: 'from',
					type: 'string',
					default: '',
					placeholder: 'UPS Ground',
					description: 'As the warehouse names it; upper and lower case are the same',
				},
				{ displayName: 'Cart', name: 'to', type: 'string', default: '', placeholder: 'ups', description: 'As the cart names it' },
			],
		},
	],
});

export const carrierNamesFrom = ({ carriers }: CarrierOptions): CarrierNames =>
	Object.fromEntries(
		(carriers?.list ?? []).filter(({ from, to }) => from.trim() !== '' && to.trim() !== '').map(({ from, to }) => [from, to.trim()]),
	);
