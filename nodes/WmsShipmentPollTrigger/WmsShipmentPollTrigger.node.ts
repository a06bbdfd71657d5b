import { NodeConnectionTypes, type INodeExecutionData, type INodeType, type INodeTypeDescription, type IPollFunctions } from 'n8n-workflow';
import { pollShipments, waitingOrders } from '../../lib/fulfillment/pollShipments';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { WmsCode } from '../../lib/wms/registry';
import { nodeActor, openStore, toItem } from '../shared/context';
import { fileExchangeTest, orderStoreConnectionTest, sftpExchangeTest } from '../shared/credentialTests';
import { storeNotice } from '../shared/descriptions';
import { exchangeFor } from '../shared/exchange';
import { genericHttpOptions, genericHttpShipmentProperties } from '../shared/genericHttpParameters';
import { list } from '../shared/importOptions';
import { polled } from '../shared/polling';
import { WAREHOUSES, type WmsOptions } from '../shared/warehouses';
import { x12PartnerTest } from '../shared/warehouses/x12';
import { trytonTrackingField, wmsLabel, wmsProperty } from '../shared/wmsParameters';

export class WmsShipmentPollTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WMS Shipment Poll Trigger',
		name: 'wmsShipmentPollTrigger',
		icon: { light: 'file:../../icons/wmsShipmentPollTrigger.svg', dark: 'file:../../icons/wmsShipmentPollTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: `={{ "shipments via " + ${wmsLabel} }}`,
		description: 'Reads shipments, cancellations and problems from the warehouse, each once',
		defaults: { name: 'WMS Shipment Poll Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['Recorded'],
		credentials: [
			{
				name: 'fileExchangeApi',
				displayName: 'Warehouse Folder',
				required: true,
				testedBy: 'fileExchangeTest',
				displayOptions: { show: { '/wms': ['file', 'x12'], '/exchange': ['local'] } },
			},
			{
				name: 'sftpExchangeApi',
				displayName: 'Warehouse Folder (SFTP)',
				required: true,
				testedBy: 'sftpExchangeTest',
				displayOptions: { show: { '/wms': ['file', 'x12'], '/exchange': ['sftp'] } },
			},
			{ name: 'extensivApi', displayName: 'Extensiv', required: true, displayOptions: { show: { '/wms': ['extensiv'] } } },
			{ name: 'warehouseHttpApi', displayName: 'Warehouse HTTP API', required: true, displayOptions: { show: { '/wms': ['genericHttp'] } } },
			{ name: 'amazonMcfApi', displayName: 'Amazon MCF', required: true, displayOptions: { show: { '/wms': ['amazonMcf'] } } },
			{ name: 'shipBobApi', displayName: 'ShipBob', required: true, displayOptions: { show: { '/wms': ['shipBob'] } } },
			{ name: 'shipStationApi', displayName: 'ShipStation', required: true, displayOptions: { show: { '/wms': ['shipStation'] } } },
			{ name: 'shipHeroApi', displayName: 'ShipHero', required: true, displayOptions: { show: { '/wms': ['shipHero'] } } },
			{ name: 'trytonApi', displayName: 'Tryton', required: true, displayOptions: { show: { '/wms': ['tryton'] } } },
			{ name: 'x12PartnerApi', displayName: 'EDI Partner', required: true, testedBy: 'x12PartnerTest', displayOptions: { show: { '/wms': ['x12'] } } },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
		properties: [
			storeNotice,
			wmsProperty,
			exchangeFor('wms'),
			...genericHttpShipmentProperties,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					genericHttpOptions.headers,
					{
						displayName: 'Only Stores',
						name: 'stores',
						type: 'string',
						default: '',
						placeholder: 'acme-us, acme-eu',
						description: 'Match only orders of these stores, separated by commas; empty = all',
					},
					genericHttpOptions.requestsPerMinute,
					{
						displayName: 'Settle Time (Seconds)',
						name: 'settleSeconds',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 3600 },
						default: 2,
						description: 'A file is read once its size and time have not changed for this long',
						displayOptions: { show: { '/wms': ['file', 'x12'] } },
					},
					trytonTrackingField,
				],
			},
		],
	};

	methods = { credentialTest: { orderStoreConnectionTest, fileExchangeTest, sftpExchangeTest, x12PartnerTest } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await polled(this, async () => {
			const options = this.getNodeParameter('options', {}) as WmsOptions & { stores?: string };
			const store = await openStore(this);
			const { wms, session } = await WAREHOUSES[this.getNodeParameter('wms', 'file') as WmsCode](this, options);
			const scope = { store, wms: wms.code, stores: list(options.stores) };
			if (this.getMode() === 'manual') {
				// A look at what waits: nothing is recorded, no file is moved.
				for await (const page of session.listShipments(null, waitingOrders(scope))) {
					if (page.events.length > 0) return [await samples(store, page.events.slice(0, 5))];
				}
				return null;
			}
			const report = await pollShipments({
				...scope,
				session,
				actor: nodeActor(this),
				budgetMs: this.getPollBudgetMs() / 2,
			});
			const items = report.recorded.map(({ event, kind, orderId, shipmentId, order }) =>
				toItem({
					orderId,
					shipmentId,
					event: event.kind,
					alert: kind === 'alert',
					shipment: order?.shipments.find(({ id }) => id === shipmentId) ?? null,
					order,
				}),
			);
			return items.length > 0 ? [items] : null;
		});
	}
}

/** In the shape of what is handed on, so that fields can be dragged. */
const samples = async (store: OrderStore, events: readonly WmsEvent[]): Promise<INodeExecutionData[]> =>
	await Promise.all(
		events.map(async (event) => {
			const found = event.reference === null ? [] : (await store.search({ reference: event.reference, limit: 1 })).items;
			const order = found[0] ?? null;
			return toItem({ orderId: order?.id ?? null, shipmentId: null, event: event.kind, alert: false, shipment: sampleShipment(event), order });
		}),
	);

function sampleShipment(event: WmsEvent): object | null {
	if (event.kind !== 'shipped') return null;
	const { externalId, carrier, serviceLevel, trackingNumber, trackingUrl, shippedAt, lines } = event;
	return { externalId, carrier, serviceLevel, trackingNumber, trackingUrl, shippedAt, lines: lines ?? [] };
}
