/** A shop that exports files, in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { fileCart } from '../../../lib/carts/file';
import { openFolder } from '../../shared/context';
import type { CartPartner } from '../Partner';
import { importOptions, importProperties, importSettings, type ImportOptions } from './importParameters';
import { folderSignIns } from './signIns';

const updateOptions: INodeProperties[] = [
	{
		displayName: 'Tracking Folder',
		name: 'trackingDirectory',
		type: 'string',
		default: 'tracking',
		description: 'Where tracking files are written, below the folder of the credential',
	},
];

export const fileShop: CartPartner = {
	cart: fileCart,
	signIns: folderSignIns('Shop Folder'),
	exchangesFiles: true,
	imports: 'Imports orders from files that a shop exports, each order once',
	importProperties,
	importOptions,
	updateOptions,
	namesCarriers: false,
	open: async (context, options: ImportOptions & { trackingDirectory?: string }, store, parameters = {}) => {
		const { trackingDirectory } = options;
		return fileCart.open(await openFolder(context), {
			...importSettings(parameters, options),
			store,
			...(trackingDirectory === undefined ? {} : { trackingDirectory }),
		});
	},
};
