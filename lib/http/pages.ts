import { PartnerError } from './partner';

/** No partner has a list of one thing that long; one that says so gives the same page for ever. */
const MOST_PAGES = 10_000;

/**
 * To be called before each page of a list; throws PartnerError when it does not end.
 *
 * @param label as people call the partner
 */
export function pageLimit(label: string): () => void {
	let count = 0;
	return () => {
		count += 1;
		if (count > MOST_PAGES)
			throw new PartnerError(
				'unexpected_answer',
				`${label} gave a list that does not end.`,
				'It is retried automatically; if it stays so, look for a proxy that drops the page number.',
				{ received: 'maybe' },
			);
	};
}

/** 1, 2, 3, …; throws PartnerError for a list that does not end. @param label as people call the partner */
export function* pageNumbers(label: string): Generator<number, never> {
	const anotherPage = pageLimit(label);
	for (let page = 1; ; page += 1) {
		anotherPage();
		yield page;
	}
}
