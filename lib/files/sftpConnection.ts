/**
 * One SFTP connection that is opened when it is first needed, used for every call of a run, and closed when it was idle for a while. The
 * server is trusted by the fingerprint of its key only.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { SFTPWrapper } from 'ssh2';
import { Client } from 'ssh2';
import { asError, FulfillmentError } from '../order/errors';
import { FolderFailure } from './Folder';

export interface SftpAccount {
	host: string;
	/** Default 22. */
	port?: number;
	user: string;
	password?: string;
	/** PEM or OpenSSH format. */
	privateKey?: string;
	passphrase?: string;
	/** "SHA256:…" as `ssh-keygen -l` shows it. Empty = unknown: the connection is refused, and the error names the server's. */
	fingerprint: string;
	/** Below what the server shows; "" or "." = where it puts the user. */
	directory: string;
}

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
					const fresh = connect(account, () => {
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

async function connect(account: SftpAccount, onClose: () => void): Promise<{ client: Client; sftp: SFTPWrapper }> {
	const { host, port = 22, user, password, privateKey, passphrase, fingerprint } = account;
	const place = `${host}:${port}`;
	let seen = '';
	const client = new Client();
	return await new Promise((resolve, reject) => {
		const fail = (error: FulfillmentError): void => {
			client.end();
			reject(error);
		};
		client.on('close', onClose);
		client.on('error', (error) =>
			fail(seen !== '' && !sameText(seen, fingerprint.trim()) ? unknownKey(place, fingerprint, seen) : connectFailure(place, user, error)),
		);
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
				...(privateKey ? { privateKey, ...(passphrase ? { passphrase } : {}) } : { password: password ?? '', tryKeyboard: false }),
				readyTimeout: READY_TIMEOUT_MS,
				keepaliveInterval: 10_000,
				keepaliveCountMax: 3,
				hostVerifier: (key: Buffer) => {
					seen = fingerprintOf(key);
					return sameText(seen, fingerprint.trim());
				},
			});
		} catch (error) {
			fail(connectFailure(place, user, asError(error)));
		}
	});
}

const unknownKey = (place: string, expected: string, seen: string): FulfillmentError =>
	expected.trim() === ''
		? new FulfillmentError(
				'credentials_invalid',
				`${place} is not known yet: its host key has the fingerprint ${seen}.`,
				'Compare it with what the operator of the server tells you, then copy it into Host Key Fingerprint of the credential.',
			)
		: new FulfillmentError(
				'credentials_invalid',
				`${place} is not the server that it was: its host key has the fingerprint ${seen}, the credential expects ${expected.trim()}.`,
				'Nothing was sent. Ask the operator of the server whether its key was changed, and only then copy the new fingerprint into the credential.',
			);

function connectFailure(place: string, user: string, error: Error & { level?: string; code?: string }): FulfillmentError {
	if (error.level === 'client-authentication') {
		return new FulfillmentError(
			'credentials_invalid',
			`${place} refused the sign-in of ${user}.`,
			'Check user, password or private key of the SFTP credential.',
			{ retryable: true, cause: error },
		);
	}
	if (/parse privateKey|passphrase/i.test(error.message)) {
		return new FulfillmentError(
			'credentials_invalid',
			`The private key of the SFTP credential cannot be read: ${error.message}.`,
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
