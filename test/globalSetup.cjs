'use strict';
const { existsSync, mkdtempSync, statfsSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const MEMORY = '/dev/shm';
const ROOM_BYTES = 512 * 1024 * 1024;

const inMemory = () => {
	if (!existsSync(MEMORY)) return false;
	const { bavail, bsize } = statfsSync(MEMORY);
	return bavail * bsize >= ROOM_BYTES;
};

/**
 * Tests end our processes, never the machine and never the database server: what a process has written is there after it is killed, also when
 * no disk has it yet. Waiting for a disk at every commit was most of the time of the tests of crashes. What we ship still waits for it.
 */
module.exports = () => {
	// Workers and the processes that tests start, Tryton among them, get both from here.
	process.env.TMPDIR = mkdtempSync(path.join(inMemory() ? MEMORY : os.tmpdir(), 'order-fulfillment-'));
	process.env.PGOPTIONS = `${process.env.PGOPTIONS ?? ''} -c synchronous_commit=off`.trim();
};
