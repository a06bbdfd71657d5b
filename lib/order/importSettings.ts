/** What an import trigger was set to, and which of several triggers may set a store. Pure. */
import { FulfillmentError, shown } from './errors';
import type { IsoDate, JsonValue } from './order';

/** The parameters of an import trigger by name; its options are under "options". */
export type ImportSettings = Readonly<Record<string, JsonValue>>;

/** A node of a workflow. */
export interface TriggerName {
	/** n8n's ID of the workflow. */
	workflow: string;
	workflowName: string;
	/** n8n's ID of the node. */
	node: string;
	nodeName: string;
}

/** An import trigger, and what it is set to. */
export interface ImportTrigger extends TriggerName {
	settings: ImportSettings;
	/** How people call a setting; default: its name. */
	labels?: Readonly<Record<string, string>>;
}

/** What is kept of the trigger that set a store. */
export interface KeptTrigger extends TriggerName {
	settings: ImportSettings;
	/** When it last polled, or set the store. */
	seenAt: IsoDate;
	/** A person said that another trigger may set the store. */
	released: boolean;
}

/** A trigger that has not polled for so long is gone: nobody deletes what it had set. */
export const TRIGGER_EXPIRES_MS = 24 * 3_600_000;

export const isSameTrigger = (left: Pick<TriggerName, 'workflow' | 'node'>, right: Pick<TriggerName, 'workflow' | 'node'>): boolean =>
	left.workflow === right.workflow && left.node === right.node;

/** Two triggers of one store with two minds would import what the other one leaves out. Throws FulfillmentError `operation_refused`. */
export function assertMaySet(store: string, wanted: ImportTrigger, kept: KeptTrigger | null, now: IsoDate): void {
	if (kept === null || kept.released || isSameTrigger(kept, wanted)) return;
	const differing = differences(kept.settings, wanted.settings, wanted.labels ?? {});
	if (differing.length === 0 || Date.parse(now) - Date.parse(kept.seenAt) > TRIGGER_EXPIRES_MS) return;
	throw new FulfillmentError(
		'operation_refused',
		`The store ${store} is imported by "${kept.nodeName}" in the workflow "${kept.workflowName}" already, with other settings than those of "${wanted.nodeName}" in "${wanted.workflowName}": ${differing.join('; ')}.`,
		`Give both the same settings, or turn one of them off. If "${kept.nodeName}" is not used any more, choose Order Store → Connection → Take Over; a trigger that has not polled for a day no longer counts.`,
	);
}

/** At most so many are named. */
const NAMED = 5;

/** What differs, in words: `Without Tags: "do-not-ship" there, nothing here`. */
function differences(there: ImportSettings, here: ImportSettings, labels: Readonly<Record<string, string>>): string[] {
	const [left, right] = [flat(there), flat(here)];
	const names = [...new Set([...left.keys(), ...right.keys()])].sort().filter((name) => left.get(name) !== right.get(name));
	const words = names
		.slice(0, NAMED)
		.map((name) => `${labels[name] ?? name}: ${wordOf(left.get(name))} there, ${wordOf(right.get(name))} here`);
	return names.length > NAMED ? [...words, `and ${names.length - NAMED} more`] : words;
}

/** By name, those of the options too; values as text that is equal when they are. */
function flat({ options, ...rest }: ImportSettings): Map<string, string> {
	const inside = typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {};
	return new Map(Object.entries({ ...rest, ...inside }).map(([name, value]) => [name, JSON.stringify(inOrder(value))]));
}

/** @example settingsText({ b: 1, a: 2 }) // the same as of { a: 2, b: 1 } */
export const settingsText = (settings: ImportSettings): string => JSON.stringify(inOrder(settings));

const wordOf = (text: string | undefined): string => (text === undefined ? 'not set' : shown(JSON.parse(text), 100));

function inOrder(value: JsonValue | ImportSettings): JsonValue {
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([left], [right]) => (left < right ? -1 : 1))
			.map(([name, one]) => [name, inOrder(one)]),
	);
}
