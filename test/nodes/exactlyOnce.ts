/** An order whose sending goes wrong in every way, sent again and again: the warehouse ends with exactly one. */
import type { Fault, Peer, PeerRequest } from '../../testing/servers/Peer';
import type { Site } from '../templates/site';
import { itemsOf, orders, run } from './operator';

/** All but the one that takes as long as n8n waits for an answer. */
export const QUICK_FAULTS = [
	'reset-before',
	'reset-after',
	'429',
	'500-before',
	'500-after',
	'truncated',
	'html',
] as const satisfies readonly Fault[];

export interface OnceTarget {
	peer: Peer;
	/** Whether a request creates an order. */
	creates(request: PeerRequest): boolean;
	/** References that the warehouse has, each as often as it has it. */
	references(): string[];
	parameters: Parameters<typeof run>[2];
	credentials: object;
}

/** @param also the fault of the next request after the one that creates, such as a look-up */
export async function endsWithOne(site: Site, target: OnceTarget, fault: Fault, also: Fault | null): Promise<void> {
	const [order] = await orders(site, { shippingMethod: 'Standard' });
	if (order === undefined) throw new Error('no order');
	await run(site, 'orderRules', {}, itemsOf([order]));
	const more = { credentials: target.credentials as never };
	// The peer takes nothing late, so that a look-up proves at once that it does not have the order.
	const parameters = { ...target.parameters, options: { ...(target.parameters.options as object | undefined), lateMinutes: 0 } };
	let created = false;
	let looked = false;
	target.peer.faultAt = (_, request) => {
		if (target.creates(request)) {
			created = true;
			return fault;
		}
		if (!created || looked || also === null) return null;
		looked = true;
		return also;
	};
	await run(site, 'wmsSend', parameters, [{ id: order.id }], more);
	if (!created) throw new Error('nothing was sent');
	target.peer.faultAt = () => null;
	for (let count = 0; count < 2; count += 1) {
		await run(site, 'orderStore', { resource: 'order', operation: 'reprocess' }, [{ id: order.id }]);
		await run(site, 'orderRules', {}, [{ id: order.id }]);
		await run(site, 'wmsSend', parameters, [{ id: order.id }], more);
	}
	expect(target.references()).toEqual([order.reference]);
	expect((await (await site.store()).get(order.id))?.status).toBe('open');
}
