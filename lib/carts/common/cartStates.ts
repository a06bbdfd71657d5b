/** What a cart's own states of an order mean for us: each adapter exports a table of them, which is printed in the docs of the cart and walked by a test. */
import type { CartWord } from '../../order/cartWord';

interface CartState {
	/** As people of the cart know it. */
	label: string;
	/** What an order in it says; one whose state is imported by the settings is ready all the same, unless it is canceled or gone. */
	word: CartWord;
	/** Somebody, or a check, stopped a placed order: one that is first seen so is recorded, Delayed, so that it is no silent gap. Default: false; it is heard of once it is ready. */
	held?: true;
	/** What it means for an order, in one sentence. */
	means: string;
}

export type CartStates = Readonly<Record<string, CartState>>;
