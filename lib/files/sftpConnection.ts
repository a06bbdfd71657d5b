/**
 * One SFTP connection that is opened when it is first needed, used for every call of a run, and closed when it was idle for a while. The
 * server is trusted by the fingerprint of its key only.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerHostKeyAlgorithm, SFTPWrapper } from 'ssh2';
import { Client } from 'ssh2';
import { asError, FulfillmentError } from '../order/errors';
import { FolderFailure } from './Folder';
import type { SftpAccount } from './sftpAccount';
import { signInOf, wholeKey } from './sftpSignIn';

export interface SftpConnection {
	/** Runs a call on the open connection. Throws FolderFailure when there is none to be had. */
	run<T>(call: (sftp: SFTPWrapper) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

const READY_TIMEOUT_MS = 20_000;
const IDLE_MS = 5_000;

/** @example fingerprintOf(key) // "SHA256:47DEQpj8HBSa-…" without padding, as OpenSSH shows it */
const fingerprintOf = (key: Buffer): string => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const sameText = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export function sftpConnection(account: SftpAccount, idleMs: number = IDLE_MS): SftpConnection {
	let opened: Promise<{ client: Client; sftp: SFTPWrapper }> | null = null;
	let running = 0;
	let timer: NodeJS.Timeout | undefined;

	async function close(): Promise<void> {
		clearTimeout(timer);
		const current = opened;
		opened = null;
		const connection = await current?.catch(() => null);
		if (!connection) return;
		await new Promise<void>((resolve) => {
			connection.client.once('close', () => resolve());
			connection.client.end();
		});
	}

	return {
		async run(call) {
			clearTimeout(timer);
			running += 1;
			try {
				if (opened === null) {
					const fresh = connectAny(account, () => {
						if (opened === fresh) opened = null;
					});
					opened = fresh;
					fresh.catch(() => {
						if (opened === fresh) opened = null;
					});
				}
				const { sftp } = await opened;
				return await call(sftp);
			} finally {
				running -= 1;
				// Nobody says when a run is over, and an idle connection is one that the server counts.
				if (running === 0) timer = setTimeout(() => void close(), idleMs).unref();
			}
		},
		close,
	};
}

interface Opened {
	client: Client;
	sftp: SFTPWrapper;
}

/** The server has another key than the one that it is known by. */
class OtherKey extends Error {
	constructor(readonly seen: string) {
		super(seen);
	}
}

const expectedIn = (fingerprint: string): string[] => (fingerprint.match(/SHA256:[A-Za-z0-9+/]+/g) ?? []).filter((one) => one !== '');

/**
 * A server has a key of each type, shows one, and is known by any of them: with another one before us, it is asked for those of the other types, beginning
 * with the type that stands behind the fingerprint.
 */
async function connectAny(account: SftpAccount, onClose: () => void): Promise<Opened> {
	const { host, port = 22, fingerprint } = account;
	const expected = expectedIn(fingerprint);
	const named = KEY_TYPES.filter(({ word }) => word.test(fingerprint));
	const tries = expected.length === 0 ? [null] : [...named, null, ...KEY_TYPES.filter((type) => !named.includes(type))];
	const seen: string[] = [];
	for (const type of tries) {
		try {
			return await connect(account, expected, type?.algorithms ?? null, onClose);
		} catch (error) {
			if (error instanceof OtherKey) seen.push(error.seen);
			// A server without a key of the type; that of the first look was the one that it likes best.
			else if (type === null || !isWithoutType(error)) throw asError(error);
		}
	}
	throw unknownKey(`${host}:${port}`, fingerprint, [...new Set(seen)]);
}

const KEY_TYPES: ReadonlyArray<{ word: RegExp; algorithms: ServerHostKeyAlgorithm[] }> = [
	{ word: /ed25519/i, algorithms: ['ssh-ed25519'] },
	{ word: /ecdsa/i, algorithms: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'] },
	{ word: /rsa/i, algorithms: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] },
];

const isWithoutType = (error: unknown): boolean =>
	error instanceof FolderFailure && /no matching (?:server )?host key/i.test(asError(error.cause).message);

/** @param algorithms of the host key; null = what the server likes best */
async function connect(
	account: SftpAccount,
	expected: readonly string[],
	algorithms: ServerHostKeyAlgorithm[] | null,
	onClose: () => void,
): Promise<Opened> {
	const { host, port = 22, user, password, privateKey, passphrase } = account;
	const place = `${host}:${port}`;
	const isKnown = (key: string): boolean => expected.some((one) => sameText(one, key));
	const signIn = signInOf(account);
	let seen = '';
	const client = new Client();
	return await new Promise((resolve, reject) => {
		const fail = (error: Error): void => {
			client.end();
			reject(error);
		};
		client.on('close', onClose);
		client.on('error', (error) =>
			fail(seen !== '' && !isKnown(seen) ? new OtherKey(seen) : connectFailure(place, account, signIn.refusal(), error)),
		);
		client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => finish(signIn.answer(prompts)));
		client.on('ready', () => {
			// A call is a small packet that waits for its answer: held back to be sent with others, each would take some 40 ms more.
			client.setNoDelay(true);
			client.sftp((error, sftp) => {
				if (error)
					fail(
						new FolderFailure(
							`${place} offers no SFTP: ${error.message}.`,
							'Ask the operator of the server to allow SFTP for this user.',
							'no',
							{ cause: error },
						),
					);
				else resolve({ client, sftp });
			});
		});
		try {
			client.connect({
				host,
				port,
				username: user,
				...(privateKey ? { privateKey: wholeKey(privateKey), ...(passphrase ? { passphrase } : {}) } : {}),
				...(password ? { password, tryKeyboard: true } : {}),
				authHandler: signIn.handler,
				...(algorithms === null ? {} : { algorithms: { serverHostKey: algorithms } }),
				readyTimeout: READY_TIMEOUT_MS,
				keepaliveInterval: 10_000,
				keepaliveCountMax: 3,
				hostVerifier: (key: Buffer) => {
					seen = fingerprintOf(key);
					return isKnown(seen);
				},
			});
		} catch (error) {
			fail(connectFailure(place, account, '', asError(error)));
		}
	});
}

const unknownKey = (place: string, expected: string, seen: readonly string[]): FulfillmentError =>
	expected.trim() === ''
		? new FulfillmentError(
				'credentials_invalid',
				`${place} is not known yet: its host key has the fingerprint ${seen.join(', ')}.`,
				'Compare it with what the operator of the server tells you, then copy it into Host Key Fingerprint of the credential.',
			)
		: new FulfillmentError(
				'credentials_invalid',
				`${place} is not the server that it was: ${seen.length > 1 ? 'its host keys have the fingerprints' : 'its host key has the fingerprint'} ${seen.join(', ')}, the credential expects ${expected.trim()}.`,
				'Nothing was sent. Ask the operator of the server whether its key was changed, and only then copy the new fingerprint into the credential.',
			);

/** What is wrong with the key, by the words of the library. */
function keyProblem(message: string, passphrase: string | undefined): string {
	if (/no passphrase given/i.test(message)) return 'it is encrypted, and the credential has no passphrase';
	if (passphrase && /bad passphrase|integrity check failed|bad decrypt|decrypt/i.test(message)) return 'the passphrase does not open it';
	return message;
}

function connectFailure(
	place: string,
	{ user, passphrase }: SftpAccount,
	refusal: string,
	error: Error & { level?: string; code?: string },
): FulfillmentError {
	if (error.level === 'client-authentication') {
		return new FulfillmentError(
			'credentials_invalid',
			`${place} refused the sign-in of ${user}${refusal === '' ? '' : `: ${refusal}`}.`,
			'Check user, password or private key of the SFTP credential, and whether Sign In With is what the server asks for.',
			{ retryable: true, cause: error },
		);
	}
	if (/parse privateKey|passphrase/i.test(error.message)) {
		return new FulfillmentError(
			'credentials_invalid',
			`The private key of the SFTP credential cannot be read: ${keyProblem(error.message, passphrase)}.`,
			'Paste the whole key, from BEGIN to END, and its passphrase if it has one.',
			{ cause: error },
		);
	}
	return new FolderFailure(
		`${place} could not be reached: ${error.code ?? error.message}.`,
		'Check host and port of the SFTP credential; it is retried automatically.',
		'no',
		{ retryable: true, cause: error },
	);
}
