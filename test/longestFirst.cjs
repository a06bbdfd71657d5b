'use strict';
const { default: Sequencer } = require('@jest/test-sequencer');

/** Suites that kill processes or talk to real servers take minutes; one that began last would run alone, with the other core idle. */
const LONG = /[\\/]test[\\/](fault[\\/]|wms[\\/](tryton|faults)\.|carts[\\/]\w*[fF]aults\.|store[\\/]connect\.)/;

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		return [...sorted.filter(({ path }) => LONG.test(path)), ...sorted.filter(({ path }) => !LONG.test(path))];
	}
};
