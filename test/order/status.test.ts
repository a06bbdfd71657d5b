import { OPERATIONS, permission, type Operation, type OperationSubject } from '../../lib/order/operations';
import { mayMove, ORDER_STATUSES, STATUSES, statusesBefore, type OrderStatus } from '../../lib/order/status';

describe('the table of statuses', () => {
	it('has the fourteen statuses, each value being its label in lower snake case', () => {
		expect(ORDER_STATUSES).toHaveLength(14);
		for (const status of ORDER_STATUSES) expect(STATUSES[status].label.toLowerCase().replace(' ', '_')).toBe(status);
	});

	it('names only known targets, and never itself', () => {
		for (const status of ORDER_STATUSES) {
			const { to, toAsSplitParent = [] } = STATUSES[status] as { to: readonly string[]; toAsSplitParent?: readonly string[] };
			for (const target of [...to, ...toAsSplitParent]) expect(ORDER_STATUSES).toContain(target);
			expect(to).not.toContain(status);
		}
	});

	it('reaches every status from New', () => {
		const reached = new Set<OrderStatus>(['new']);
		for (const from of reached) for (const to of ORDER_STATUSES) if (mayMove(from, to)) reached.add(to);
		expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
	});

	it('lets only the parent of a split go from Routed to Partially shipped and Closed', () => {
		for (const to of ['partially_shipped', 'closed'] as const) {
			expect(mayMove('routed', to)).toBe(false);
			expect(mayMove('routed', to, true)).toBe(true);
		}
	});

	it('knows what comes before', () => {
		expect(statusesBefore('queued')).toEqual(['routed']);
		expect(statusesBefore('closed')).toEqual(['open', 'partially_shipped', 'bundled']);
	});
});

describe('operations', () => {
	const at = (status: OrderStatus, more: Partial<Omit<OperationSubject, 'status'>> = {}): OperationSubject => ({
		status,
		sending: 'none',
		sentAt: null,
		shipments: [],
		...more,
	});
	const sent = { sending: 'there', sentAt: '2026-11-23T00:00:00.000Z' } as const;

	/** The contract, section 3: where each operation is refused for an order that the WMS never had. */
	const refusedIn: Record<Operation, OrderStatus[]> = {
		edit: ['queued', 'bundled', 'closed', 'deleted'],
		reprocess: ['new', 'queued', 'bundled', 'closed', 'deleted'],
		reset: ['queued', 'open', 'partially_shipped', 'bundled', 'closed', 'deleted'],
		archive: ['queued', 'deleted'],
		delete: ['queued', 'open', 'partially_shipped', 'closed', 'bundled', 'deleted'],
		cancel: ['closed', 'bundled', 'archived', 'skipped', 'abandoned', 'deleted'],
		markReceived: [...ORDER_STATUSES],
		markNotReceived: [...ORDER_STATUSES],
		sendAddedLines: [...ORDER_STATUSES],
	};

	it.each(OPERATIONS.flatMap((operation) => ORDER_STATUSES.map((status) => [operation, status] as const)))(
		'%s of an order that is %s',
		(operation, status) => {
			const result = permission(operation, at(status), { force: false });
			expect(result.allowed).toBe(!refusedIn[operation].includes(status));
			if (result.allowed) expect(result.to === status || mayMove(status, result.to)).toBe(true);
			else expect([result.why, result.remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
		},
	);

	/** And for one that the WMS may have: what is refused besides, and what is allowed then. */
	const whileItMayBeThere: Partial<Record<Operation, OrderStatus[]>> = {
		reset: ORDER_STATUSES.filter((status) => status !== 'deleted'),
		delete: ORDER_STATUSES,
		cancel: ['closed', 'bundled', 'deleted'],
		markReceived: ['queued', 'bundled', 'deleted'],
		markNotReceived: ['queued', 'bundled', 'deleted'],
	};

	it.each(OPERATIONS.flatMap((operation) => ORDER_STATUSES.map((status) => [operation, status] as const)))(
		'%s of an order that is %s, and may be at the warehouse',
		(operation, status) => {
			const result = permission(operation, at(status, { sending: 'may_be_there' }), { force: false });
			const refused = whileItMayBeThere[operation] ?? refusedIn[operation];
			expect(result.allowed).toBe(!(refused.includes(status) || status === 'deleted'));
			if (!result.allowed) expect([result.why, result.remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
		},
	);

	it('reprocess sends an order that the WMS has back to Open or Partially shipped, not to New', () => {
		for (const status of ['error', 'archived', 'abandoned'] as const) {
			expect(permission('reprocess', at(status, sent), { force: false })).toEqual({ allowed: true, to: 'open' });
			expect(permission('reprocess', at(status, { ...sent, shipments: [{}] }), { force: false })).toEqual({
				allowed: true,
				to: 'partially_shipped',
			});
		}
		expect(permission('reprocess', at('canceled', sent), { force: false })).toEqual({ allowed: true, to: 'new' });
	});

	it('reset is refused once a shipment exists, and once the WMS has the order unless forced', () => {
		expect(permission('reset', at('error', { shipments: [{}] }), { force: true }).allowed).toBe(false);
		expect(permission('reset', at('error', sent), { force: false }).allowed).toBe(false);
		expect(permission('reset', at('error', sent), { force: true })).toEqual({ allowed: true, to: 'new' });
	});

	it('Send Added Lines is for what is closed and was added to, and for nothing else', () => {
		const alerts = [{ code: 'lines_added' }] as const;
		for (const status of ORDER_STATUSES)
			expect([status, permission('sendAddedLines', at(status, { ...sent, shipments: [{}], alerts }), { force: true }).allowed]).toEqual([
				status,
				status === 'closed',
			]);
	});

	it('delete asks to archive an order that the WMS ever had first, unless forced', () => {
		expect(permission('delete', at('error', sent), { force: false }).allowed).toBe(false);
		expect(permission('delete', at('error', sent), { force: true }).allowed).toBe(true);
		expect(permission('delete', at('archived', sent), { force: false }).allowed).toBe(true);
	});
});
