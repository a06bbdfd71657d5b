import { asError } from '../../order/errors';

/** Asks once and keeps the answer. What failed is asked again. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
	let answer: Promise<T> | undefined;
	return async () => {
		answer ??= ask().catch((error: unknown) => {
			answer = undefined;
			throw asError(error);
		});
		return await answer;
	};
}
