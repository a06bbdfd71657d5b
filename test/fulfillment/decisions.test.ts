/** The table of decisions is what the product does: every decision, on every state of a sending, taken by the use case that takes it. */
import { DECISION_NAMES, verdictOn } from '../../lib/order/sending';
import { SENDING_STATE_NAMES } from '../../lib/order/sendingState';
import { onEachDatabase } from '../store/harness';
import { observed, scene } from './decisions';

onEachDatabase('what may be decided', (open) => {
	it.each(SENDING_STATE_NAMES)('begins with an order whose sending is %s', async (state) => {
		expect((await scene(await open(), state)).order.sending).toBe(state);
	});

	describe.each(DECISION_NAMES)('%s', (decision) => {
		it.each(SENDING_STATE_NAMES.map((state) => [state, verdictOn(decision, state)]))('%s: %s', async (state, verdict) => {
			expect(await observed(await open(), decision, state)).toBe(verdict);
		});
	});
});
