/**
 * A warehouse that does the worst that its documentation does not forbid: it answers or does not, takes an order now, later, or never, may take a
 * repeat as a second order, and cannot always be asked. It keeps what it really has.
 */
import type { SendOutcome, Wms, WmsSession } from '../../lib/wms/Wms';

/** What becomes of a request: taken and confirmed; taken, or taken later, or not, without an answer; refused; not reached. */
export const ANSWERS = ['yes', 'lost', 'late', 'never', 'down', 'no'] as const;
export type Answer = (typeof ANSWERS)[number];

export const LATE_MS = 15 * 60_000;

export interface Request {
	reference: string;
	/** Something by which two versions of the order are told apart. */
	version: string;
}

interface Held extends Request {
	live: boolean;
}

export interface Doubtful {
	/** What it has, and had. */
	readonly held: Held[];
	/** What its gateway will hand on. */
	readonly underway: Array<Request & { at: number }>;
	/** What comes of the next requests; then it answers. */
	readonly answers: Answer[];
	/** The next look-ups and cancellations fail. */
	deaf: number;
	live(): Held[];
	/** It takes what has come meanwhile. */
	catchUp(): void;
	session: WmsSession<Request>;
}

export const doubtfulWms = (unique: boolean): Pick<Wms<never, Request>, 'code' | 'label' | 'capabilities' | 'toRequest'> => ({
	code: 'file',
	label: 'Warehouse',
	capabilities: { uniqueReference: unique, cancel: true, lateMs: LATE_MS },
	toRequest: ({ reference, shippingAddress }) => ({ reference, version: shippingAddress?.address1 ?? '' }),
});

export function doubtful(account: string, { unique }: { unique: boolean }): Doubtful {
	const held: Held[] = [];
	const underway: Doubtful['underway'] = [];
	const answers: Answer[] = [];

	const take = (request: Request): void => {
		if (unique && held.some(({ reference }) => reference === request.reference)) return;
		held.push({ ...request, live: true });
	};

	const found = (reference: string): Held | undefined => held.find((one) => one.reference === reference && one.live);

	const heard = (): void => {
		warehouse.catchUp();
		if (warehouse.deaf <= 0) return;
		warehouse.deaf -= 1;
		throw new Error('502');
	};

	async function createOrder(request: Request): Promise<SendOutcome> {
		warehouse.catchUp();
		const answer = await Promise.resolve(answers.shift() ?? 'yes');
		if (answer === 'down') return { kind: 'unavailable', cause: 'closed' };
		if (answer === 'never') return { kind: 'unknown', cause: 'time-out' };
		if (answer === 'late') {
			underway.push({ ...request, at: Date.now() + LATE_MS - 60_000 });
			return { kind: 'unknown', cause: 'time-out' };
		}
		if (unique && held.some(({ reference }) => reference === request.reference)) {
			return found(request.reference) === undefined
				? {
						kind: 'rejected',
						problems: [{ field: 'reference', value: request.reference, problem: 'was used before', code: 'rejected_by_wms' }],
					}
				: { kind: 'duplicate', wmsOrderId: `W-${request.reference}` };
		}
		if (answer === 'no') return { kind: 'rejected', problems: [{ field: 'order', problem: 'refused', code: 'rejected_by_wms' }] };
		take(request);
		return answer === 'lost' ? { kind: 'unknown', cause: 'time-out' } : { kind: 'accepted', wmsOrderId: `W-${request.reference}` };
	}

	const warehouse: Doubtful = {
		held,
		underway,
		answers,
		deaf: 0,
		live: () => held.filter(({ live }) => live),
		catchUp: () => {
			const due = underway.filter(({ at }) => at <= Date.now());
			for (const request of due) {
				underway.splice(underway.indexOf(request), 1);
				take(request);
			}
		},
		session: {
			source: account,
			account,
			createOrder,
			findOrder: async (reference) => {
				heard();
				return await Promise.resolve(found(reference) === undefined ? null : { wmsOrderId: `W-${reference}` });
			},
			cancelOrder: async ({ reference }) => {
				heard();
				const one = found(reference);
				if (one !== undefined) one.live = false;
				return await Promise.resolve(one === undefined ? ('not_found' as const) : ('canceled' as const));
			},
			listShipments: async function* () {
				yield await Promise.resolve({ events: [], failures: [], next: null });
			},
		},
	};
	return warehouse;
}
