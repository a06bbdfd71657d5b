export { checkAccess } from './access';
export { shopifyCart } from './shopifyCart';
export { withHttpStatus, costOf, feedbackOf, SHOPIFY_LIMIT } from './limits';
export { DEFAULT_TAG, PAYMENT_STATUSES, type ShopifySettings } from './settings';
