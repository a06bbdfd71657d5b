import { fileWmsFor } from '../../../lib/wms/file';
import { openFolder, type NodeContext } from '../context';
import { readFileWmsSettings } from '../wmsParameters';
import { opened, type OpenedWms } from './opened';

export async function openFileWms(context: NodeContext, options: { maxAddressLine?: number; settleSeconds?: number }): Promise<OpenedWms> {
	const settings = readFileWmsSettings(options);
	const wms = fileWmsFor(settings);
	return opened(wms, wms.open(await openFolder(context), settings));
}
