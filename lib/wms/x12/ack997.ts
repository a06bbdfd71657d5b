/** The functional acknowledgement, X12 4010 set 997: the warehouse's of our orders, and ours of what it sends. */
import { element, type X12Group, type X12Segment } from './read';
import type { Segment } from './write';

interface Acknowledged {
	/** AK1-02: the control number of the group that it is about. */
	group: number;
	/** AK1-01. */
	functionalId: string;
	accepted: boolean;
	/** For people, when it was refused. */
	reason: string;
}

/** Gives what a 997 says of one of our groups, which hold one transaction each; or what is wrong with it. */
export function read997(segments: readonly X12Segment[]): Acknowledged | string {
	const [ak1, ak9] = ['AK1', 'AK9'].map((wanted) => segments.find(({ name }) => name === wanted));
	const group = Number(element(ak1, 2));
	if (!/^\d{1,9}$/.test(element(ak1, 2))) return 'AK1 does not say which group it is about';
	const [whole, part] = [
		element(ak9, 1),
		element(
			segments.find(({ name }) => name === 'AK5'),
			1,
		),
	];
	if (!/^[AEMPRWX]$/.test(whole)) return `AK9 does not say whether the group ${group} was accepted (value: ${JSON.stringify(whole)})`;
	// "Partially" says nothing of the one transaction in the group; AK5 does.
	const verdict = whole === 'P' && part !== '' ? part : whole;
	const details = segments
		.filter(({ name }) => ['AK3', 'AK4', 'AK5', 'AK9'].includes(name))
		.map(({ name, elements }) => [name, ...elements].join('*'))
		.join(' ');
	return { group, functionalId: element(ak1, 1), accepted: verdict === 'A' || verdict === 'E', reason: details };
}

/** Our answer to a group. */
export function segmentsOf997(group: X12Group): Segment[] {
	const refused = (problem: string | null) => group.problem !== null || problem !== null;
	const accepted = group.transactions.filter(({ problem }) => !refused(problem)).length;
	const all = group.transactions.length;
	const segments: Segment[] = [['AK1', group.functionalId, group.control]];
	// AK5-02: 4 = the count of segments is wrong or the control numbers do not fit, 5 = one or more segments are in error.
	for (const { set, control, problem } of group.transactions)
		segments.push(
			['AK2', set, control],
			refused(problem) ? ['AK5', 'R', problem !== null && /^SE /.test(problem) ? '4' : '5'] : ['AK5', 'A'],
		);
	segments.push(['AK9', accepted === all && all > 0 ? 'A' : accepted === 0 ? 'R' : 'P', all, all, accepted]);
	return segments;
}
