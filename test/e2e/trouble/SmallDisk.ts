/** A disk of a few megabytes that can be filled up and write-protected: a tmpfs, which needs the right to mount. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Part } from '../Part';

const run = (command: string, args: string[]): { ok: boolean; text: string } => {
	const root = process.getuid?.() === 0;
	const { status, stderr, error } = spawnSync(root ? command : 'sudo', root ? args : ['-n', command, ...args], { encoding: 'utf8' });
	return { ok: status === 0, text: error?.message ?? stderr.trim() };
};

export class SmallDisk {
	private constructor(readonly folder: string) {}

	/** null, with a line that says so, where mounting is not allowed; in CI that is an error. */
	static mount(part: Part, name: string, megabytes: number): SmallDisk | null {
		const folder = path.join(part.folder, name);
		mkdirSync(folder, { recursive: true });
		const { ok, text } = run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', folder]);
		if (!ok) {
			if (process.env.CI === 'true') throw new Error(`A small disk cannot be mounted: ${text}`);
			part.say(`skipped: the disk "${name}", since nothing can be mounted here (${text})`);
			return null;
		}
		part.atEnd(() => void run('umount', ['--lazy', folder]));
		return new SmallDisk(folder);
	}

	private get ballast(): string {
		return path.join(this.folder, '.ballast');
	}

	fill(): void {
		const file = openSync(this.ballast, 'w');
		const block = Buffer.alloc(4096);
		try {
			for (;;) writeSync(file, block);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		} finally {
			closeSync(file);
		}
	}

	free(): void {
		rmSync(this.ballast, { force: true });
	}

	/** A mode would not hold root back, and n8n may run as root here; a write-protected disk holds back everybody. */
	protect(isProtected: boolean): void {
		const { ok, text } = run('mount', ['-o', `remount,${isProtected ? 'ro' : 'rw'}`, this.folder]);
		if (!ok) throw new Error(`${this.folder} cannot be mounted anew: ${text}`);
	}
}
