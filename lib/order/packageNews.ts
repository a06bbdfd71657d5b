/** What a later report says of the packages of a shipment. Numbers are added and corrected; what a report leaves out was not taken back. */
import type { Package } from './order';
import { numbersOf, trackingNumbersIn } from './packages';

interface PackageNews {
	packages: Package[];
	/** Numbers that came. */
	added: string[];
	/** Numbers that took the place of others. */
	corrected: Array<{ before: string; after: string }>;
}

/** A text of several numbers was one number for older versions. */
const isSame = (known: string, said: string): boolean => known === said || trackingNumbersIn(known).includes(said);

const isAmong = (known: string, said: readonly string[]): boolean => said.some((number) => isSame(known, number));

/** Null = nothing new. */
export function newsOfPackages(known: readonly Package[], reported: readonly Package[]): PackageNews | null {
	const [before, said] = [numbersOf(known), numbersOf(reported)];
	const packages = [...known];
	const news: PackageNews = { packages, added: [], corrected: [] };
	const taken = new Set<number>();
	for (const one of reported) {
		const fresh = one.trackingNumbers.filter((number) => !before.some((each) => isSame(each, number)) && !news.added.includes(number));
		const place = placeOf(packages, one, { said, reported: reported.length, taken });
		const found = packages[place];
		if (found === undefined) {
			// Not one that is known by its numbers already.
			if (fresh.length > 0 || one.trackingNumbers.length === 0) packages.push({ ...one, trackingNumbers: fresh });
			taken.add(packages.length - 1);
			news.added.push(...fresh);
			continue;
		}
		taken.add(place);
		// It has as many numbers, and some of them are others: they were corrected.
		const gone =
			one.trackingNumbers.length < found.trackingNumbers.length ? [] : found.trackingNumbers.filter((each) => !isAmong(each, said));
		const corrected = gone.slice(0, fresh.length).map((each, index) => ({ before: each, after: fresh[index] ?? each }));
		const added = fresh.slice(corrected.length);
		news.corrected.push(...corrected);
		news.added.push(...added);
		packages[place] = {
			...found,
			carrier: one.carrier ?? found.carrier,
			serviceLevel: one.serviceLevel ?? found.serviceLevel,
			trackingNumbers: [...found.trackingNumbers.map((each) => corrected.find((pair) => pair.before === each)?.after ?? each), ...added],
			trackingUrl: one.trackingUrl ?? found.trackingUrl,
			sscc: found.sscc ?? one.sscc,
			weight: found.weight ?? one.weight,
			lines: found.lines ?? one.lines,
		};
	}
	return sameTracking(known, packages) ? null : news;
}

interface Said {
	/** All numbers of the report. */
	said: readonly string[];
	/** How many packages the report has. */
	reported: number;
	/** Known packages that an earlier one of the report is. */
	taken: ReadonlySet<number>;
}

/** The known package that a reported one is: by its key, else by a number. One without a key may be one whose number came or was corrected. -1 = none. */
function placeOf(known: readonly Package[], { key, trackingNumbers }: Package, { said, reported, taken }: Said): number {
	const byKey = key === null ? -1 : known.findIndex((one) => one.key === key);
	if (byKey >= 0) return byKey;
	const byNumber = known.findIndex((one) => one.trackingNumbers.some((number) => isAmong(number, trackingNumbers)));
	if (byNumber >= 0) return byNumber;
	if (known.length === 1 && reported === 1) return 0;
	return known.findIndex(
		(one, index) =>
			!taken.has(index) &&
			(key === null || one.key === null) &&
			(one.trackingNumbers.length === 0 || (reported >= known.length && !one.trackingNumbers.some((number) => isAmong(number, said)))),
	);
}

/** Numbers and links are news; a carrier in another spelling is not. */
const sameTracking = (before: readonly Package[], after: readonly Package[]): boolean =>
	before.length === after.length &&
	before.every((one, index) => {
		const other = after[index];
		return (
			other !== undefined && one.trackingUrl === other.trackingUrl && one.trackingNumbers.join('\n') === other.trackingNumbers.join('\n')
		);
	});
