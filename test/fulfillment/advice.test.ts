/** Every alert's advice is carried out: it is raised by what raises it, a person does what its text says, and it ends well. */
import { ALERT_CODES, ALERTS, type AlertCode } from '../../lib/order/alerts';
import { isLive } from '../../lib/order/sendingState';
import { onEachDatabase } from '../store/harness';
import { ADVICE, importFailureEnds } from './advice';
import { Operator } from './operator';
import type { Advice } from './adviceFlows';

/** As texts name what a person does with our nodes. */
const OPERATIONS = [
	'Edit',
	'Reprocess',
	'Reset',
	'Archive',
	'Delete',
	'Unbundle',
	'Mark as Received',
	'Mark as Not Received',
	'Resolve Alert',
	'Send Added Lines',
	'Cancel with Force',
	'Reset with Force',
	'Delete with Force',
	'WMS Send',
];

const namedIn = (text: string): string[] => OPERATIONS.filter((name) => new RegExp(`\\b${name}\\b(?! with Force)`).test(text)).sort();

/** How it ends, in the words of the promise. */
async function expectEnd(operator: Operator, id: string, { end, besides }: Pick<Advice, 'end' | 'besides'>): Promise<void> {
	const order = await operator.get(id);
	const there = [operator.main, operator.other].flatMap(({ has }) => [...has.keys()]);
	expect({ alerts: order.alerts, due: order.cancelDueAt }).toEqual({ alerts: [], due: null });
	const told = operator.told();
	expect([...new Set(told)]).toEqual(told);
	if (end === 'ended') {
		expect({ status: order.status, there, live: isLive(order.sending), told }).toEqual({
			status: 'canceled',
			there: [],
			live: false,
			told: [],
		});
		return;
	}
	// What was added to it is at a warehouse besides, once.
	const added = await operator.orderStore.parts([id]);
	expect(added.map(({ status }) => status)).toEqual(besides === undefined ? [] : ['closed']);
	const all = [order, ...added];
	expect({ status: order.status, there }).toEqual({ status: 'closed', there: all.map(() => expect.any(String) as string) });
	expect(
		all
			.flatMap(({ lines }) => lines)
			.every(({ quantity, quantityShipped, quantityCanceled }) => quantityShipped + quantityCanceled >= quantity),
	).toBe(true);
	expect(told.sort()).toEqual(all.flatMap(({ shipments }) => shipments.map(({ externalId }) => externalId)).sort());
}

async function carryOut(operator: Operator, code: AlertCode, { raise, act, ...ends }: Advice): Promise<void> {
	const order = await raise(operator);
	expect(order.alerts).toContainEqual({ code, message: expect.stringMatching(/\S/), recommendation: ALERTS[code].recommendation });
	await act(operator, order);
	await operator.goesOn();
	await expectEnd(operator, order.id, ends);
}

onEachDatabase('the advice of', (open, dialect) => {
	const cases = ALERT_CODES.flatMap((code) =>
		ADVICE[code].filter(({ both }) => dialect === 'sqlite' || both).map((advice) => [code, advice.way, advice] as const),
	);

	it.each(cases)('%s: %s', async (code, _, advice) => await carryOut(new Operator(await open()), code, advice));
});

onEachDatabase(
	'the text of an alert',
	(open) => {
		it.each(ALERT_CODES.filter((code) => ADVICE[code].length > 0))('%s names what is done, and nothing else', async (code) => {
			const done = new Set<string>();
			for (const advice of ADVICE[code]) {
				const operator = new Operator(await open());
				await advice.act(operator, await advice.raise(operator));
				for (const name of operator.done) done.add(name);
			}
			expect([...done].sort()).toEqual(namedIn(ALERTS[code].recommendation));
		});

		it('import_failed: what could not be read comes again, and the failure is over', async () =>
			await importFailureEnds(new Operator(await open())));

		it('is there for all of them, and only import_failed is no alert of an order that we know', () => {
			expect(ALERT_CODES.filter((code) => ADVICE[code].length === 0)).toEqual(['import_failed']);
		});
	},
	['sqlite'],
);
