/** A warehouse that exchanges files, in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { fileWms, fileWmsFor, type FileWmsSettings } from '../../../lib/wms/file';
import { isTextEncoding } from '../../../lib/files/text';
import { openFolder } from '../../shared/context';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';
import { folderSignIns } from './signIns';

interface Options {
	maxAddressLine?: number;
	settleSeconds?: number;
	encoding?: unknown;
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

const pollOptions: INodeProperties[] = [
	{
		displayName: 'Encoding',
		name: 'encoding',
		type: 'options',
		options: [
			{ name: 'UTF-8', value: 'utf-8' },
			{ name: 'Windows-1252', value: 'windows-1252', description: 'Of older programs, and of spreadsheets in Western Europe and America' },
		],
		default: 'utf-8',
		description: 'How reports are written that do not say it by a mark at their beginning',
	},
];

const settingsFrom = ({ maxAddressLine, settleSeconds, encoding }: Options): FileWmsSettings => ({
	...(maxAddressLine === undefined ? {} : { maxAddressLine }),
	...(settleSeconds === undefined ? {} : { settleMs: settleSeconds * 1000 }),
	...(isTextEncoding(encoding) ? { encoding } : {}),
});

export const fileExchange: WmsPartner = {
	wms: fileWms,
	signIns: folderSignIns('Warehouse Folder'),
	exchangesFiles: true,
	sendOptions,
	pollOptions,
	open: async (context, options: Options) => {
		const settings = settingsFrom(options);
		const wms = fileWmsFor(settings);
		return opened(wms, wms.open(await openFolder(context), settings));
	},
};
