/**
 * n8n's restriction of file access, for code that reads and writes files itself. The rules and the environment variables are
 * those of n8n's own file nodes (n8n-core `file-system-helper-functions`, `SecurityConfig`):
 *
 * - `N8N_RESTRICT_FILE_ACCESS_TO`: folders separated by ";", "~" = home; default `~/.n8n-files`; empty = no restriction.
 * - `N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES`: unless it is `false`, n8n's own folders are never reached, whatever is allowed.
 * - `N8N_BLOCK_FILE_PATTERNS`: regular expressions separated by ";"; default: anything in a `.git` folder.
 */
import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FulfillmentError } from '../order/errors';
import { codeIn } from './errno';

/** What decides whether a path may be reached. Tests give their own. */
export interface FileAccess {
	/**
	 * The real path, with links resolved as far as the path exists; throws FulfillmentError `file_access` when that real path
	 * may not be reached.
	 */
	assertFileAccess(target: string): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ALLOWED = '~/.n8n-files';
const DEFAULT_PATTERNS = '^(?:[^/]*/)*\\.git(?:/.*)?$';

/** n8n's rules, read from the environment anew at every call, so that nothing is remembered from another configuration. */
export function n8nFileAccess(env: Environment = process.env, home: string = os.homedir()): FileAccess {
	return {
		async assertFileAccess(target) {
			const real = await realPath(path.resolve(target));
			const refusal = await refusalOf(real, env, home);
			if (refusal !== null) {
				const named = real === path.resolve(target) ? real : `${target} (which leads to ${real})`;
				throw new FulfillmentError('file_access', `n8n does not allow access to ${named}: ${refusal.problem}.`, refusal.remedy);
			}
			return real;
		},
	};
}

/** Checks one path against n8n's rules; see `FileAccess`. */
export const assertFileAccess = async (target: string): Promise<string> => await n8nFileAccess().assertFileAccess(target);

/** No restriction but the real path: for tests and benchmarks. */
export const unrestrictedFileAccess: FileAccess = { assertFileAccess: async (target) => await realPath(path.resolve(target)) };

/** True when `child` is `parent` or lies below it. Both absolute. */
export const isWithin = (parent: string, child: string): boolean => {
	const [base, target] = [path.resolve(parent), path.resolve(child)];
	return target === base || target.startsWith(base.endsWith(path.sep) ? base : base + path.sep);
};

/** Resolves links in the deepest ancestor that exists; what does not exist yet is added as it is. */
async function realPath(target: string): Promise<string> {
	const missing: string[] = [];
	let retries = 5;
	for (let current = target; ;) {
		try {
			return path.join(await fs.realpath(current), ...missing);
		} catch (error) {
			const code = codeIn(error);
			const parent = path.dirname(current);
			if (code === 'ENOENT' && parent !== current) {
				const there = await fs.lstat(current).catch(() => null);
				if (there === null) {
					missing.unshift(path.basename(current));
					current = parent;
					continue;
				}
				// It appeared a moment ago: two processes that make the same directory meet here.
				if (!there.isSymbolicLink() && retries-- > 0) continue;
				// A dangling link is no missing part: it would be followed as soon as its target appears.
			}
			throw unreachable(target, current, error);
		}
	}
}

const unreachable = (target: string, at: string, cause: unknown): FulfillmentError =>
	new FulfillmentError(
		'file_access',
		`${target} cannot be reached: ${codeIn(cause) || String(cause)} at ${at}.`,
		'Check that the folder exists, that it is no broken link, and that the user who runs n8n may enter it.',
		{ cause },
	);

async function refusalOf(real: string, env: Environment, home: string): Promise<{ problem: string; remedy: string } | null> {
	if (env.N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES !== 'false') {
		for (const blocked of n8nPaths(env, home)) {
			// Stricter than n8n by one step: a link in n8n's own path does not open a way around.
			const realBlocked = await fs.realpath(blocked).catch(() => blocked);
			if (isWithin(blocked, real) || isWithin(realBlocked, real)) {
				return { problem: "it is one of n8n's own folders", remedy: "Choose a folder outside n8n's own folders." };
			}
		}
	}
	if (patternBlocks(setting('N8N_BLOCK_FILE_PATTERNS', env) ?? DEFAULT_PATTERNS, real)) {
		return { problem: 'it matches N8N_BLOCK_FILE_PATTERNS', remedy: 'Choose another folder, or change N8N_BLOCK_FILE_PATTERNS.' };
	}
	const allowed = allowedPaths(setting('N8N_RESTRICT_FILE_ACCESS_TO', env) ?? DEFAULT_ALLOWED, home);
	if (allowed.length === 0 || allowed.some((base) => isWithin(base, real))) return null;
	return {
		problem: `it is outside ${allowed.join(', ')}`,
		remedy: `Use a folder inside ${allowed[0]}, or add the folder to the environment variable N8N_RESTRICT_FILE_ACCESS_TO of n8n (folders separated by ";") and restart n8n.`,
	};
}

const allowedPaths = (text: string, home: string): string[] =>
	text
		.split(';')
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.map((part) => (part.startsWith('~') ? part.replace('~', home) : part));

function patternBlocks(patterns: string, real: string): boolean {
	const normalized = path.posix.normalize(real.replace(/\\/g, '/'));
	return patterns
		.split(';')
		.map((pattern) => pattern.trim())
		.filter((pattern) => pattern !== '')
		.some((pattern) => {
			try {
				return new RegExp(pattern, 'mi').test(normalized);
			} catch {
				// As n8n: a pattern that cannot be read blocks everything, rather than nothing.
				return true;
			}
		});
}

function n8nPaths(env: Environment, home: string): string[] {
	const userHome = env.N8N_USER_FOLDER ?? env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] ?? home;
	return [
		path.join(userHome, '.n8n'),
		path.join(userHome, '.cache/n8n/public'),
		...(env.N8N_CONFIG_FILES?.split(',') ?? []),
		...(env.N8N_CUSTOM_EXTENSIONS?.split(';') ?? []),
		env.N8N_BINARY_DATA_STORAGE_PATH,
		env.N8N_UM_EMAIL_TEMPLATES_INVITE,
		env.N8N_UM_EMAIL_TEMPLATES_PWRESET,
	].filter((part): part is string => part !== undefined && part !== '');
}

/** n8n reads `NAME`, or the file that `NAME_FILE` names (container secrets), and drops surrounding quotes. */
function setting(name: string, env: Environment): string | undefined {
	const file = env[`${name}_FILE`];
	const value = env[name] ?? (file ? readFileSync(file, 'utf8') : undefined);
	return value?.trim().replace(/^(['"])(.*)\1$/, '$2');
}
