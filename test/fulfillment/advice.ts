/** For every alert: flows that raise it, and what its text says, done. The table is closed as the list of alerts is: a code without advice does not compile. */
import { workScopeOf } from '../../lib/fulfillment/workScope';
import type { AlertCode } from '../../lib/order/alerts';
import { FieldLimitError } from '../../lib/order/errors';
import type { NewImportFailure } from '../../lib/order/importFailure';
import { actor, imported, page, shipped } from '../store/fixtures';
import type { Operator } from './operator';
import {
	canceled,
	canceledInCart,
	canceledThere,
	changedInCart,
	differing,
	duplicate,
	editAndReprocess,
	edited,
	heldInCart,
	linesAdded,
	refused,
	reprocess,
	resolve,
	ROUTE,
	ruled,
	shippedThen,
	twice,
	unknownOutcome,
	wantedAgain,
	type Advice,
} from './adviceFlows';

export const ADVICE: Record<AlertCode, Advice[]> = {
	sent_twice: [
		{
			way: 'stopped at the first',
			raise: twice,
			end: 'shipped',
			both: true,
			act: async (operator, order) => {
				expect(order.alert?.message).toContain(`first ${operator.other.account} (${order.reference})`);
				operator.stopsByHand(order.reference, operator.other);
				await resolve(operator, order);
			},
		},
		{
			way: 'the first has shipped it',
			raise: twice,
			end: 'shipped',
			act: async (operator, order) => {
				await operator.otherReports(shipped(order, 'FIRST'));
				operator.stopsByHand(order.reference, operator.main);
				operator.other.has.set(order.reference, 'shipped');
				await resolve(operator, order);
			},
		},
	],
	outcome_unknown: [
		{
			way: 'it is there',
			raise: unknownOutcome(true),
			act: async (operator, { id }) => await operator.does('markReceived', id),
			end: 'shipped',
			both: true,
		},
		{
			way: 'it is not there',
			raise: unknownOutcome(false),
			act: async (operator, { id }) => await operator.does('markNotReceived', id),
			end: 'shipped',
			both: true,
		},
	],
	canceled_in_cart: [
		{
			way: 'canceled with WMS Send',
			raise: canceledInCart,
			act: async (operator, { id }) => await operator.cancelsWithWmsSend(id),
			end: 'ended',
			both: true,
		},
		{
			way: 'stopped by hand',
			raise: canceledInCart,
			end: 'ended',
			act: async (operator, { id, reference }) => {
				operator.stopsByHand(reference);
				await operator.does('cancel', id, { force: true });
			},
		},
		{
			way: 'it has left',
			end: 'shipped',
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id);
				await operator.importsAgain(canceled);
				return await operator.get(id);
			},
			act: resolve,
		},
	],
	held_in_cart: [
		{
			way: 'the cart is ready again',
			raise: heldInCart,
			act: async (operator) => await operator.importsAgain(imported('1')),
			end: 'shipped',
		},
		{
			way: 'canceled with WMS Send',
			raise: heldInCart,
			act: async (operator, { id }) => await operator.cancelsWithWmsSend(id),
			end: 'ended',
		},
		{ way: 'it may leave all the same', raise: heldInCart, act: resolve, end: 'shipped' },
	],
	wanted_again: [
		{ way: 'sent again', raise: wantedAgain, act: reprocess, end: 'shipped', both: true },
		{ way: 'it is not to be shipped', raise: wantedAgain, act: resolve, end: 'ended' },
	],
	lines_added: [
		{
			way: 'they are sent',
			raise: linesAdded,
			act: async (operator, { id }) => await operator.does('sendAddedLines', id),
			end: 'shipped',
			both: true,
			besides: 'shipped',
		},
		{ way: 'they are not shipped', raise: linesAdded, act: resolve, end: 'shipped' },
	],
	cancel_too_late: [
		{
			way: 'the goods come back',
			end: 'shipped',
			raise: async (operator) => {
				const { id } = await canceledInCart(operator);
				operator.main.cancels.push('too_late');
				await operator.cancelsAtWarehouse(id);
				return await operator.get(id);
			},
			act: resolve,
		},
	],
	changed_in_cart: differing(changedInCart),
	edited_after_sending: differing(edited),
	duplicate_differs: [
		{
			way: 'it is this one',
			raise: duplicate,
			end: 'shipped',
			act: async (operator, order) => {
				operator.main.has.set(order.reference, 'W-OLD');
				await resolve(operator, order);
			},
		},
		{
			way: 'it is another one',
			raise: duplicate,
			act: async (operator, { id }) => await operator.does('markNotReceived', id),
			end: 'shipped',
			both: true,
		},
	],
	wrong_store: [
		{
			way: 'its own workflow works on it',
			end: 'shipped',
			raise: async (operator) => {
				const { id } = await operator.imports();
				await operator.orderStore.serve({ workflow: 'wf2', node: 'n', stores: ['zeta'] });
				await operator.rules(id, undefined, { work: await workScopeOf(operator.orderStore, { workflow: 'wf2', name: 'Zeta' }) });
				return await operator.get(id);
			},
			act: async (operator, { id }) => await operator.rules(id),
		},
		{
			way: 'the account of the warehouse was changed on purpose, as the message says',
			end: 'shipped',
			raise: async (operator) => {
				const { id: first } = await operator.sent(imported('2'));
				await operator.ships(first);
				await operator.uploads([first]);
				operator.main.has.clear();
				operator.cart.calls.length = 0;
				const { id } = await operator.imports();
				await operator.rules(id);
				await operator.sends(id, operator.other);
				operator.actions = [{ kind: 'route', warehouse: 'MAIN' }];
				return await operator.get(id);
			},
			act: async (operator, { id, alert }) => {
				expect(alert?.message).toMatch(/Change Account/);
				await operator.orderStore.changeAccount({
					store: 'acme',
					role: 'send',
					place: 'MAIN',
					partner: 'file',
					account: operator.other.account,
					scope: '',
					actor,
					moved: false,
				});
				await operator.sends(id, operator.other);
			},
		},
	],
	invalid_address: [
		{
			way: 'edited',
			end: 'shipped',
			act: editAndReprocess('shippingAddress.country', 'US'),
			raise: ruled([
				{
					kind: 'fitAddress',
					fit: {
						addresses: 'shipping',
						limits: [],
						overflow: 'fail',
						upperCase: false,
						ascii: false,
						countryCodes: true,
						regionCodes: false,
						postalCodes: false,
					},
				},
			]),
		},
	],
	field_too_long: [
		{
			way: 'edited',
			end: 'shipped',
			act: editAndReprocess('shippingAddress.address1', '9 N'),
			raise: ruled([
				{
					kind: 'fitAddress',
					fit: {
						addresses: 'shipping',
						limits: [{ field: 'address1', limit: 5 }],
						overflow: 'fail',
						upperCase: false,
						ascii: false,
						countryCodes: false,
						regionCodes: false,
						postalCodes: false,
					},
				},
			]),
		},
		{
			way: 'shortened by a rule',
			end: 'shipped',
			act: async (operator, order) => {
				operator.actions = [{ kind: 'setField', path: 'shippingAddress.address1', value: '9 N' }, ROUTE];
				await reprocess(operator, order);
			},
			raise: ruled([
				{
					kind: 'fitAddress',
					fit: {
						addresses: 'shipping',
						limits: [{ field: 'address1', limit: 5 }],
						overflow: 'fail',
						upperCase: false,
						ascii: false,
						countryCodes: false,
						regionCodes: false,
						postalCodes: false,
					},
				},
			]),
		},
	],
	missing_field: [
		{
			way: 'edited',
			end: 'shipped',
			act: editAndReprocess('customer.phone', '+1 555'),
			raise: async (operator) => {
				operator.wms = {
					...operator.wms,
					toRequest: ({ reference, customer }) => {
						if (!customer.phone) throw new FieldLimitError([{ field: 'customer.phone', problem: 'is missing', code: 'missing_field' }]);
						return reference;
					},
				};
				return await operator.sent();
			},
		},
	],
	unknown_sku: [
		{ way: 'made in the warehouse', raise: refused('unknown_sku', 'lines.L1.sku'), act: reprocess, end: 'shipped' },
		{
			way: 'mapped by a rule',
			raise: refused('unknown_sku', 'lines.L1.sku'),
			end: 'shipped',
			act: async (operator, order) => {
				operator.actions = [{ kind: 'setField', path: 'lines.L1.sku', value: 'MUG-RED' }, ROUTE];
				await reprocess(operator, order);
			},
		},
	],
	unmapped_shipping_method: [
		{
			way: 'added to the table',
			end: 'shipped',
			raise: ruled([{ kind: 'mapShippingMethod', map: { caseSensitive: false, entries: [], unmapped: { kind: 'error' } } }]),
			act: async (operator, order) => {
				operator.actions = [
					{
						kind: 'mapShippingMethod',
						map: {
							caseSensitive: false,
							entries: [{ method: 'Standard', carrier: 'UPS', serviceLevel: null, warehouse: null }],
							unmapped: { kind: 'error' },
						},
					},
					ROUTE,
				];
				await reprocess(operator, order);
			},
		},
	],
	rule_failed: [
		{
			way: 'the rule is corrected',
			end: 'shipped',
			raise: ruled([{ kind: 'fail', message: 'please look' }]),
			act: async (operator, order) => {
				operator.actions = [ROUTE];
				await reprocess(operator, order);
			},
		},
		{
			way: 'a rule of shipments is corrected',
			end: 'shipped',
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id);
				operator.shipmentRules = {
					ruleSet: () => null,
					evaluate: (_, shipment) => ({
						shipment,
						trace: [],
						notifyCustomer: true,
						decision: { kind: 'error', alert: { code: 'rule_failed', message: 'Rule "Carriers" cannot be read.' } },
					}),
				};
				await operator.uploads([id]);
				operator.shipmentRules = null;
				return await operator.get(id);
			},
			act: reprocess,
		},
	],
	rejected_by_wms: [
		{
			way: 'refused at once',
			raise: refused('rejected_by_wms', 'shippingNotes'),
			act: editAndReprocess('shippingNotes', 'short'),
			end: 'shipped',
		},
		{
			way: 'refused after it was confirmed',
			end: 'shipped',
			act: editAndReprocess('shippingNotes', 'short'),
			both: true,
			raise: async (operator) => {
				const { id, reference } = await operator.sent();
				operator.stopsByHand(reference);
				await operator.reports({
					kind: 'rejected',
					reference,
					wmsOrderId: null,
					origin: 'r',
					problems: [{ field: 'shippingNotes', problem: 'refused', code: 'rejected_by_wms' }],
				});
				return await operator.get(id);
			},
		},
	],
	retries_used_up: [
		{
			way: 'it can be reached again',
			end: 'shipped',
			act: reprocess,
			raise: async (operator) => {
				operator.main.creates.push({ kind: 'unavailable', cause: 'closed' });
				const { id } = await operator.imports();
				await operator.rules(id);
				await operator.sends(id, operator.main, { retry: { pausesInMinutes: [], jitter: 0 } });
				return await operator.get(id);
			},
		},
	],
	credentials_invalid: [
		{
			way: 'the credential of the warehouse is right again',
			end: 'shipped',
			act: async () => await Promise.resolve(),
			raise: async (operator) => {
				operator.main.creates.push({ kind: 'unavailable', cause: '401', alert: 'credentials_invalid' });
				return await operator.sent();
			},
		},
		{
			way: 'the credential of the cart is right again',
			end: 'shipped',
			act: async () => await Promise.resolve(),
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id);
				operator.cart.outcomes.push({ kind: 'unavailable', cause: '401', alert: 'credentials_invalid' });
				await operator.uploads([id]);
				operator.cart.calls.length = 0;
				return await operator.get(id);
			},
		},
	],
	rejected_by_cart: [
		{
			way: 'corrected',
			end: 'shipped',
			act: reprocess,
			both: true,
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id);
				operator.cart.outcomes.push({ kind: 'rejected', problem: 'unknown carrier' });
				await operator.uploads([id]);
				operator.cart.calls.length = 0;
				return await operator.get(id);
			},
		},
	],
	late_shipment: [
		{
			way: 'archived before',
			end: 'shipped',
			act: reprocess,
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.does('archive', id);
				await operator.ships(id);
				operator.done.clear();
				return await operator.get(id);
			},
		},
	],
	shipment_voided: [
		{
			way: 'it ships again',
			end: 'shipped',
			act: resolve,
			raise: shippedThen(
				async (operator, { reference }, externalId) =>
					await operator.reports({ kind: 'voided', externalId, reference, wmsOrderId: null, origin: 'v', reason: null }),
			),
		},
		{
			way: 'it left after all, and the cart was not told',
			end: 'shipped',
			act: reprocess,
			raise: async (operator) => {
				const { id, reference } = await operator.sent();
				await operator.reports({ kind: 'voided', externalId: 'S1', reference, wmsOrderId: null, origin: 'v', reason: null });
				await operator.ships(id);
				return await operator.get(id);
			},
		},
	],
	canceled_at_wms: [
		{ way: 'sent again', raise: canceledThere, act: reprocess, end: 'shipped', both: true },
		{
			way: 'canceled in the cart',
			raise: canceledThere,
			end: 'ended',
			act: async (operator, order) => {
				await operator.importsAgain(canceled);
				await resolve(operator, order);
			},
		},
		{
			way: 'a part of it',
			end: 'shipped',
			act: resolve,
			raise: async (operator) => {
				const { id, reference } = await operator.sent();
				await operator.reports({
					kind: 'canceled',
					externalId: 'C1',
					reference,
					wmsOrderId: null,
					origin: 'c',
					reason: 'out of stock',
					lines: [{ lineId: 'L2', externalId: null, sku: null, quantity: 1 }],
				});
				return await operator.get(id);
			},
		},
	],
	tracking_changed: [
		{
			way: 'corrected in the cart',
			end: 'shipped',
			act: resolve,
			raise: shippedThen(
				async (operator, order, externalId) =>
					await operator.reports(
						shipped(order, externalId, { trackingNumber: '1ZNEW', lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 1 }] }),
					),
			),
		},
	],
	over_shipment: [
		{
			way: 'compared',
			end: 'shipped',
			act: resolve,
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 9 }] });
				return await operator.get(id);
			},
		},
	],
	unknown_shipment_line: [
		{
			way: 'compared',
			end: 'shipped',
			act: resolve,
			raise: async (operator) => {
				const { id } = await operator.sent();
				await operator.ships(id, {
					lines: [
						{ lineId: 'L1', externalId: null, sku: null, quantity: 2 },
						{ lineId: null, externalId: null, sku: 'CAP', quantity: 1 },
					],
				});
				return await operator.get(id);
			},
		},
	],
	// Kept for carts that say it of an order that they have; what cannot be read is an import failure, which ends the same way. See advice.test.ts.
	import_failed: [],
};

/** What could not be read comes again, corrected. */
export async function importFailureEnds({ orderStore }: Operator): Promise<void> {
	const failure: NewImportFailure = {
		subject: 'order',
		key: '1',
		origin: 'orders.csv, row 2',
		message: 'lines[0].quantity: is not a number.',
		remedy: 'Correct it.',
		payload: null,
	};
	await orderStore.importPage(page([], { failures: [failure] }));
	expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toHaveLength(1);
	await orderStore.importPage(page([imported('1')]));
	expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toEqual([]);
}
