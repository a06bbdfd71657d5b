'use strict';
const { rmSync } = require('node:fs');

/** With all that killed processes left in it. */
module.exports = () => rmSync(process.env.TMPDIR, { recursive: true, force: true });
