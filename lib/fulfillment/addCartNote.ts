import { asOutcome, tryToAddNote, updateEachCartOrder, type CartUpdateRequest, type CartUpdateResult } from './cartUpdate';

/** Writes a note into orders of the cart, for the people there. */
export const addCartNote = async (
	request: CartUpdateRequest & { orderIds: string[]; textOf(orderId: string): string },
): Promise<CartUpdateResult[]> =>
	await updateEachCartOrder(request, async (order, asked) => {
		const text = request.textOf(asked.id).trim();
		if (text === '') return { kind: 'rejected', problem: 'The note is empty. Write something under "Note".' };
		if (!request.session.addNote) return { kind: 'rejected', problem: 'This cart takes no notes.' };
		const outcome = await asOutcome(async () => await request.session.addNote!(order, text));
		if (outcome.kind === 'done') await tryToAddNote(request, order, `Note in the cart: ${text}`);
		return outcome;
	});
