/** The orders of a JSON file: NDJSON line by line, one list, or one object. */
import { MappingError } from '../../order/errors';
import { jsonOf } from '../../order/json';
import type { JsonValue } from '../../order/order';
import { depthProblem, keptOf, lengthProblem, MAX_ORDER_LENGTH } from './limits';
import type { RawProblem } from './raw';

/** One JSON document must fit in memory; NDJSON is read line by line. */
const MAX_DOCUMENT_LENGTH = 32 * 1024 * 1024;

interface JsonItem {
	line: number;
	order: JsonValue;
	problem?: RawProblem;
}

const NOT_JSON = 'is not JSON; a file that was cut off while it was copied looks like this, too';

/** A line of NDJSON that is no JSON, or too much of it, is that line's problem; a document that is none is the file's. */
export async function* jsonValues(text: AsyncGenerator<string>, origin: string): AsyncGenerator<JsonItem> {
	let rest = '';
	/** Up to here there is no line break. */
	let searched = 0;
	let line = 1;
	/** null = not known yet; false = one document over several lines. */
	let byLine: boolean | null = null;
	/** The beginning of a line that is too long to be kept until its end comes. */
	let endless: string | null = null;
	for await (const piece of text) {
		rest += piece;
		for (let end = rest.indexOf('\n', searched); byLine !== false && end >= 0; end = rest.indexOf('\n')) {
			const one = rest.slice(0, end).trim();
			if (endless !== null) {
				yield tooLongLine(origin, line, endless);
				endless = null;
			} else if (one !== '') {
				const order = parsed(one);
				// A first line that is no whole object begins a document.
				byLine ??= order !== undefined && !Array.isArray(order);
				if (!byLine) break;
				yield lineItem(origin, line, one, order);
			}
			rest = rest.slice(end + 1);
			line += 1;
		}
		searched = rest.length;
		if (byLine && rest.length > 2 * MAX_ORDER_LENGTH) {
			endless ??= rest.slice(0, 60);
			[rest, searched] = ['', 0];
		} else if (rest.length > MAX_DOCUMENT_LENGTH) {
			throw new MappingError(
				`${origin}, row ${line}`,
				'',
				'the JSON document is too large',
				'Write NDJSON: one order a line, which may be as many as you like.',
			);
		}
	}
	if (endless !== null) yield tooLongLine(origin, line, endless);
	else if (rest.trim() !== '') yield* lastItems(origin, line, rest.trim(), byLine);
}

function* lastItems(origin: string, line: number, text: string, byLine: boolean | null): Generator<JsonItem> {
	const document = parsed(text);
	if (byLine) return yield lineItem(origin, line, text, document);
	if (document === undefined)
		throw new MappingError(`${origin}, row ${line}`, text.slice(0, 60), NOT_JSON, 'Correct the file, or export it again.');
	if (!Array.isArray(document)) return yield lineItem(origin, line, text, document);
	// In a short document no order can be too long.
	const measured = text.length > MAX_ORDER_LENGTH;
	for (const order of document) {
		const problem = depthProblem(order) ?? (measured ? lengthProblem(JSON.stringify(order).length) : null);
		yield problem === null ? { line, order } : cutItem(origin, line, order, problem);
	}
}

/** @param order undefined = the text is no JSON */
function lineItem(origin: string, line: number, text: string, order: JsonValue | undefined): JsonItem {
	if (order === undefined) return badItem(origin, line, text, lengthProblem(text.length) ?? NOT_JSON);
	const problem = lengthProblem(text.length) ?? depthProblem(order);
	return problem === null ? { line, order } : cutItem(origin, line, order, problem);
}

function parsed(text: string): JsonValue | undefined {
	try {
		return jsonOf(JSON.parse(text));
	} catch {
		return undefined;
	}
}

const problemAt = (origin: string, line: number, value: string, problem: string): RawProblem => ({
	path: `${origin}, row ${line}`,
	value: value.slice(0, 60),
	problem,
});

const badItem = (origin: string, line: number, text: string, problem: string): JsonItem => ({
	line,
	order: null,
	problem: problemAt(origin, line, text, problem),
});

const tooLongLine = (origin: string, line: number, beginning: string): JsonItem =>
	badItem(origin, line, beginning, lengthProblem(Infinity)!);

/** The order is known by its key, and nothing else of it is kept. */
const cutItem = (origin: string, line: number, order: JsonValue, problem: string): JsonItem => ({
	line,
	order: keptOf(order),
	problem: problemAt(origin, line, '', problem),
});
