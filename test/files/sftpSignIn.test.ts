/** Signing in to SFTP servers: what they ask for, what they refuse, and by which key they are known. */
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Server, utils, type AuthContext } from 'ssh2';
import type { SftpAccount } from '../../lib/files/sftpAccount';
import { sftpConnection } from '../../lib/files/sftpConnection';
import { wholeKey } from '../../lib/files/sftpSignIn';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';

const rsaKey = (): string =>
	generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const HOST_KEY = rsaKey();
const USER_KEY = rsaKey();
const PASSWORD = 'correct';

const fingerprintOf = async (account: Omit<SftpAccount, 'fingerprint'>): Promise<string> => {
	const said = await signIn({ ...account, fingerprint: '' });
	return /SHA256:[A-Za-z0-9+/]+/.exec(said)?.[0] ?? '';
};

/** "in", or the words of the error. */
async function signIn(account: SftpAccount): Promise<string> {
	const connection = sftpConnection(account, 10);
	try {
		return await connection.run(async () => await Promise.resolve('in'));
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	} finally {
		await connection.close();
	}
}

type Step = 'publickey' | 'password' | 'keyboard-interactive';

/** A server that wants these, one after the other, and says so. */
function serverWanting(steps: Step[], question = 'Password: '): Server {
	return new Server({ hostKeys: [HOST_KEY] }, (client) => {
		client.on('error', () => undefined);
		let done = 0;
		const next = (context: AuthContext, isRight: boolean): void => {
			if (isRight) done += 1;
			if (done === steps.length) context.accept();
			else context.reject([steps[done]!], isRight);
		};
		client.on('authentication', (context) => {
			if (context.method !== steps[done]) next(context, false);
			else if (context.method === 'password') next(context, context.password === PASSWORD);
			else if (context.method === 'keyboard-interactive')
				context.prompt([{ prompt: question, echo: false }], (answers) => next(context, answers[0] === PASSWORD));
			else if (context.method === 'publickey') {
				const key = utils.parseKey(USER_KEY);
				const isOurs = !(key instanceof Error) && context.key.data.equals(key.getPublicSSH());
				// The first look asks whether the key would do.
				if (isOurs && context.signature === undefined) context.accept();
				else next(context, isOurs);
			}
		});
		client.on('session', (accept) => {
			accept().on('sftp', (acceptSftp) => void acceptSftp());
		});
	});
}

describe('a server that asks for', () => {
	const opened: Server[] = [];
	afterEach(async () => {
		for (const server of opened.splice(0)) await new Promise((resolve) => server.close(resolve));
	});

	async function account(steps: Step[], given: Partial<SftpAccount>, question?: string): Promise<SftpAccount> {
		const server = serverWanting(steps, question);
		opened.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const reached = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'ada', directory: '' };
		return { ...reached, fingerprint: await fingerprintOf(reached), ...given };
	}
	const both = { privateKey: USER_KEY, password: PASSWORD };

	it.each<[string, Step[], Partial<SftpAccount>]>([
		['a password', ['password'], { password: PASSWORD }],
		['a password as the answer to a question', ['keyboard-interactive'], { password: PASSWORD }],
		['a key', ['publickey'], { privateKey: USER_KEY }],
		['a key and a password', ['publickey', 'password'], both],
		['a password and a key', ['password', 'publickey'], both],
		['a key and an answer', ['publickey', 'keyboard-interactive'], both],
		['a key, of which the line breaks were lost', ['publickey'], { privateKey: USER_KEY.replaceAll('\n', ' ') }],
	])('%s gets it', async (_, steps, given) => expect(await signIn(await account(steps, given))).toBe('in'));

	it.each<[string, Step[], Partial<SftpAccount>, RegExp, string?]>([
		['another password', ['password'], { password: 'wrong' }, /refused the sign-in of ada: it refused the password\.$/],
		['a key, and gets a password', ['publickey'], { password: PASSWORD }, /ada: it takes publickey\.$/],
		[
			'a password besides',
			['publickey', 'password'],
			{ privateKey: USER_KEY },
			/ada: it took the private key; it asks besides for password\.$/,
		],
		[
			'another password besides',
			['publickey', 'password'],
			{ privateKey: USER_KEY, password: 'wrong' },
			/it took the private key; it refused the password\.$/,
		],
		[
			'a code',
			['keyboard-interactive'],
			{ password: PASSWORD.slice(1) },
			/it asks for "Verification code:", which changes each time/,
			'Verification code: ',
		],
	])('%s says so', async (_, steps, given, said, ...[question]) =>
		expect(await signIn(await account(steps, given, question))).toMatch(said),
	);

	it('a key that cannot be read says why', async () => {
		const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048 })
			.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'open' })
			.toString();
		expect(await signIn(await account(['publickey'], { privateKey: encrypted }))).toMatch(
			/encrypted, and the credential has no passphrase/,
		);
		expect(await signIn(await account(['publickey'], { privateKey: encrypted, passphrase: 'shut' }))).toMatch(
			/the passphrase does not open it/,
		);
		expect(await signIn(await account(['publickey'], { privateKey: encrypted, passphrase: 'open' }))).toMatch(/it refused the private key/);
	});
});

describe('a key that was pasted', () => {
	it('stays as it is, and gets its line breaks back', () => {
		expect(wholeKey(USER_KEY)).toBe(USER_KEY);
		expect(wholeKey(USER_KEY.replaceAll('\n', '\\n'))).toBe(USER_KEY);
		expect(wholeKey(USER_KEY.replaceAll('\n', ' '))).toBe(USER_KEY);
		expect(wholeKey('no key')).toBe('no key\n');
	});
});

if (sshdMissing() !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('a server with keys of three types', () => {
		let server: Sshd;
		beforeAll(async () => {
			server = await Sshd.open();
		});
		afterAll(async () => await server.close());

		it.each(['ed25519', 'ecdsa', 'rsa'] as const)('is known by its %s key, alone or with its whole line', async (type) => {
			const line = server.keyLine(type);
			const fingerprint = line.split(' ')[1] ?? '';
			expect(await signIn({ ...server.account, fingerprint: line })).toBe('in');
			expect(await signIn({ ...server.account, fingerprint })).toBe('in');
			expect(await signIn({ ...server.account, fingerprint: `SHA256:other, ${fingerprint}` })).toBe('in');
		});

		it('is a stranger by any other, and says which it has', async () => {
			const said = await signIn({ ...server.account, fingerprint: 'SHA256:other' });
			for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) expect(said).toContain(server.keyLine(type).split(' ')[1]);
		});
	});
