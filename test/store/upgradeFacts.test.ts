/** A store of the version that guessed what a warehouse may have: what it knew becomes facts, and where it did not know, the order may be there. */
import { createHash } from 'node:crypto';
import { canceled, READY } from '../../lib/order/cartWord';
import type { Order } from '../../lib/order/order';
import { openOrderStore } from '../../lib/store/connect';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { SendingState } from '../../lib/order/sendingState';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor, imported, move, page, report, series } from './fixtures';
import { onEachDatabase, type DialectName, type TestStore } from './harness';
import { copyRows, oldStore, type OldStore } from './oldStore';

const BEFORE = 'ControlNumbers1764400000000';
const AT = '2026-11-01T10:00:00.000Z';

type Columns = Readonly<Record<string, string | number | null>>;

const tried: Columns = { wms: 'file', attempts: 1 };
const had: Columns = { ...tried, wms_order_id: 'W', sent_at: AT };
const alert = (code: string): Columns => ({ alert_code: code, alert_message: `about ${code}`, alert_at: AT });

/** What the version before wrote of an order in a status, and what is known of it now. */
const CASES: ReadonlyArray<[what: string, columns: Columns, state: SendingState]> = [
	['new', { status: 'new' }, 'none'],
	['new again after a try without an answer', { status: 'new', ...tried }, 'may_be_there'],
	['routed', { status: 'routed' }, 'none'],
	['routed for the next try', { status: 'routed', ...tried }, 'may_be_there'],
	['queued', { status: 'queued', ...tried }, 'may_be_there'],
	['open', { status: 'open', ...had }, 'there'],
	['open without a key', { status: 'open', ...tried, sent_at: AT }, 'there'],
	['partially shipped', { status: 'partially_shipped', ...had, shipment_count: 1 }, 'there'],
	['closed', { status: 'closed', ...had, shipment_count: 1 }, 'there'],
	['bundled', { status: 'bundled' }, 'none'],
	['delayed by a hold', { status: 'delayed', held_until: AT }, 'none'],
	['delayed for the next try', { status: 'delayed', ...tried, retry_at: AT }, 'may_be_there'],
	['skipped', { status: 'skipped' }, 'none'],
	['in error before it was sent', { status: 'error', ...alert('rule_failed') }, 'none'],
	['refused', { status: 'error', ...tried, ...alert('rejected_by_wms') }, 'not_there'],
	['refused after it was there', { status: 'error', ...had, ...alert('rejected_by_wms') }, 'there'],
	['in error after the last try', { status: 'error', ...tried, ...alert('retries_used_up') }, 'may_be_there'],
	['in error with an unknown outcome', { status: 'error', ...tried, ...alert('outcome_unknown') }, 'may_be_there'],
	['canceled before it was sent', { status: 'canceled' }, 'none'],
	['canceled at the warehouse', { status: 'canceled', ...had }, 'canceled_there'],
	['canceled while nobody knew', { status: 'canceled', ...tried }, 'may_be_there'],
	['archived before it was sent', { status: 'archived' }, 'none'],
	['archived at the warehouse', { status: 'archived', ...had }, 'there'],
	['archived while nobody knew', { status: 'archived', ...tried }, 'may_be_there'],
	['abandoned at the warehouse', { status: 'abandoned', ...had }, 'there'],
	['abandoned while nobody knew', { status: 'abandoned', ...tried }, 'may_be_there'],
];

async function storeBefore(
	open: () => Promise<TestStore>,
	dialect: DialectName,
	rows: readonly Columns[],
): Promise<{ before: OldStore; ids: string[] }> {
	const today = await open();
	const ids = (await today.orderStore.importPage(page(series(rows.length)))).map(({ orderId }) => orderId!);
	const before = await oldStore(dialect, BEFORE);
	await copyRows(today, before, ['order', 'order_content']);
	for (const [index, columns] of rows.entries()) {
		const own = { ...columns, ...(columns.wms_order_id === 'W' ? { wms_order_id: `W${index}` } : {}) };
		const names = Object.keys(own);
		await before.raw(
			`UPDATE {order} SET ${names.map((name, place) => `${name} = $${place + 1}`).join(', ')} WHERE id = $${names.length + 1}`,
			[...Object.values(own), ids[index]],
		);
	}
	return { before, ids };
}

onEachDatabase('a store of the version before facts', (open, dialect) => {
	const opened: OrderStore[] = [];
	const upgraded = async ({ config }: OldStore): Promise<OrderStore> => {
		const orderStore = await openOrderStore(config);
		opened.push(orderStore);
		return orderStore;
	};
	afterEach(async () => {
		for (const orderStore of opened.splice(0)) await orderStore.close();
	});

	it('says of an order in every status what is known of it', async () => {
		const { before, ids } = await storeBefore(
			open,
			dialect,
			CASES.map(([, columns]) => columns),
		);
		const orderStore = await upgraded(before);
		const orders = await orderStore.getMany(ids);
		expect(orders.map(({ sending }, index) => [CASES[index]![0], sending])).toEqual(CASES.map(([what, , state]) => [what, state]));
		const sendings = await orderStore.sendings(ids);
		for (const order of orders) {
			const own = sendings.filter(({ orderId }) => orderId === order.id);
			expect(own).toHaveLength(order.sending === 'none' ? 0 : 1);
			// Which account it went to is not known, and so any account of the warehouse may report on it.
			if (own.length > 0)
				expect(own).toMatchObject([
					{ state: order.sending, wms: 'file', account: '', reference: order.reference, wmsOrderId: order.wmsOrderId, content: null },
				]);
		}
	});

	it('polled again with the same answers of the cart it moves nothing, raises nothing and sends nothing', async () => {
		const { before, ids } = await storeBefore(open, dialect, [
			...CASES.map(([, columns]) => columns),
			{ status: 'canceled', status_reason: 'Canceled in the cart.' },
		]);
		const orderStore = await upgraded(before);
		const known = await orderStore.getMany(ids);
		const word = (index: number) => (index < CASES.length ? READY : canceled('cancelled'));
		for (let poll = 0; poll < 2; poll += 1) {
			const results = await orderStore.importPage(page(series(ids.length).map((order, index) => ({ ...order, word: word(index) }))));
			expect(results.filter(({ kind }) => kind === 'created' || kind === 'updated' || kind === 'waiting')).toEqual([]);
		}
		const facts = ({
			id,
			status,
			statusReason,
			alerts,
			sending,
			heldUntil,
			retryAt,
			cancelDueAt,
			content,
		}: Order & { content?: unknown }) => ({ id, status, statusReason, alerts, sending, heldUntil, retryAt, cancelDueAt, content });
		expect((await orderStore.getMany(ids)).map(facts)).toEqual(known.map(facts));
		const wms = scriptedWms();
		await send(
			orderStore,
			wms,
			known.flatMap(({ id, status }) => (status === 'routed' ? [] : [id])),
		);
		expect(wms.created()).toEqual([]);
	});

	it('makes New what the cart canceled before it was sent, when the cart wants it again; what a person canceled stays Canceled', async () => {
		const { before, ids } = await storeBefore(open, dialect, [
			{ status: 'canceled', status_reason: 'Canceled in the cart.' },
			{ status: 'canceled', status_reason: 'Canceled by Ann.' },
		]);
		const orderStore = await upgraded(before);
		await orderStore.importPage(page(series(ids.length).map((order) => ({ ...order, word: canceled('cancelled') }))));
		await orderStore.importPage(page(series(ids.length)));
		expect((await orderStore.getMany(ids)).map(({ status }) => status)).toEqual(['new', 'canceled']);
	});

	it('sends what may be there only after a look, and nothing twice', async () => {
		const { before, ids } = await storeBefore(open, dialect, [
			{ status: 'delayed', ...tried, retry_at: AT },
			{ status: 'delayed', ...tried, retry_at: AT },
			{ status: 'routed' },
		]);
		const orderStore = await upgraded(before);
		for (const id of ids.slice(0, 2)) await move(orderStore, (await orderStore.get(id))!, 'routed');
		const wms = scriptedWms();
		wms.has.set('N1', 'W7');
		await send(orderStore, wms, ids);
		expect(wms.calls.sort()).toEqual(['create N2', 'create N3', 'find N1', 'find N2']);
		expect((await orderStore.getMany(ids)).map(({ status, wmsAccount, sending }) => [status, wmsAccount, sending])).toEqual(
			Array(3).fill(['open', 'wms:file', 'there']),
		);
	});

	it('matches what any account of the warehouse reports on orders of before', async () => {
		const { before, ids } = await storeBefore(open, dialect, [
			{ status: 'open', ...had },
			{ status: 'open', ...had },
		]);
		const orderStore = await upgraded(before);
		const parcel = {
			kind: 'shipped',
			externalId: 'S1',
			origin: 'o',
			carrier: null,
			serviceLevel: null,
			trackingNumber: 'T',
			trackingUrl: null,
			shippedAt: null,
			lines: null,
		} as const;
		const results = await orderStore.recordShipments(
			report(
				[
					{ ...parcel, reference: 'N1', wmsOrderId: null },
					{ ...parcel, reference: null, wmsOrderId: 'W1' },
				],
				{ account: 'wms:file:/data' },
			),
		);
		expect(results.map(({ orderId, kind }) => [orderId, kind])).toEqual(ids.map((id) => [id, 'recorded']));
	});

	it('keeps what the cart canceled, and asks the warehouse once more', async () => {
		const { before, ids } = await storeBefore(open, dialect, [
			{ status: 'open', ...had, ...alert('canceled_in_cart') },
			{ status: 'open', ...had, ...alert('cancel_too_late') },
			{ status: 'canceled', ...had, ...alert('canceled_in_cart') },
		]);
		const orderStore = await upgraded(before);
		expect(await orderStore.getMany(ids)).toMatchObject([
			{ canceledInCartAt: AT, cancelDueAt: AT, alert: { code: 'canceled_in_cart', message: 'about canceled_in_cart' } },
			{ canceledInCartAt: AT, cancelDueAt: null, alerts: [{ code: 'cancel_too_late' }] },
			{ canceledInCartAt: AT, cancelDueAt: null },
		]);
		expect((await orderStore.claimCancellations({ limit: 10, leaseMs: 60_000 })).map(({ id }) => id)).toEqual([ids[0]]);
	});

	it('knows the keys under which warehouses had orders before', async () => {
		const { before, ids } = await storeBefore(open, dialect, [{ status: 'open', ...had, reference: 'N1.r2' }]);
		await before.raw("INSERT INTO {wms_event} (order_id, kind, external_id, at) VALUES ($1, 'released', 'OLD', $2)", [ids[0], AT]);
		const orderStore = await upgraded(before);
		expect((await orderStore.sendings(ids)).map(({ number, state, wmsOrderId }) => [number, state, wmsOrderId])).toEqual([
			[1, 'canceled_there', 'OLD'],
			[2, 'there', 'W0'],
		]);
	});

	it('recognises orders that were deleted before, and gives their references to nobody', async () => {
		const { before } = await storeBefore(open, dialect, [{ status: 'new' }]);
		await before.raw('INSERT INTO {deleted_order} (hash, at, "by") VALUES ($1, $2, \'ann\')', [
			createHash('sha256').update('acme\n9').digest('hex'),
			AT,
		]);
		const orderStore = await upgraded(before);
		const [result] = await orderStore.importPage(page([imported('9')], { actor }));
		expect((await orderStore.get(result!.orderId!))!.reference).toMatch(/^N9\.h\w{7}$/);
	});
});
