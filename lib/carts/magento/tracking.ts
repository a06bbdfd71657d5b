/** Shipments with their tracks. Looks first: what is there by its tracking number or by our comment is not shipped again. */
import type { JsonValue, Order, Shipment } from '../../order/order';
import { trackingNumbersOf, type Tracking } from '../../order/packages';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';
import { carrierFor, type CarrierNames } from '../common/carriers';
import { nameOf, trackingsWithParts, untold, withoutGoods } from '../common/trackings';
import type { MagentoApi, MagentoObject } from './api';

interface TrackingSettings {
	carriers?: CarrierNames;
	sourceCode?: string;
}

/** Carriers that every shop has; others are "custom" with their name as the title. */
const CODES = new Set(['ups', 'usps', 'fedex', 'dhl']);

export const orderNotFound = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `Magento has no order ${orderNumber} any more. Archive it if it was deleted there.`,
});

export async function uploadTracking(
	api: MagentoApi,
	settings: TrackingSettings,
	order: Order,
	shipment: Shipment,
	notifyCustomer: boolean,
): Promise<CartOutcome> {
	const id = order.externalId;
	const found = await api.order(id);
	if (found === null) return orderNotFound(order);
	const present = await api.shipments(id);
	const done = (text: string): CartOutcome => ({ kind: 'done', message: text });
	const trackings = untold(trackingsWithParts(order, shipment), shipment);
	const hasTrack = (one: MagentoObject, number: string): boolean => listOf(one.tracks).some((track) => track.track_number === number);
	const missing = trackings.filter(({ number }) => !present.some((one) => hasTrack(one, number)));
	if (trackings.length > 0 && missing.length === 0) return { kind: 'already_done', message: `${nameOf(shipment)} is there already.` };
	const named = missing.map(({ number }) => number).join(', ') || shipment.externalId;
	const items = sourceQuantities(order, shipment);
	// Ours without this track, or goods that are all shipped already: by hand, or by an earlier shipment of the same line.
	const known =
		present.find((one) => listOf(one.comments).some(({ comment }) => comment === mark(shipment))) ??
		present.find((one) => trackingNumbersOf(shipment).some((number) => hasTrack(one, number)));
	const target =
		known ??
		(isAllShipped(found, items)
			? present.findLast(
					(one) =>
						items.length === 0 ||
						listOf(one.items).some((item) => items.some(({ externalId }) => String(item.order_item_id) === externalId)),
				)
			: undefined);
	if (target !== undefined) {
		if (missing.length === 0) return { kind: 'already_done', message: `${nameOf(shipment)} is there already.` };
		for (const tracking of missing)
			await api.addTrack({
				order_id: Number(id),
				parent_id: Number(target.entity_id),
				weight: 0,
				qty: 0,
				description: '',
				...track(tracking, settings),
			});
		return done(`Added ${named} to shipment ${String(target.increment_id ?? target.entity_id)}.`);
	}
	if (items.length === 0) return withoutGoods('Magento', shipment);
	const { sourceCode = '' } = settings;
	await api.ship(id, {
		items: items.map(({ externalId, quantity }) => ({ order_item_id: Number(externalId), qty: quantity })),
		notify: notifyCustomer,
		appendComment: false,
		comment: { comment: mark(shipment), is_visible_on_front: 0 },
		...(missing.length === 0 ? {} : { tracks: missing.map((tracking) => track(tracking, settings)) }),
		...(sourceCode === '' ? {} : { arguments: { extension_attributes: { source_code: sourceCode } } }),
	});
	return done(`Added ${named}.`);
}

/** Hidden comment by which a shipment is known as ours. */
const mark = ({ externalId }: Shipment): string => `Shipment ${externalId}`;

function track({ number, carrier, serviceLevel }: Tracking, { carriers }: TrackingSettings): { [key: string]: JsonValue } {
	const lower = carrier?.toLowerCase() ?? '';
	const code = carrierFor(carriers, carrier) ?? (CODES.has(lower) ? lower : 'custom');
	return {
		track_number: number,
		title: [carrier, serviceLevel].filter((part) => part !== null).join(' ') || 'Parcel',
		carrier_code: code,
	};
}

const listOf = (value: unknown): MagentoObject[] => (Array.isArray(value) ? (value as MagentoObject[]) : []);

/** Nothing of these rows is left to ship; true also when there are none. */
function isAllShipped(found: MagentoObject, items: ReadonlyArray<{ externalId: string }>): boolean {
	const rows = new Map(listOf(found.items).map((item) => [String(item.item_id), item]));
	const left = (row: MagentoObject): number =>
		Number(row.qty_ordered ?? 0) - Number(row.qty_shipped ?? 0) - Number(row.qty_canceled ?? 0) - Number(row.qty_refunded ?? 0);
	return items.every(({ externalId }) => {
		const row = rows.get(externalId);
		return row !== undefined && row.product_type !== 'bundle' && left(row) <= 0;
	});
}
