/**
 * An action of a rule is one object in one file: its JSON in a rule set, its fields in the editor, how they are read, and what it does. It joins the engine, the
 * node, the rule sets and their published schema with its line in registry.ts.
 */
import type { Shape } from '../../ruleSet/shape';
import type { OnOrders } from '../../subjects/order';
import type { RuleKind } from '../../subjects/subject';
import type { Field } from './field';
import type { FieldReader } from './reading';

export interface ActionResult<K extends RuleKind = OnOrders> {
	/** The content that was given, or a changed copy. Never changed in place. */
	content: K['content'];
	/** Ends the evaluation: no later action or rule runs. */
	decision?: K['decision'];
	/** Ends the evaluation without a decision. */
	stops?: boolean;
	/** Divides what each warehouse gets, once all rules ran. */
	split?: K['splitter'];
	/** What happened, for people, where `changes` do not tell it. */
	note?: string;
	/** The action would have held the order, but the hold was served or is over. */
	holdServed?: boolean;
}

/** Carries the action out on one order or shipment. Throws FulfillmentError when it cannot. */
export type RunAction<K extends RuleKind = OnOrders> = (content: K['content'], context: K['context']) => ActionResult<K>;

/** What rule sets and the editor know of an action, whatever it is done to. @typeParam Data what the action holds, besides its kind */
export interface ActionForm<Data extends object> {
	/** In the list of actions, which is sorted by name. `action` is the same as a sentence. */
	option: { name: string; action: string; description: string };
	/** Its JSON, and what is checked of it before the engine sees it. */
	shape: Shape<Data>;
	/** What the editor asks, in this order. Shared ones are in fields.ts. */
	fields: readonly Field[];
	/** From the fields to the data. What the engine refuses need not be refused here. */
	read(given: FieldReader): Data;
}

/** @typeParam K OnOrders, or OnShipments */
export interface RuleAction<Data extends object, K extends RuleKind = OnOrders> extends ActionForm<Data> {
	/** Checks the data and prepares the run, once for many orders. Throws FulfillmentError when it is not valid. */
	compile(action: Data, rule: string): RunAction<K>;
}

/** The actions of a registry as data: `{ kind: 'route', warehouse: string } | …`. */
export type DataOf<Registry> = {
	[K in keyof Registry & string]: Registry[K] extends ActionForm<infer Data> ? { kind: K } & Data : never;
}[keyof Registry & string];
