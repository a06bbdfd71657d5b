/** Reads the body of an answer: whole, within a bound, or not at all. */
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { HttpFailure } from './Http';

/** Of an answer, inflated. A page of 250 orders with everything in them has about 5 MB. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * The text of a body (UTF-8, without its byte order mark). Throws HttpFailure for one that is too large; what breaks off throws the error of
 * the stream. What is inflated is counted as it comes, so that nothing large is ever held.
 *
 * A compressed body that is cut off, and that the connection says is whole, ends without an error here: HTTP clients inflate what they can.
 * Of JSON nothing is left then that can be parsed, and a body of nothing is no answer to a question.
 *
 * @param signal ends the reading
 * @param mostBytes default: 32 MB
 */
export async function textOfBody(body: Readable, signal: AbortSignal, mostBytes = MOST_BYTES): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	await new Promise<void>((resolve, reject) => {
		const broken = (): void => reject(new HttpFailure('the connection broke', 'maybe'));
		if (body.destroyed) return broken();
		addAbortSignal(signal, body);
		// In the order in which they come; asking for each one takes half as long again.
		body.on('data', (chunk: Uint8Array) => {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > mostBytes) body.destroy(new HttpFailure(`the answer is larger than ${Math.floor(mostBytes / 1024 / 1024)} MB`, 'maybe'));
		});
		body.once('end', resolve);
		body.once('error', reject);
		body.once('close', broken);
	});
	const [first] = chunks;
	const text = (chunks.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(chunks)).toString('utf8');
	return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
