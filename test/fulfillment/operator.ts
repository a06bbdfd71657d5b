/**
 * A shop, two warehouses, machines that do what is due, and a person who does what an alert says, with the operations that the editor offers. What the
 * person did is kept by the names that people read.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { applyRules, type RulesRequest } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import type { SendRequest } from '../../lib/fulfillment/sendRequest';
import { uploadTracking, type ShipmentRulesRequest } from '../../lib/fulfillment/uploadTracking';
import type { CartUpdateRequest } from '../../lib/fulfillment/cartUpdate';
import type { AlertCode } from '../../lib/order/alerts';
import type { ImportedOrder, Order } from '../../lib/order/order';
import { isLive } from '../../lib/order/sendingState';
import type { ReportedShipment, WmsEvent } from '../../lib/order/wmsEvent';
import { compileRules } from '../../lib/rules/evaluate';
import type { Action } from '../../lib/rules/actions/registry';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { SendOutcome } from '../../lib/wms/Wms';
import { operationFor } from '../../nodes/OrderStore/actions';
import { rule } from '../rules/fixtures';
import { actor, imported, importOne, page, report, shipped } from '../store/fixtures';
import type { TestStore } from '../store/harness';
import { letTimePass, nextTry, RETRY, scriptedCart, scriptedWms, send, wmsWith, type ScriptedWms } from './partners';

type CancelAnswer = 'canceled' | 'too_late' | 'not_found';

export interface DeskWarehouse extends ScriptedWms {
	account: string;
	/** What it says to the next cancellations; then it does it. */
	readonly cancels: CancelAnswer[];
	cancelOrder(request: { reference: string; wmsOrderId: string | null }): Promise<CancelAnswer>;
}

/** @param account of the WMS; two of them are two accounts of one kind */
function deskWarehouse(account: string): DeskWarehouse {
	const wms = scriptedWms();
	const cancels: CancelAnswer[] = [];
	return Object.assign(wms, {
		source: account,
		account,
		cancels,
		cancelOrder: async ({ reference }: { reference: string }): Promise<CancelAnswer> => {
			wms.calls.push(`cancel ${reference}`);
			const answer = await Promise.resolve(cancels.shift());
			if (answer !== undefined) return answer;
			return wms.has.delete(reference) ? 'canceled' : 'not_found';
		},
	});
}

export const LOST: SendOutcome = { kind: 'unknown', cause: 'time-out' };

export class Operator {
	readonly main = deskWarehouse('wms:file:main');
	readonly other = deskWarehouse('wms:file:other');
	readonly cart = scriptedCart();
	/** What the person did: "Edit", "Cancel with Force", "WMS Send". */
	readonly done = new Set<string>();
	/** Where rules send an order by default. */
	actions: Action[] = [{ kind: 'route', warehouse: 'MAIN' }];
	/** How the warehouse is told; may refuse what it is given. */
	wms: SendRequest<string>['wms'] = wmsWith({ capabilities: { uniqueReference: true, cancel: true, lateMs: 0 } });
	/** Whether a workflow asks the warehouse to cancel what the cart canceled. */
	asksByItself = true;
	shipmentRules: ShipmentRulesRequest | null = null;
	private shipments = 0;

	constructor(readonly test: TestStore) {}

	get orderStore(): OrderStore {
		return this.test.orderStore;
	}

	async get(id: string): Promise<Order> {
		return (await this.orderStore.get(id))!;
	}

	alertsOf = async (id: string): Promise<AlertCode[]> => (await this.get(id)).alerts.map(({ code }) => code);

	// ── Machines ──────────────────────────────────────────────────────────────────────────────────────────────────────

	async imports(order: ImportedOrder = imported('1')): Promise<Order> {
		return await importOne(this.orderStore, order);
	}

	async importsAgain(order: ImportedOrder): Promise<void> {
		await this.orderStore.importPage(page([order]));
	}

	async rules(id: string, actions = this.actions, more: Partial<RulesRequest> = {}): Promise<void> {
		const rules = compileRules([rule('Operator', actions)]);
		await applyRules({
			orderStore: this.orderStore,
			orderIds: [id],
			warehouses: ['MAIN', 'OTHER'],
			ruleSet: () => null,
			dryRun: false,
			actor,
			evaluate: (_, content, context) => rules.evaluate(content, context),
			...more,
		});
	}

	async sends(id: string, warehouse = this.main, more: Partial<SendRequest<string>> = {}): Promise<void> {
		await send(this.orderStore, warehouse, [id], { wms: this.wms, ...more });
	}

	/** An order that went out. */
	async sent(order: ImportedOrder = imported('1')): Promise<Order> {
		const { id } = await this.imports(order);
		await this.rules(id);
		await this.sends(id);
		return await this.get(id);
	}

	/** It went out, arrived or not, and nobody knows. */
	async unknown(id: string, { arrives }: { arrives: boolean }): Promise<Order> {
		const { reference } = await this.get(id);
		for (const _ of RETRY.pausesInMinutes.concat(0)) {
			this.main.finds.push(
				() => Promise.reject(new Error('502')),
				() => Promise.reject(new Error('502')),
			);
			this.main.creates.push(() => {
				if (arrives) this.main.has.set(reference, `W-${reference}`);
				return LOST;
			});
			await this.sends(id);
			const order = await this.get(id);
			if (order.status === 'delayed') await nextTry(this.test, order);
		}
		this.main.finds.length = 0;
		this.main.creates.length = 0;
		return await this.get(id);
	}

	async reports(...events: WmsEvent[]): Promise<void> {
		await this.orderStore.recordShipments(report(events, { account: this.main.account }));
	}

	async otherReports(...events: WmsEvent[]): Promise<void> {
		await this.orderStore.recordShipments(report(events, { account: this.other.account }));
	}

	/** The warehouse ships what it has of the order. */
	async ships(id: string, more: Partial<ReportedShipment> = {}): Promise<string> {
		const key = `S${(this.shipments += 1)}`;
		await this.reports(shipped(await this.get(id), key, more));
		return key;
	}

	async uploads(ids: readonly string[], more: Partial<CartUpdateRequest> = {}): Promise<void> {
		await letTimePass(this.test);
		const shipmentRules = this.shipmentRules === null ? {} : { shipmentRules: this.shipmentRules };
		await uploadTracking({
			orderStore: this.orderStore,
			session: this.cart,
			worker: 'w',
			actor,
			leaseMs: 60_000,
			retry: RETRY,
			orderIds: [...ids],
			notifyCustomer: true,
			...shipmentRules,
			...more,
		});
	}

	/** What the cart was told of: each shipment once. */
	told(): string[] {
		return this.cart.calls.flatMap((call) => (call.startsWith('upload ') ? call.slice(7) : []));
	}

	async cancelsAtWarehouse(id: string): Promise<void> {
		const order = await this.get(id);
		const session = order.wmsAccount === this.other.account ? this.other : this.main;
		await cancelOrders({
			orderStore: this.orderStore,
			warehouse: { wms: this.wms, session },
			orderIds: [id],
			reason: null,
			worker: 'w',
			actor,
			leaseMs: 60_000,
			lateMs: 0,
		});
	}

	/** Everybody does the job until nothing is due: rules, sending, cancellations, the warehouse, the upload. */
	async goesOn(): Promise<void> {
		for (let round = 0; round < 6; round += 1) {
			await letTimePass(this.test);
			const work = await claimDueWork({
				orderStore: this.orderStore,
				kinds: this.asksByItself ? ['rules', 'sending', 'cancellation'] : ['rules', 'sending'],
				stores: [],
				limit: 50,
				leaseMs: 1,
				worker: 'w',
				actor,
			});
			for (const { kind, order } of work) {
				if (kind === 'rules') await this.rules(order.id);
				else if (kind === 'sending') await this.sends(order.id, order.warehouse === 'OTHER' ? this.other : this.main);
				else await this.cancelsAtWarehouse(order.id);
			}
			for (const order of (await this.orderStore.search({ limit: 50 })).items) {
				const left = order.lines.some((line) => line.quantity > line.quantityShipped + line.quantityCanceled);
				const own = order.wmsAccount === this.other.account ? this.other : this.main;
				if (!left || !isLive(order.sending) || !own.has.has(order.reference) || order.status === 'error') continue;
				const event = shipped(order, `S${(this.shipments += 1)}`);
				if (own === this.main) await this.reports(event);
				else await this.otherReports(event);
			}
			await this.uploads((await this.orderStore.search({ uploadDue: true, limit: 50 })).items.map(({ id }) => id));
		}
	}

	// ── The person ────────────────────────────────────────────────────────────────────────────────────────────────────

	/** An operation of Order Store on an order, as the node carries it out. */
	async does(operation: string, id: string, parameters: IDataObject = {}): Promise<void> {
		const { option, ...found } = operationFor('order', operation);
		this.done.add(`${option.name}${parameters['force'] === true ? ' with Force' : ''}`);
		if (!('each' in found)) throw new Error(`${operation} is not for an order`);
		await found.each(contextOf({ orderId: id, ...parameters }), this.orderStore, 0);
	}

	async edits(id: string, path: string, value: string): Promise<void> {
		await this.does('edit', id, { fields: { list: [{ field: 'other', path, value }] } });
	}

	async cancelsWithWmsSend(id: string): Promise<void> {
		this.done.add('WMS Send');
		await this.cancelsAtWarehouse(id);
	}

	/** By phone: the warehouse does not ship it, and says nothing of it by its interface. */
	stopsByHand(reference: string, warehouse = this.main): void {
		if (!warehouse.has.delete(reference)) throw new Error(`The warehouse does not have ${reference}.`);
	}
}

/** What an operation asks of n8n. */
function contextOf(parameters: IDataObject): IExecuteFunctions {
	const context = {
		getNodeParameter: (name: string, _item: number, fallback?: unknown) => parameters[name] ?? fallback,
		getNode: () => ({ id: 'operator', name: 'Order Store', parameters }),
		getWorkflow: () => ({ id: 'operator', name: 'Operator' }),
		getExecutionId: () => '1',
	};
	return context as unknown as IExecuteFunctions;
}
