/** Commands of the documentation, run as a person would. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fencesOf, readPage, type Fence } from './pages';

/** In a shell, with this Node, at home in `home`. */
export function runShell(script: string, home: string, more: Record<string, string> = {}): string {
	const env = { PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`, HOME: home, ...more };
	return execFileSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8', cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export const runnable = (file: string): Fence[] => fencesOf(readPage(file)).filter(({ marks }) => marks.includes('runnable'));
