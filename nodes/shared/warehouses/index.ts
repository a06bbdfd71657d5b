/** How the nodes open each WMS: one line each. A WMS that is not here does not compile. */
import type { WmsCode } from '../../../lib/wms/registry';
import type { NodeContext } from '../context';
import { openExtensiv } from './extensiv';
import { openAmazonMcf } from './amazonMcf';
import { openFileWms } from './file';
import { openGenericHttp, type GenericHttpOptions } from './genericHttp';
import type { OpenedWms } from './opened';
import { openShipBob } from './shipBob';
import { openShipStation } from './shipStation';
import { openShipHero } from './shipHero';
import { openTryton, type TrytonOptions } from './tryton';
import { openX12 } from './x12';

/** The options of WMS Send and its trigger; each WMS takes what is its own. */
export interface WmsOptions extends GenericHttpOptions, TrytonOptions {
	maxAddressLine?: number;
	settleSeconds?: number;
	createMissing?: boolean;
	otherSpeed?: string;
	policy?: string;
	comment?: string;
	notify?: boolean;
	storeId?: string;
	warehouseId?: string;
	defaultPhone?: string;
}

export const WAREHOUSES: Record<WmsCode, (context: NodeContext, options: WmsOptions) => Promise<OpenedWms>> = {
	extensiv: openExtensiv,
	file: openFileWms,
	amazonMcf: openAmazonMcf,
	genericHttp: openGenericHttp,
	shipBob: openShipBob,
	shipStation: openShipStation,
	shipHero: openShipHero,
	tryton: openTryton,
	x12: openX12,
};
