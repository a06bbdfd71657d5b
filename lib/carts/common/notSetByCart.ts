import type { OrderContent } from '../../order/order';

type FieldNotSetByCart =
	| 'carrier'
	| 'serviceLevel'
	| 'warehouse'
	| 'requestedShipDate'
	| 'signatureRequired'
	| 'insuredAmount'
	| 'thirdPartyAccount'
	| 'giftMessage'
	| 'shippingNotes';

/** Fields that most carts do not send; rules and people set them. A cart that sends one overrides it after the spread. */
export const NOT_SET_BY_CART: Readonly<Pick<OrderContent, FieldNotSetByCart>> = {
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
