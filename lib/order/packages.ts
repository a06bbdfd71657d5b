/** The packages in which the goods of a shipment left, and their tracking numbers. Pure. */
import type { Package, Shipment } from './order';

/** What of a shipment names it outside: its first package with a number. Saved workflows read these fields. */
export type FirstPackage = Pick<Shipment, 'carrier' | 'serviceLevel' | 'trackingNumber' | 'trackingUrl'>;

type Packed = FirstPackage & Pick<Shipment, 'externalId' | 'packages'>;

/** One number, as a cart is told of it. */
export interface Tracking {
	number: string;
	carrier: string | null;
	serviceLevel: string | null;
	url: string | null;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/**
 * The numbers in a text that a warehouse wrote: several stand behind commas, semicolons, bars or line ends. Blanks alone part nothing, since many write
 * one number in groups.
 *
 * @example trackingNumbersIn('1Z1, 1Z2') // ["1Z1", "1Z2"]
 */
export const trackingNumbersIn = (text: string | null): string[] =>
	unique(
		(text ?? '')
			.split(/[,;|\r\n]/)
			.map((part) => part.trim())
			.filter((part) => part !== ''),
	);

/** The one package that a shipment is of which no packages are told: it has the shipment's key. */
export const onePackage = ({
	externalId,
	carrier,
	serviceLevel,
	trackingNumber,
	trackingUrl,
}: FirstPackage & Pick<Shipment, 'externalId'>): Package => ({
	key: externalId,
	carrier,
	serviceLevel,
	trackingNumbers: trackingNumbersIn(trackingNumber),
	trackingUrl,
	sscc: null,
	weight: null,
	lines: null,
});

/** As an older version kept it: a text of several numbers was one. */
export const packagesOf = (shipment: Packed): readonly Package[] =>
	shipment.packages.length > 0
		? shipment.packages
		: [{ ...onePackage(shipment), trackingNumbers: shipment.trackingNumber === null ? [] : [shipment.trackingNumber] }];

/** All numbers, each once. */
export const numbersOf = (packages: readonly Package[]): string[] => unique(packages.flatMap(({ trackingNumbers }) => trackingNumbers));

export const trackingNumbersOf = (shipment: Packed): string[] => numbersOf(packagesOf(shipment));

/** Stands among settled numbers for a shipment of which the cart was told when it had none. */
const WITHOUT_NUMBER = '';

/** What is settled of a shipment of which the cart was told, and is to be told more. */
export const settledOfTold = (settled: readonly string[]): string[] => (settled.length > 0 ? [...settled] : [WITHOUT_NUMBER]);

/** Whether the cart was told, of all or of some of its numbers. */
export const wasTold = ({ uploadedAt, settledNumbers }: Pick<Shipment, 'uploadedAt' | 'settledNumbers'>): boolean =>
	uploadedAt !== null || settledNumbers.length > 0;

/** The same, as people read them; null = there is none. */
export const numbersText = (shipment: Packed): string | null => trackingNumbersOf(shipment).join(', ') || null;

export function firstPackage(packages: readonly Package[]): FirstPackage {
	const first = packages.find(({ trackingNumbers }) => trackingNumbers.length > 0) ?? packages[0];
	return {
		carrier: first?.carrier ?? null,
		serviceLevel: first?.serviceLevel ?? null,
		trackingNumber: first?.trackingNumbers[0] ?? null,
		trackingUrl: first?.trackingUrl ?? null,
	};
}

/** Each number of a shipment once, with the link to it. */
export function trackingsOf(shipment: Packed): Tracking[] {
	const found = packagesOf(shipment).flatMap(({ carrier, serviceLevel, trackingNumbers, trackingUrl }) =>
		// A text of several numbers, as an older version kept it, is told as these.
		trackingNumbers
			.flatMap(trackingNumbersIn)
			.map((number, _, all) => ({ number, carrier, serviceLevel, url: linkTo(number, trackingUrl, all) })),
	);
	return found.filter(({ number }, index) => found.findIndex((other) => other.number === number) === index);
}

/** A link names one number; that of another number of the package is made of it. */
function linkTo(number: string, url: string | null, numbers: readonly string[]): string | null {
	if (url === null || numbers.length === 1) return url;
	const named = numbers.find((one) => url.includes(encodeURIComponent(one)));
	if (named === undefined) return number === numbers[0] ? url : null;
	return url.replaceAll(encodeURIComponent(named), encodeURIComponent(number));
}

/** A shipment after its carrier, number or link was changed by hand or by a rule: its other packages follow where they were alike. */
export function withFirstPackage<S extends Packed>(shipment: S, after: FirstPackage): S {
	const { trackingNumber: number } = shipment;
	const packages = packagesOf(shipment).map((one): Package => {
		const isFirst = number === null ? one === packagesOf(shipment)[0] : one.trackingNumbers.includes(number);
		const alike = isFirst || one.carrier === shipment.carrier;
		const numbers = isFirst ? replaced(one.trackingNumbers, number, after.trackingNumber) : one.trackingNumbers;
		const template = after.trackingUrl !== shipment.trackingUrl ? after.trackingUrl : null;
		const [own] = numbers;
		const link =
			isFirst || template === null || after.trackingNumber === null || own === undefined || !alike
				? null
				: linkTo(own, template, [after.trackingNumber, own]);
		return {
			...one,
			trackingNumbers: numbers,
			carrier: alike ? after.carrier : one.carrier,
			serviceLevel: isFirst || (alike && one.serviceLevel === shipment.serviceLevel) ? after.serviceLevel : one.serviceLevel,
			trackingUrl: isFirst ? after.trackingUrl : (link ?? one.trackingUrl),
		};
	});
	return { ...shipment, ...after, packages };
}

const replaced = (numbers: readonly string[], before: string | null, after: string | null): string[] =>
	unique([
		...(before === null && after !== null ? [after] : []),
		...numbers.flatMap((one) => (one === before ? (after === null ? [] : [after]) : [one])),
	]);
