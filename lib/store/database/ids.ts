/** Ids that sort by the time at which they were made (UUID version 7), so that rows of one time lie together. */
import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;
let lastTime = 0;
let counter = 0;

/** @example newId() // "019ab3e2-7c1f-7a20-9d0e-3f6f6a2b1c77" */
export function newId(): string {
	const now = Date.now();
	if (now > lastTime) {
		lastTime = now;
		counter = 0;
	} else if (++counter > 0xfff) {
		lastTime += 1;
		counter = 0;
	}
	if (used + 8 > pool.length) {
		randomFillSync(pool);
		used = 0;
	}
	const random = pool.toString('hex', used, used + 8);
	used += 8;
	const time = lastTime.toString(16).padStart(12, '0');
	const variant = ((parseInt(random[0]!, 16) & 3) | 8).toString(16);
	return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
}
