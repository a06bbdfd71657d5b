/** Holds and bundle windows that began: a change of the order does not end them, and the same rule goes on to the same moment. Pure. */
import type { IsoDate } from './order';

/** window = the order waits for others to be bundled with it. */
export interface BegunHold {
	kind: 'hold' | 'window';
	rule: string;
	until: IsoDate;
}

interface Holds {
	servedHolds: string[];
	begunHolds: BegunHold[];
}

/** The one that the order is in now is the last. A rule has one of a kind. */
export const withHold = (begun: readonly BegunHold[], hold: BegunHold): BegunHold[] => [
	...begun.filter(({ kind, rule }) => kind !== hold.kind || rule !== hold.rule),
	hold,
];

/** Holds whose time has passed are served. A window is served when the order was let go, and not before: others may be waiting for it. */
export function withoutPassed({ servedHolds, begunHolds }: Holds, now: Date): Holds {
	const passed = begunHolds.filter(({ kind, until }) => kind === 'hold' && Date.parse(until) <= now.getTime());
	return { servedHolds: withNames(servedHolds, passed), begunHolds: begunHolds.filter((hold) => !passed.includes(hold)) };
}

/** The hold that the order is in is over. */
export function released({ servedHolds, begunHolds }: Holds): Holds {
	const last = begunHolds.filter(({ kind }) => kind === 'hold').slice(-1);
	return { servedHolds: withNames(servedHolds, last), begunHolds: begunHolds.filter((hold) => !last.includes(hold)) };
}

const withNames = (names: readonly string[], holds: readonly BegunHold[]): string[] => [
	...new Set([...names, ...holds.map(({ rule }) => rule)]),
];
