'use strict';
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Suites that kill processes or talk to real servers take minutes; one that began last would run alone, with the other core idle. Each line
 * before those of the next one: two suites that start servers of Tryton would wait for each other, so one is among the first two and the other is not.
 */
const LONG = [
	/[\\/]test[\\/]fault[\\/]http[\\/]/,
	/[\\/]test[\\/]carts[\\/]\w+Faults\./,
	/[\\/]test[\\/]wms[\\/]tryton\./,
	/[\\/]test[\\/]fault[\\/]/,
	/[\\/]test[\\/](?:carts|wms)[\\/]faults\./,
	/[\\/]test[\\/]store[\\/]connect\./,
];

function rankOf({ path }) {
	const rank = LONG.findIndex((long) => long.test(path));
	return rank === -1 ? LONG.length : rank;
}

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
	}
};
