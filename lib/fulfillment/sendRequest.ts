/** What sending orders needs. */
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import type { Wms, WmsSession } from '../wms/Wms';
import type { RetryPolicy } from './retryPolicy';
import type { WorkScope } from './workScope';

export interface SendRequest<Request> {
	orderStore: OrderStore;
	wms: Pick<Wms<never, Request>, 'code' | 'label' | 'capabilities' | 'toRequest'>;
	session: WmsSession<Request>;
	orderIds: string[];
	/** Names this process or execution in the claim. */
	worker: string;
	actor: Actor;
	/** No request outlives half of it; a late worker writes nothing. */
	leaseMs: number;
	/** How many calls are on their way to the WMS at once. */
	concurrency: number;
	retry: RetryPolicy;
	/** How long after a request the warehouse may still take it. Default: what its adapter says. */
	lateMs?: number;
	/** Whose orders they may be. Default: everybody's. */
	work?: WorkScope;
}
