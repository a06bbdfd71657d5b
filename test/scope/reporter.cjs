'use strict';
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const LONG = require('./long.cjs');

/** At the end: what this run left out, and why, in one list. */
module.exports = class LeftOut {
	onRunComplete() {
		const list = process.env.TEST_SCOPE === 'quick' ? LONG.map(({ what }) => [what, 'takes minutes: npm run test:full']) : [];
		const noted = path.join(process.env.TMPDIR ?? '', 'left-out');
		const lines = existsSync(noted) ? [...new Set(readFileSync(noted, 'utf8').trim().split('\n'))] : [];
		list.push(...lines.map((line) => JSON.parse(line)));
		if (list.length > 0) process.stderr.write(`\nLeft out:\n${list.map(([what, why]) => `- ${what} (${why})\n`).join('')}`);
	}
};
