/**
 * The one place that loads n8n-core, so that its two conditions always hold: `reflect-metadata` comes first, and the few
 * environment variables that it reads once (folder, log level) are set only while it reads them.
 */
import 'reflect-metadata';
import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { Expression } from 'n8n-workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** `legacy` runs in this process and needs no start; `vm` is the isolate that n8n itself uses by default. */
export type ExpressionEngine = 'legacy' | 'vm';

let startedIn: string | undefined;
let temporary: string | undefined;

// Under jest the exit of the process is not seen from here, but the end of the test file is.
if (typeof afterAll === 'function') afterAll(removeTemporary);

/**
 * Reads n8n-core's settings once per process, silently, and keeps its files in `userFolder` (the parent of `.n8n`) or in a
 * temporary folder that goes away with the process. A second folder in the same process is refused, as n8n-core could not follow.
 */
export function startCore(userFolder?: string): string {
	if (startedIn !== undefined) {
		if (userFolder !== undefined && path.resolve(userFolder) !== startedIn) {
			throw new Error(`n8n-core already keeps its files in ${startedIn}; one process has one folder, so ${userFolder} cannot be used`);
		}
		return startedIn;
	}
	const folder = userFolder === undefined ? temporaryFolder() : path.resolve(userFolder);
	withEnvironment({ N8N_USER_FOLDER: folder, N8N_LOG_LEVEL: 'silent', N8N_DIAGNOSTICS_ENABLED: 'false' }, () =>
		Container.get(InstanceSettings),
	);
	startedIn = folder;
	return folder;
}

/** Starts n8n's isolate for expressions; with `legacy` nothing is to be done. The engine is one per process. */
export async function startExpressions(engine: ExpressionEngine): Promise<void> {
	if (engine === 'legacy') return;
	await Expression.initExpressionEngine({
		engine: 'vm',
		poolSize: 1,
		maxCodeCacheSize: 1024,
		bridgeTimeout: 5_000,
		bridgeMemoryLimit: 128,
	});
}

/** Stops the isolate, so that no handle of it keeps the process alive, and goes back to the engine without one. */
export async function stopExpressions(): Promise<void> {
	await Expression.disposeExpressionEngine();
	Expression.setExpressionEngine('legacy');
}

function temporaryFolder(): string {
	temporary = mkdtempSync(path.join(tmpdir(), 'n8n-engine-'));
	process.once('exit', removeTemporary);
	return temporary;
}

function removeTemporary(): void {
	if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
}

function withEnvironment(values: Record<string, string>, read: () => unknown): void {
	const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
	Object.assign(process.env, values);
	try {
		read();
	} finally {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
}
