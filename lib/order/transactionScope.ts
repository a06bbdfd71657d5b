/**
 * Law four: no call to the outside while a database transaction is open. The store runs its transactions in this scope;
 * everything that leaves the process (HTTP, files of the exchange folder) asserts that it is not in one.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { FulfillmentError } from './errors';

const scope = new AsyncLocalStorage<{ open: boolean }>();

/** Runs the body of a database transaction. */
export async function inTransactionScope<T>(body: () => Promise<T>): Promise<T> {
	const transaction = { open: true };
	return await scope.run(transaction, async () => {
		try {
			return await body();
		} finally {
			transaction.open = false;
		}
	});
}

/** Throws when a database transaction is open. @param call what was about to leave the process, "POST https://…" */
export function assertOutsideTransaction(call: string): void {
	if (scope.getStore()?.open) {
		throw new FulfillmentError(
			'network_in_transaction',
			`${call} was attempted inside a database transaction.`,
			'This is a defect of the node. Please report it with the name of the node and of the operation.',
		);
	}
}
