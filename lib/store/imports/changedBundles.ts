/** Bundles of which a cart changed orders. */
import { hasTrait, mayMove } from '../../order/status';
import type { ImportPage } from '../OrderStore';
import { sql, type Transaction } from '../database';
import { applyAll, isLiveRow, takeApart } from '../moves';
import type { Move } from '../moves';
import type { Changed } from './candidate';
import { WANTED_AGAIN } from './decisions';

/** Takes bundles apart of which an order changed before they were sent, and tells of the others. */
export async function changeBundles(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const touched = changed.flatMap(({ bundle, ...one }) => (bundle === undefined ? [] : { ...one, bundle }));
	const bundles = [...new Map(touched.map(({ bundle }) => [bundle.row.id, bundle])).values()];
	await takeApart(
		transaction,
		bundles.filter(({ sent }) => !sent),
		{ actor: page.actor, reason: 'One of its orders was changed or canceled in the cart.' },
	);
	const wanted = await bundlesWanted(
		transaction,
		bundles.filter(({ sent }) => sent).map(({ row }) => row.id),
	);
	const moves = bundles.flatMap(({ row, sent, parts }): Move[] => {
		const own = touched.filter(({ bundle }) => bundle.row.id === row.id);
		const told = own.flatMap(({ candidate, moves: made }) =>
			made.flatMap(({ set }) => (set?.alerts?.raise ?? []).map((alert) => ({ candidate, alert }))),
		);
		const again = own.filter(({ moves: made }) => made.some(({ set }) => set?.canceledInCartAt === null));
		if (!sent || told.length + again.length === 0 || !hasTrait(row.status, 'under_way')) return [];
		// Of one that is split its parts are what the warehouse has.
		const asked = parts.length > 0 ? parts.filter(isLiveRow) : [row];
		if (!wanted.has(row.id)) {
			const alert = {
				code: 'canceled_in_cart',
				message: 'All orders in this bundle were canceled in the cart after it had been sent to the warehouse.',
			} as const;
			const set = { canceledInCartAt: 'now', cancelDueAt: 'now', alerts: { raise: [alert] } } as const;
			return asked.map(({ id, version }) => ({ orderId: id, version, actor: page.actor, reason: null, set }));
		}
		// The warehouse is not asked to cancel it any more.
		const unasked =
			again.length === 0
				? []
				: asked.map(({ id, version }): Move => ({ orderId: id, version, actor: page.actor, reason: null, set: WANTED_AGAIN }));
		const words = told
			.map(
				({ candidate, alert }) =>
					`${candidate.order.content.orderNumber}: ${alert.code === 'canceled_in_cart' ? 'canceled in the cart' : alert.message}`,
			)
			.concat(again.map(({ candidate }) => `${candidate.order.content.orderNumber}: wanted again`));
		const alert = {
			code: 'changed_in_cart',
			message: `Of the orders in this bundle, after it was sent to the warehouse: ${words.join('; ')}`,
		} as const;
		// What of it no warehouse has is for a person too: it holds lines of that order, or may hold them.
		const unsent = told.length === 0 ? [] : parts.filter((part) => !isLiveRow(part) && mayMove(part.status, 'error'));
		return [
			...unasked,
			...unsent.map((part): Move => ({
				orderId: part.id,
				version: part.version,
				actor: page.actor,
				from: part.status,
				to: 'error',
				reason: alert.message,
				set: { statusReason: alert.message, alerts: { raise: [alert] } },
			})),
			{
				orderId: row.id,
				version: row.version + (unasked.some(({ orderId }) => orderId === row.id) ? 1 : 0),
				actor: page.actor,
				reason: null,
				set: { alerts: { raise: [alert] } },
			},
		];
	});
	await applyAll(transaction, moves);
}

/** Of these bundles those of which an order is still wanted. */
async function bundlesWanted({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Set<string>> {
	if (ids.length === 0) return new Set();
	const rows = await query<{ bundled_into: string }>(
		sql`SELECT DISTINCT bundled_into FROM ${tables.order} WHERE bundled_into IS NOT NULL AND bundled_into ${dialect.anyOf(1)} AND status = 'bundled' AND canceled_in_cart_at IS NULL`,
		[dialect.list(ids)],
	);
	return new Set(rows.map((row) => row.bundled_into));
}
