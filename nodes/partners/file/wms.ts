/** A warehouse that exchanges files, in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { fileWms, fileWmsFor, type FileWmsSettings } from '../../../lib/wms/file';
import { openFolder } from '../../shared/context';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { folderSignIns } from './signIns';

interface Options {
	maxAddressLine?: number;
	settleSeconds?: number;
}

const sendOptions: INodeProperties[] = [
	{
		displayName: 'Address Line Length',
		name: 'maxAddressLine',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: 200 },
		default: 40,
		description: 'The longest address line that the warehouse accepts; a longer one is an error that names the field',
		displayOptions: { show: { '/wms': ['file'] } },
	},
];

const settingsFrom = ({ maxAddressLine, settleSeconds }: Options): FileWmsSettings => ({
	...(maxAddressLine === undefined ? {} : { maxAddressLine }),
	...(settleSeconds === undefined ? {} : { settleMs: settleSeconds * 1000 }),
});

export const fileExchange: WmsPartner = {
	wms: fileWms,
	signIns: folderSignIns('Warehouse Folder'),
	exchangesFiles: true,
	sendOptions,
	open: async (context, options: Options) => {
		const settings = settingsFrom(options);
		const wms = fileWmsFor(settings);
		return opened(wms, wms.open(await openFolder(context), settings));
	},
};
