/** What partners answer by mistake: one place of one entry is not what it should be. */
import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What stands where something else is due. As JSON texts, since a few of them cannot be written as literals. */
const VALUES: readonly string[] = [
	'null',
	'true',
	'false',
	'0',
	'-0',
	'1',
	'-1',
	'0.5',
	'-3.5',
	'7',
	'1e99',
	'-1e99',
	'9007199254740993',
	'1e-7',
	'1.7976931348623157e308',
	'""',
	'" "',
	'"NaN"',
	'"Infinity"',
	'"-1"',
	'"1e99"',
	'"1e400"',
	'"0x10"',
	'"1,5"',
	'"null"',
	'"undefined"',
	'"toString"',
	'"constructor"',
	'"__proto__"',
	'"[object Object]"',
	'"\\u0000"',
	'"a\\u0000b"',
	'"\\ud800"',
	'"x\\udc00y"',
	'"\\ud83d\\ude00"',
	'"\\u202e\\u2028"',
	`"${'k'.repeat(5_000)}"`,
	`"${'\u{1f600}'.repeat(1_300)}"`,
	'"not a date"',
	'"2100-01-01T00:00:00Z"',
	'"+275760-09-13T00:00:00.000Z"',
	'"275760-09-13"',
	'"0000-00-00 00:00:00"',
	'"0001-01-01T00:00:00"',
	'"2026-13-45T99:99:99Z"',
	'4102444800',
	'8640000000000001',
	'[]',
	'{}',
	'[null]',
	'[[]]',
	'[{}]',
	'[7]',
	'["a"]',
	'{"0":{}}',
	'{"length":3}',
	'{"nodes":[]}',
	'{"toString":1,"valueOf":1}',
	'{"toJSON":1,"then":1}',
	'{"__proto__":{"polluted":true}}',
	'{"constructor":{"prototype":{"polluted":true}}}',
	`${'['.repeat(400)}${']'.repeat(400)}`,
	`${'{"a":'.repeat(400)}1${'}'.repeat(400)}`,
];

/** Names of a key that is added. */
const KEYS = ['__proto__', 'constructor', 'toString', '', '\u0000', '\ud800', 'k'.repeat(5_000)];

export type Mutation = {
	at: number;
	how: 'replace' | 'remove' | 'add' | 'wrap' | 'twice' | 'inside' | 'neighbour';
	value: string;
	key: string;
};

export const mutations: fc.Arbitrary<Mutation> = fc.record({
	// Not a double: most of them are next to 0.
	at: fc.integer({ min: 0, max: 9_999 }).map((part) => part / 10_000),
	how: fc.oneof(
		{ weight: 8, arbitrary: fc.constant('replace' as const) },
		{ weight: 3, arbitrary: fc.constant('remove' as const) },
		...(['add', 'wrap', 'twice', 'inside', 'neighbour'] as const).map((how) => ({ weight: 1, arbitrary: fc.constant(how) })),
	),
	value: fc.constantFrom(...VALUES),
	key: fc.constantFrom(...KEYS),
});

interface Place {
	holder: Json[] | { [key: string]: Json };
	key: string | number;
	path: string;
}

const isHolder = (value: Json): value is Place['holder'] => typeof value === 'object' && value !== null;

/** Every place in an entry, the entry itself first. */
function placesIn({ holder, key, path }: Place): Place[] {
	const value = (holder as { [key: string]: Json })[key]!;
	const inner = !isHolder(value)
		? []
		: Object.keys(value).map((name): Place => ({
				holder: value,
				key: Array.isArray(value) ? Number(name) : name,
				path: `${path}.${name}`,
			}));
	return [{ holder, key, path }, ...inner.flatMap(placesIn)];
}

/** A value as its own property, whatever its name. */
function put(holder: Place['holder'], key: string | number, value: Json): void {
	Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Changes one place in what belongs to the bad entry.
 *
 * @param targets where the entry stands, in copies that may be changed
 * @param other another entry of the same list, if there is one
 * @returns which place, for the words of a failure
 */
export function mutate(targets: ReadonlyArray<Place & { other?: Json }>, { at, how, value, key }: Mutation): string {
	const all = targets.flatMap((target) => placesIn(target).map((place) => ({ ...place, target })));
	const { holder, key: name, path, target } = all[Math.floor(at * all.length)]!;
	const there = (holder as { [key: string]: Json })[name]!;
	const given = JSON.parse(value) as Json;
	const whole = `${path}: ${how}${how === 'replace' || how === 'add' ? ` ${value.slice(0, 60)}` : ''}`;
	if (how === 'remove' && !Array.isArray(holder)) delete holder[name as string];
	else if (how === 'remove') (holder as Json[]).splice(name as number, 1, null);
	else if (how === 'add' && isHolder(there) && !Array.isArray(there)) put(there, key, given);
	else if (how === 'wrap') put(holder, name, [there]);
	else if (how === 'inside') put(holder, name, { value: there });
	else if (how === 'twice' && Array.isArray(holder)) holder.splice(name as number, 0, structuredClone(there));
	else if (how === 'neighbour' && target.other !== undefined) put(target.holder, target.key, structuredClone(target.other));
	else put(holder, name, given);
	return whole;
}

export type { Place };
