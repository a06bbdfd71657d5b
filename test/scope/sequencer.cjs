'use strict';
const { default: Sequencer } = require('@jest/test-sequencer');
const LONG = require('./long.cjs');

/** A few that take no time, so that the first results are there at once. */
const FIRST = /[\\/]test[\\/]order[\\/]/;

const rankOf = ({ path }) => {
	if (FIRST.test(path)) return -1;
	const rank = LONG.findIndex(({ match }) => match.test(path));
	return rank === -1 ? LONG.length : rank;
};

/** First those that take no time, then the long ones, then the rest as jest remembers them. */
module.exports = class FirstResultThenLongest extends Sequencer {
	sort(tests) {
		return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
	}
};
