/** Rule sets: one row a version, never changed and never removed; the last one of a name counts. */
import { FulfillmentError } from '../../order/errors';
import type { OrderStore, StoredRuleSet } from '../OrderStore';
import { jsonOf, sameJson, storable, stored } from './rows';
import type { Database, Session } from './session';
import type { RuleSetRow } from './tables';

const ruleSetOf = (row: RuleSetRow): StoredRuleSet | null =>
	row.content === null ? null : { name: row.name, version: row.version, savedAt: row.saved_at, savedBy: row.saved_by, content: jsonOf(row.content) };

async function present({ query, tables }: Session, name: string): Promise<RuleSetRow | null> {
	const [row] = await query<RuleSetRow>(`SELECT * FROM ${tables.rule_set} WHERE name = $1 ORDER BY version DESC LIMIT 1`, [name]);
	return row ?? null;
}

export const ruleSets = (database: Database): OrderStore['ruleSets'] => async () =>
	await database.read(async ({ query, tables }) => {
		const rows = await query<RuleSetRow>(
			`SELECT r.* FROM ${tables.rule_set} r JOIN (SELECT name, MAX(version) AS version FROM ${tables.rule_set} GROUP BY name) last ` +
				'ON last.name = r.name AND last.version = r.version ORDER BY r.name',
		);
		return rows.flatMap((row) => ruleSetOf(row) ?? []);
	});

export const ruleSet = (database: Database): OrderStore['ruleSet'] => async (given, version) =>
	await database.read(async (session) => {
		const name = storable(given);
		if (version === undefined) {
			const row = await present(session, name);
			return row === null ? null : ruleSetOf(row);
		}
		const [row] = await session.query<RuleSetRow>(`SELECT * FROM ${session.tables.rule_set} WHERE name = $1 AND version = $2`, [name, version]);
		return row === undefined ? null : ruleSetOf(row);
	});

/** How often a version is given anew when somebody else saves the same set at the same time. */
const TRIES = 5;

export const saveRuleSet = (database: Database): OrderStore['saveRuleSet'] => async ({ name: given, content, actor, after }) => {
	const name = storable(given);
	for (let tried = 1; ; tried += 1) {
		const saved = await database.write(async (transaction) => {
			const last = await present(transaction, name);
			const known = last === null ? null : ruleSetOf(last);
			if (after !== undefined && after !== (known?.version ?? 0)) throw changedMeanwhile(name, after, known);
			if (known !== null && sameJson(known.content, content)) return known;
			const row = { name, version: (last?.version ?? 0) + 1, content: stored(content), saved_at: await transaction.now(), saved_by: storable(actor.name) };
			// The key decides between two who save at once.
			return (await transaction.insertMany('rule_set', [row], ['name', 'version'])).size === 1 ? ruleSetOf(row) : null;
		});
		if (saved !== null) return saved;
		if (tried >= TRIES) throw changedMeanwhile(name, after ?? 0, null);
	}
};

export const deleteRuleSet = (database: Database): OrderStore['deleteRuleSet'] => async ({ name: given, actor }) => {
	const name = storable(given);
	for (let tried = 1; ; tried += 1) {
		const deleted = await database.write(async (transaction) => {
			const last = await present(transaction, name);
			if (last === null || last.content === null) return false;
			const row = { name, version: last.version + 1, content: null, saved_at: await transaction.now(), saved_by: storable(actor.name) };
			return (await transaction.insertMany('rule_set', [row], ['name', 'version'])).size === 1 ? true : null;
		});
		if (deleted !== null) return deleted;
		if (tried >= TRIES) throw changedMeanwhile(name, 0, null);
	}
};

const changedMeanwhile = (name: string, expected: number, found: StoredRuleSet | null): FulfillmentError =>
	new FulfillmentError(
		'operation_refused',
		`The rule set "${name}" changed meanwhile: version ${expected} was expected, ${found === null ? 'somebody else is saving it' : `version ${found.version} by ${found.savedBy} is there`}.`,
		'Nothing was saved. Read the rule set again and repeat your change.',
		{ retryable: true },
	);
