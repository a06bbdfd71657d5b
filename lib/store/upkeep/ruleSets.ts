/** Rule sets: one row a version, never changed and never removed; the last one of a name counts. */
import { FulfillmentError } from '../../order/errors';
import { wholeText } from '../../order/texts';
import type { OrderStore, StoredRuleSet } from '../OrderStore';
import { type Database, jsonOf, type RuleSetRow, sameJson, type Session, sql, stored, type Transaction } from '../database';

const ruleSetOf = (row: RuleSetRow): StoredRuleSet | null =>
	row.content === null
		? null
		: { name: row.name, version: row.version, savedAt: row.saved_at, savedBy: row.saved_by, content: jsonOf(row.content) };

async function present({ query, tables }: Session, name: string): Promise<RuleSetRow | null> {
	const [row] = await query<RuleSetRow>(sql`SELECT * FROM ${tables.rule_set} WHERE name = $1 ORDER BY version DESC LIMIT 1`, [name]);
	return row ?? null;
}

export const ruleSets =
	(database: Database): OrderStore['ruleSets'] =>
	async () =>
		await database.read(async ({ query, tables }) => {
			const rows = await query<RuleSetRow>(
				sql`SELECT r.* FROM ${tables.rule_set} r JOIN (SELECT name, MAX(version) AS version FROM ${tables.rule_set} GROUP BY name) last
				ON last.name = r.name AND last.version = r.version ORDER BY r.name`,
			);
			return rows.flatMap((row) => ruleSetOf(row) ?? []);
		});

export const ruleSet =
	(database: Database): OrderStore['ruleSet'] =>
	async (given, version) =>
		await database.read(async (session) => {
			const name = wholeText(given);
			if (version === undefined) {
				const row = await present(session, name);
				return row === null ? null : ruleSetOf(row);
			}
			const [row] = await session.query<RuleSetRow>(sql`SELECT * FROM ${session.tables.rule_set} WHERE name = $1 AND version = $2`, [
				name,
				version,
			]);
			return row === undefined ? null : ruleSetOf(row);
		});

/** First key of the advisory locks of rule sets ("omt"). */
const LOCK_KEY = 0x6f6d74;

/** Who saves a set is alone with it until the transaction ends; on SQLite every transaction is alone anyway. */
async function alone({ dialect, tables, query }: Transaction, name: string): Promise<void> {
	if (dialect.kind === 'postgres')
		await query(sql`SELECT pg_advisory_xact_lock($1::int, hashtext($2))`, [LOCK_KEY, `${tables.rule_set.text} ${name}`]);
}

export const saveRuleSet =
	(database: Database): OrderStore['saveRuleSet'] =>
	async ({ name: given, content, actor, after }) => {
		const name = wholeText(given);
		return await database.write(async (transaction) => {
			await alone(transaction, name);
			const last = await present(transaction, name);
			const known = last === null ? null : ruleSetOf(last);
			if (after !== undefined && after !== (known?.version ?? 0)) throw changedMeanwhile(name, after, known);
			if (known !== null && sameJson(known.content, content)) return known;
			const row = {
				name,
				version: (last?.version ?? 0) + 1,
				content: stored(content),
				saved_at: await transaction.now(),
				saved_by: wholeText(actor.name),
			};
			const [saved] = (await transaction.insertMany('rule_set', [row], ['name', 'version'])).size === 1 ? [ruleSetOf(row)] : [];
			if (!saved) throw changedMeanwhile(name, after ?? 0, null);
			return saved;
		});
	};

export const deleteRuleSet =
	(database: Database): OrderStore['deleteRuleSet'] =>
	async ({ name: given, actor }) => {
		const name = wholeText(given);
		return await database.write(async (transaction) => {
			await alone(transaction, name);
			const last = await present(transaction, name);
			if (last === null || last.content === null) return false;
			const row = { name, version: last.version + 1, content: null, saved_at: await transaction.now(), saved_by: wholeText(actor.name) };
			if ((await transaction.insertMany('rule_set', [row], ['name', 'version'])).size !== 1) throw changedMeanwhile(name, 0, null);
			return true;
		});
	};

const changedMeanwhile = (name: string, expected: number, found: StoredRuleSet | null): FulfillmentError =>
	new FulfillmentError(
		'operation_refused',
		`The rule set "${name}" changed meanwhile: version ${expected} was expected, ${found === null ? 'somebody else is saving it' : `version ${found.version} by ${found.savedBy} is there`}.`,
		'Nothing was saved. Read the rule set again and repeat your change.',
		{ retryable: true },
	);
