/** A real OpenSSH server (Debian: openssh-server) that serves one folder by SFTP, on a free port of this machine. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SftpAccount } from '../../lib/files/sftpAccount';
import { answers, freePort } from './ports';
import { leftOut } from '../../test/scope/leftOut';

const SSHD = '/usr/sbin/sshd';

/** Why there is no server; null = there is. Throws in CI. */
export function sshdMissing(): string | null {
	const missing = existsSync(SSHD) ? null : 'openssh-server is not installed';
	if (missing !== null) leftOut('the tests on an OpenSSH server', missing);
	return missing;
}

const HOST_KEYS = ['ed25519', 'ecdsa', 'rsa'] as const;

const keygen = (file: string, type: string, ...more: string[]): void => {
	const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file, ...more], { encoding: 'utf8' });
	if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
};

export class Sshd {
	private child: ChildProcess | null = null;

	private constructor(
		private readonly directory: string,
		readonly port: number,
	) {}

	static async open(): Promise<Sshd> {
		const directory = mkdtempSync(path.join(os.tmpdir(), 'sshd-'));
		const port = await freePort();
		mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
		mkdirSync(path.join(directory, 'exchange'));
		for (const type of HOST_KEYS) keygen(path.join(directory, `host_${type}`), type);
		keygen(path.join(directory, 'user'), 'ed25519');
		writeFileSync(path.join(directory, 'authorized_keys'), readFileSync(path.join(directory, 'user.pub')));
		const lines = [
			`Port ${port}`,
			'ListenAddress 127.0.0.1',
			...HOST_KEYS.map((type) => `HostKey ${directory}/host_${type}`),
			`AuthorizedKeysFile ${directory}/authorized_keys`,
			`PidFile ${directory}/pid`,
			`Subsystem sftp internal-sftp -d ${directory}/exchange`,
			'StrictModes no',
			'UsePAM no',
			'PermitRootLogin prohibit-password',
			'MaxStartups 100',
		];
		writeFileSync(path.join(directory, 'sshd.conf'), `${lines.join('\n')}\n`);
		const server = new Sshd(directory, port);
		await server.start();
		return server;
	}

	get root(): string {
		return path.join(this.directory, 'exchange');
	}

	/** As `ssh-keygen -l` shows it. */
	get fingerprint(): string {
		return this.keyLine('ed25519').split(' ')[1] ?? '';
	}

	/** The whole line, "256 SHA256:… comment (ED25519)". */
	keyLine(type: (typeof HOST_KEYS)[number]): string {
		return spawnSync('ssh-keygen', ['-l', '-f', path.join(this.directory, `host_${type}.pub`)], { encoding: 'utf8' }).stdout.trim();
	}

	get account(): SftpAccount {
		return {
			host: '127.0.0.1',
			port: this.port,
			user: os.userInfo().username,
			privateKey: readFileSync(path.join(this.directory, 'user'), 'utf8'),
			fingerprint: this.fingerprint,
			directory: this.root,
		};
	}

	/** How many connections there are. */
	connections(): number {
		return Number(spawnSync('sh', ['-c', `ps -o args= --ppid ${this.child?.pid ?? 0} | wc -l`], { encoding: 'utf8' }).stdout);
	}

	async start(): Promise<void> {
		this.child = spawn(SSHD, ['-D', '-f', path.join(this.directory, 'sshd.conf')], { stdio: 'ignore' });
		for (let left = 200; !(await answers(this.port)); left -= 1) {
			if (left === 0 || this.child.exitCode !== null) throw new Error('sshd did not start');
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** Every connection breaks, and none is taken any more. */
	async stop(): Promise<void> {
		const { child } = this;
		if (child === null) return;
		this.child = null;
		spawnSync('pkill', ['-P', String(child.pid)]);
		const ended = new Promise((resolve) => child.once('exit', resolve));
		if (child.exitCode === null && child.kill()) await ended;
	}

	async close(): Promise<void> {
		await this.stop();
		rmSync(this.directory, { recursive: true, force: true });
	}
}
