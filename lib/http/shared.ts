/** What all copies of our code in this process share: n8n may load our files more than once. */

/** @param name unique among ours; with the type of what it holds */
export function sharedMap<Value>(name: string): Map<string, Value> {
	const holder = globalThis as { [key: symbol]: Map<string, Value> | undefined };
	const key = Symbol.for(`n8n-nodes-order-fulfillment.${name}`);
	return (holder[key] ??= new Map<string, Value>());
}
