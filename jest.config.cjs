'use strict';
/** Tests are TypeScript, run in-process; nothing is forced to exit, so an open handle is a failure that shows. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	globalSetup: '<rootDir>/test/globalSetup.cjs',
	globalTeardown: '<rootDir>/test/globalTeardown.cjs',
	setupFiles: ['<rootDir>/test/setup.ts'],
	testSequencer: '<rootDir>/test/scope/sequencer.cjs',
	reporters: ['default', '<rootDir>/test/scope/reporter.cjs'],
	testMatch: ['**/*.test.ts'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2023', keepClassNames: true }, module: { type: 'commonjs' } },
		],
	},
	testTimeout: 30_000,
	maxWorkers: 2,
	// What n8n's engine keeps adds up over suites, and a worker with a gigabyte can need longer to end than jest waits, as if a handle were open.
	workerIdleMemoryLimit: '500MB',
};
