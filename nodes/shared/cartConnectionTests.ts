/** The connection tests of all carts, for the nodes that work with any of them. */
import { bigCommerceConnectionTest } from './bigCommerceTest';
import { magentoConnectionTest } from './magentoTest';
import { medusaConnectionTest } from './medusaTest';
import { shopifyConnectionTest } from './shopifyTest';
import { vendureConnectionTest } from './vendureTest';
import { wooCommerceConnectionTest } from './wooCommerceTest';

export const cartConnectionTests = { bigCommerceConnectionTest, magentoConnectionTest, medusaConnectionTest, shopifyConnectionTest, vendureConnectionTest, wooCommerceConnectionTest };
