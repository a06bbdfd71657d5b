import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { pollShipments, waitingOrders } from '../../lib/fulfillment/pollShipments';
import { reportedPackages } from '../../lib/order/reportedPackages';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { OrderStore } from '../../lib/store/OrderStore';
import { wrongStoreReason, presentStoreNames, workScopeOf } from '../../lib/fulfillment/workScope';
import { wmsOf } from '../partners';
import {
	exchangeFor,
	exchangingWms,
	pollOptions,
	sorted,
	wmsPartners,
	wmsCredentials,
	wmsLabel,
	wmsProperty,
	wmsTests,
} from '../partners/lists';
import { checkParameters } from '../shared/checkParameters';
import { nodeActor, openOrderStore, toItem, workflowScope } from '../shared/context';
import { storeNotice } from '../shared/descriptions';
import { list } from '../shared/importOptions';
import { polled } from '../shared/polling';

/** The options for every WMS. */
const ofEvery: INodeProperties[] = [
	{
		displayName: 'Only Stores',
		name: 'stores',
		type: 'string',
		default: '',
		placeholder: 'acme-us, acme-eu',
		description:
			'Match only orders of these stores, separated by commas; empty = all. Files are read and archived all the same: reports on other stores become import failures, and no other workflow gets them. Leave it empty when several stores share the folder.',
	},
	{
		displayName: 'Settle Time (Seconds)',
		name: 'settleSeconds',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3600 },
		default: 2,
		description: 'A file is read once its size and time have not changed for this long',
		displayOptions: { show: { '/wms': exchangingWms } },
	},
];

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
		credentials: wmsCredentials(),
		properties: [
			storeNotice,
			wmsProperty,
			exchangeFor('wms'),
			...wmsPartners.flatMap(([, { pollProperties = [] }]) => pollProperties),
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: sorted([...ofEvery, ...pollOptions()]),
			},
		],
	};

	methods = { credentialTest: wmsTests };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await polled(this, async () => {
			const options = this.getNodeParameter('options', {}) as { stores?: string };
			const orderStore = await openOrderStore(this);
			const { wms, session } = await wmsOf(this.getNodeParameter('wms', 'file')).open(this, options);
			const scope = { orderStore, wms: wms.code, stores: await presentStoreNames(orderStore, list(options.stores)) };
			if (this.getMode() === 'manual') {
				// A look at what waits: nothing is recorded, no file is moved.
				for await (const page of session.previewShipments?.() ?? session.listShipments(null, waitingOrders(scope))) {
					if (page.events.length > 0) return [withColumns(await samples(orderStore, page.events.slice(0, 5)), page.columns ?? {})];
				}
				return null;
			}
			const report = await pollShipments({
				...scope,
				session,
				actor: nodeActor(this),
				budgetMs: this.getPollBudgetMs() / 2,
			});
			// What belongs to another workflow's store is recorded, and waits there as due work.
			const work = await workScopeOf(orderStore, workflowScope(this));
			const own = report.recorded.filter(({ order }) => order === null || wrongStoreReason(work, order) === null);
			const items = own.map(({ event, kind, orderId, shipmentId, order }) =>
				toItem({
					orderId,
					shipmentId,
					event: event.kind,
					alert: kind === 'alert',
					shipment: order?.shipments.find(({ id }) => id === shipmentId) ?? null,
					order,
				}),
			);
			return items.length > 0 ? [withColumns(items, report.columns)] : null;
		});
	}
}

checkParameters(WmsShipmentPollTrigger);

/** Shows once how the columns of a file were understood that has other words for them. */
function withColumns(items: INodeExecutionData[], columns: Readonly<Record<string, string>>): INodeExecutionData[] {
	const [first, ...others] = items;
	if (first === undefined || Object.keys(columns).length === 0) return items;
	return [{ ...first, json: { ...first.json, columns } }, ...others];
}

/** In the shape of what is handed on, so that fields can be dragged. */
const samples = async (orderStore: OrderStore, events: readonly WmsEvent[]): Promise<INodeExecutionData[]> =>
	await Promise.all(
		events.map(async (event) => {
			const found =
				event.reference === null || event.reference === undefined
					? []
					: (await orderStore.search({ reference: event.reference, limit: 1 })).items;
			const order = found[0] ?? null;
			return toItem({
				orderId: order?.id ?? null,
				shipmentId: null,
				event: event.kind,
				alert: false,
				shipment: sampleShipment(event),
				order,
			});
		}),
	);

function sampleShipment(event: WmsEvent): object | null {
	if (event.kind !== 'shipped') return null;
	const { externalId, carrier, serviceLevel, trackingNumber, trackingUrl, shippedAt, lines } = event;
	const packages = reportedPackages({ lines: [], orderNumber: '' }, event, externalId);
	return { externalId, carrier, serviceLevel, trackingNumber, trackingUrl, packages, shippedAt, lines: lines ?? [] };
}
