/**
 * Orders to a real Tryton, whose references are not unique, from two processes of ours that work on the same orders, through a network that fails at
 * every kind of request, while our processes are killed in the middle of them: in the end Tryton has one shipment of each.
 */
import { FAULTS, type Fault, type RareFault } from '../../../testing/servers/Peer';
import { Tryton, trytonMissing } from '../../../testing/servers/tryton';
import { methodOf, TrytonProxy } from '../../../testing/servers/trytonProxy';
import { onEachDatabase } from '../../store/harness';
import { sessionOf, signIn } from '../../wms/trytonHarness';
import { nothingWaits } from '../../wms/waiting';
import { routedOrders } from './routedOrders';
import { Senders, statusesOf } from './senders';
import { SENDER } from './warehouses';

const missing = trytonMissing();

/** A thousand with EXACTLY_ONCE=full, which takes more than half an hour. */
const FULL = process.env.EXACTLY_ONCE === 'full';
const ORDERS = FULL ? 1000 : 40;
jest.setTimeout(FULL ? 2 * 3600_000 : 900_000);
/** Python answers one request after another: with so many orders there are more of them, and a request that is given up is made again. */
const PATIENCE = FULL ? { timeoutMs: 12_000, leaseMs: 120_000 } : { timeoutMs: 3000, leaseMs: 30_000 };
/** A fault in every so many requests that change something, and a kill. */
const FAULT_EVERY = 9;
const KILL_EVERY = 40;
const TROUBLE: ReadonlyArray<Fault | RareFault> = ['late', 'twice', ...FAULTS.filter((fault) => fault !== 'silent')];

const changesSomething = (method: string): boolean => /\.(create|write|delete|wait)$/.test(method);

onEachDatabase(
	'exactly once in Tryton',
	(open, dialect) => {
		(missing === null ? it : it.skip)('one shipment of each order', async () => {
			const tryton = await Tryton.open();
			const senders: Senders[] = [];
			try {
				const { orderStore, config } = await open();
				const references = await routedOrders(orderStore, ORDERS);
				const proxy = await TrytonProxy.open(tryton);
				const task = {
					config,
					warehouse: 'tryton' as const,
					account: { url: `${proxy.peer.url}/${tryton.database}`, key: await signIn(tryton), channel: tryton.database },
					...PATIENCE,
				};
				const both = new Senders(task);
				senders.push(both);
				let changes = 0;
				let failed = 0;
				proxy.peer.faultAt = (_, request) => {
					if (!changesSomething(methodOf(request))) return null;
					changes += 1;
					if (changes % KILL_EVERY === 0) {
						const sender = request.headers[SENDER] ?? '';
						if ((changes / KILL_EVERY) % 2 === 0) setTimeout(() => both.kill(sender), 30);
						else both.kill(sender);
					}
					return changes % FAULT_EVERY === 0 ? TROUBLE[(failed += 1) % TROUBLE.length]! : null;
				};
				both.start();
				both.start();
				await both.end();
				await proxy.peer.settled();
				// A request that was delivered late, or once more, may have left a draft, which nobody at the warehouse works on: the next poll cancels it.
				for await (const _ of (await sessionOf(tryton)).listShipments(null, nothingWaits)) continue;

				const live = await tryton.sql<{ code: string; state: string }>(
					"SELECT p.code, s.state FROM stock_shipment_out s JOIN party_party p ON p.id = s.customer WHERE s.state <> 'cancelled'",
				);
				expect(live.map(({ code, state }) => `${code} ${state}`).sort()).toEqual(
					references.map((reference) => `order:${reference} waiting`).sort(),
				);
				expect(Object.fromEntries(await statusesOf(orderStore))).toEqual({ open: ORDERS });
				expect(failed).toBeGreaterThanOrEqual((ORDERS * 3) / FAULT_EVERY - 2);
				expect(both.killed).toBeGreaterThanOrEqual(Math.floor((ORDERS * 3) / KILL_EVERY) - 2);
				process.stdout.write(`${dialect}, Tryton: ${changes} changes for ${ORDERS} orders, ${failed} faults, ${both.killed} kills\n`);
			} finally {
				for (const each of senders) each.stop();
				await tryton.close();
			}
		});
	},
	['postgres'],
);
