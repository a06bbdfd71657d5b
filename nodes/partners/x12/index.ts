/** EDI by X12 in n8n. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { controlNumbersOf, partnerOf, x12Wms, type X12Settings } from '../../../lib/wms/x12';
import { credentialData, openFolder, openOrderStore } from '../../shared/context';
import { tested } from '../../shared/credentialTests';
import { folderSignIns } from '../file/signIns';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';

const CREDENTIAL = 'x12PartnerApi';

/** Says which of the values no interchange can be made with. */
async function test(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	return await tested(async () => {
		const { ourQualifier, ourId, theirQualifier, theirId } = partnerOf(settingsOf(credential.data ?? {}));
		return await Promise.resolve(`Interchanges go from ${ourQualifier}/${ourId} to ${theirQualifier}/${theirId}.`);
	});
}

const SHORT_SHIPMENTS = ['by_status', 'canceled', 'follow'] as const;

function settingsOf(data: ICredentialDataDecryptedObject): X12Settings {
	const text = (name: string): string => String(data[name] ?? '');
	const shortShipments = SHORT_SHIPMENTS.find((one) => one === data.shortShipments);
	return {
		ourQualifier: text('ourQualifier'),
		ourId: text('ourId'),
		theirQualifier: text('theirQualifier'),
		theirId: text('theirId'),
		ourGroupId: text('ourGroupId'),
		theirGroupId: text('theirGroupId'),
		usage: data.usage === 'T' ? 'T' : 'P',
		elementSeparator: text('elementSeparator'),
		segmentTerminator: text('segmentTerminator'),
		componentSeparator: text('componentSeparator'),
		lineBreaks: data.lineBreaks === true,
		ascii: data.ascii !== false,
		skuQualifier: text('skuQualifier'),
		trackingAt: text('trackingAt'),
		...(shortShipments === undefined ? {} : { shortShipments }),
		acknowledge: data.acknowledge !== false,
		acknowledgementHours: Number(data.acknowledgementHours ?? 24),
		firstControlNumber: Number(data.firstControlNumber ?? 1),
		outgoing: text('outgoing'),
		incoming: text('incoming'),
	};
}

export const x12: WmsPartner = {
	wms: x12Wms,
	signIns: [
		...folderSignIns('Warehouse Folder'),
		{ name: CREDENTIAL, displayName: 'EDI Partner', testedBy: { name: 'x12PartnerTest', test } },
	],
	exchangesFiles: true,
	open: async (context, { settleSeconds }: { settleSeconds?: number }) => {
		const settings = {
			...settingsOf(await credentialData(context, CREDENTIAL)),
			...(settleSeconds === undefined ? {} : { settleMs: settleSeconds * 1000 }),
		};
		const numbers = controlNumbersOf(partnerOf(settings), await openOrderStore(context));
		return opened(x12Wms, x12Wms.open({ folder: await openFolder(context), numbers }, settings));
	},
};
