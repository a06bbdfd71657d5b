import type { OrderContent } from '../order/order';

type DecidedHere = 'carrier' | 'serviceLevel' | 'warehouse' | 'requestedShipDate' | 'signatureRequired' | 'insuredAmount' | 'thirdPartyAccount' | 'giftMessage' | 'shippingNotes';

/** What most carts do not say of an order: rules and people do. A cart that says one of these sets it behind. */
export const UNSAID: Readonly<Pick<OrderContent, DecidedHere>> = {
	carrier: null,
	serviceLevel: null,
	warehouse: null,
	requestedShipDate: null,
	signatureRequired: false,
	insuredAmount: null,
	thirdPartyAccount: null,
	giftMessage: null,
	shippingNotes: null,
};
