/** Hands orders to Amazon, and takes them back. */
import type { Http } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError, shown, type FieldProblem } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, meaningOf, objectsIn, textOf } from '../common/json';
import { sendOutcome, unlessThere } from '../common/outcomes';
import type { CancelOutcome, SendOutcome, WaitingOrder } from '../Wms';
import { cancelAt, findWhole, placeOrder } from './api';
import { ORDER_STATUS } from './reports';
import { COMMENT_LENGTH, type AmazonMcfRequest, type Speed } from './request';

export interface AmazonMcfSettings {
	/** Where the order comes from; absent = Amazon's default of the account. */
	marketplaceId?: string;
	/** For orders whose shipping method is none of Amazon's speeds. Default: such an order is refused. */
	otherSpeed?: Speed;
	/** What happens when not all of it is there. Default FillOrKill. */
	policy?: 'FillOrKill' | 'FillAll' | 'FillAllAvailable';
	/** On the packing slip of orders without a gift message. */
	comment?: string;
	/** Amazon mails the customer about the shipment. */
	notify?: boolean;
}

const DEFAULT_COMMENT = 'Thank you for your order.';

export const findOrder = async (http: Http, reference: string): Promise<{ wmsOrderId: string } | null> =>
	(await findWhole(http, reference)) === null ? null : { wmsOrderId: reference };

export const createOrder = async (http: Http, settings: AmazonMcfSettings, request: AmazonMcfRequest): Promise<SendOutcome> =>
	await sendOutcome(async () => await create(http, settings, request), problemsOf);

async function create(http: Http, settings: AmazonMcfSettings, request: AmazonMcfRequest): Promise<SendOutcome> {
	const { method, email, ...order } = request;
	const speed = order.shippingSpeedCategory ?? settings.otherSpeed;
	if (speed === undefined) {
		const problem = "is none of Amazon's speeds (Standard, Expedited, Priority); map it, or choose a speed for others in the options";
		return { kind: 'rejected', problems: [{ field: 'serviceLevel', value: method, problem, code: 'unmapped_shipping_method' }] };
	}
	const comment = (settings.comment ?? '').trim();
	const body: Record<string, JsonValue> = {
		...(JSON.parse(JSON.stringify(order)) as Record<string, JsonValue>),
		...(settings.marketplaceId === undefined ? {} : { marketplaceId: settings.marketplaceId }),
		displayableOrderComment:
			order.displayableOrderComment ?? (comment === '' ? DEFAULT_COMMENT : [...comment].slice(0, COMMENT_LENGTH).join('')),
		shippingSpeedCategory: speed,
		fulfillmentAction: 'Ship',
		fulfillmentPolicy: settings.policy ?? 'FillOrKill',
		...(settings.notify === true && email !== null ? { notificationEmails: [email] } : {}),
	};
	const reference = order.sellerFulfillmentOrderId;
	return await unlessThere(
		async () => {
			const answer = await placeOrder(http, body);
			// A proxy may answer in Amazon's place; what it says nothing of is looked up.
			if (!isObject(answer)) return { kind: 'unknown', cause: 'Amazon answered without a body.' };
			return { kind: 'accepted', wmsOrderId: reference };
		},
		async () => await findOrder(http, reference),
	);
}

export async function cancelOrder(http: Http, { reference }: WaitingOrder): Promise<CancelOutcome> {
	const statusNow = async (): Promise<string | undefined> => {
		const found = await findWhole(http, reference);
		return found === null
			? undefined
			: (meaningOf(ORDER_STATUS, isObject(found.fulfillmentOrder) ? found.fulfillmentOrder.fulfillmentOrderStatus : null) ?? 'unknown');
	};
	const before = await statusNow();
	if (before === undefined) return 'not_found';
	// Nothing of these will ever be shipped.
	if (['canceled', 'never', 'invalid'].includes(before)) return 'canceled';
	if (before === 'complete') return 'too_late';
	let refused = false;
	try {
		await cancelAt(http, reference);
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
		refused = error.details.received === 'refused';
		if (!refused && (await statusNow()) !== 'canceled') throw asError(error);
	}
	const after = await statusNow();
	if (after === 'canceled' || after === undefined) return 'canceled';
	if (refused || after === 'complete') return 'too_late';
	throw new PartnerError(
		'partner_unavailable',
		`Amazon took the cancellation of ${reference} and has not carried it out yet.`,
		'Cancel the order again in a few minutes.',
		{ received: 'maybe' },
	);
}

/** Each of Amazon's errors as a problem of its own. */
function problemsOf(error: PartnerError): FieldProblem[] {
	const { body } = error.details;
	const errors = isObject(body) ? objectsIn(body.errors) : [];
	const problems = errors.flatMap(({ message, details }): FieldProblem[] => {
		const text = [textOf(message), textOf(details)].filter((part) => part !== null).join(' ');
		if (text === '') return [];
		const isSku = /seller ?sku/i.test(text);
		return [
			{
				field: isSku ? 'lines.sku' : 'order',
				problem: shown(text, 300),
				code: isSku ? 'unknown_sku' : /address|postal|zip|city|state/i.test(text) ? 'invalid_address' : 'rejected_by_wms',
			},
		];
	});
	return problems.length > 0 ? problems : [{ field: 'order', problem: error.message, code: 'rejected_by_wms' }];
}
