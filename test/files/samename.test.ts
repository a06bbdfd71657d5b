/** A partner who puts a new file over the old name, and a second poller, at every moment of a poll: nothing is lost, nothing is recorded twice, the newer word stays. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Folder } from '../../lib/files/Folder';
import { openSftpFolder, type SftpFolder } from '../../lib/files/sftpFolder';
import type { OrderStore } from '../../lib/store/OrderStore';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { openTestStore, type DialectName } from '../store/harness';
import { expectQuiet } from './expectQuiet';
import { temporaryFolder } from './openLocal';
import type { SceneName } from './scenePolls';
import { partnerPuts, SCENES, type Scene } from './scenes';

jest.setTimeout(600_000);

/** Calls `strike` before the n-th call that the poll makes of the folder or the store. */
class Moments {
	private left: number;

	constructor(
		at: number,
		private readonly strike: () => Promise<void>,
	) {
		this.left = at;
	}

	get struck(): boolean {
		return this.left <= 0;
	}

	private async pass(): Promise<void> {
		this.left -= 1;
		if (this.left === 0) await this.strike();
	}

	watch<T extends object>(target: T): T {
		return new Proxy(target, {
			get: (object, key) => {
				const member: unknown = Reflect.get(object, key);
				if (typeof member !== 'function') return member;
				if (key === 'read') return (...given: unknown[]) => this.reading(Reflect.apply(member, object, given) as AsyncIterable<Uint8Array>);
				return async (...given: unknown[]): Promise<unknown> => {
					await this.pass();
					return await (Reflect.apply(member, object, given) as Promise<unknown>);
				};
			},
		});
	}

	private async *reading(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		await this.pass();
		yield* chunks;
	}
}

interface Place {
	root: string;
	folder: Folder;
	/** As another process opens it. */
	another(): Folder;
}

interface Trial {
	scene: Scene;
	place: Place;
	orderStore: OrderStore;
	rivalStore: OrderStore;
}

/**
 * Strikes at every `step`-th moment until the poll is over before it. Gives the number of moments.
 *
 * @param under the name of the second file; default: that of the first
 */
async function atEveryMoment(
	name: SceneName,
	dialect: DialectName,
	step: number,
	open: () => Place,
	strike: (trial: Trial) => Promise<void>,
	under?: string,
): Promise<number> {
	const scene = SCENES[name];
	const later: Scene = under === undefined ? scene : { ...scene, file: under };
	for (let at = 1; ; at += step) {
		const opened = await openTestStore(dialect);
		const trial: Trial = { scene, place: open(), orderStore: opened.orderStore, rivalStore: await opened.another() };
		const { place, orderStore } = trial;
		await scene.prepare(orderStore, place.folder);
		partnerPuts(place.root, scene, scene.first);
		let overwritten = false;
		const moments = new Moments(at, async () => {
			overwritten = existsSync(path.join(place.root, later.inbox, later.file));
			partnerPuts(place.root, later, scene.second);
			await strike(trial);
		});
		await scene.poll(moments.watch(orderStore), moments.watch(place.folder));
		const { struck } = moments;
		if (!struck) partnerPuts(place.root, later, scene.second);
		await scene.poll(orderStore, place.another());
		await scene.poll(orderStore, place.another());
		await expectQuiet(scene, place.root, orderStore, overwritten);
		if (!struck) return at - 1;
	}
}

const local = (): Place => {
	const { root, folder } = temporaryFolder();
	return { root, folder, another: () => folder };
};

const nothing = async (): Promise<void> => {};
const rival = async ({ scene, place, rivalStore }: Trial): Promise<void> => await scene.poll(rivalStore, place.another());

describe.each<SceneName>(['shop', 'shopByOrder', 'warehouse', 'edi'])('%s', (name) => {
	it('puts a new file over the old name', async () => {
		expect(await atEveryMoment(name, 'sqlite', 1, local, nothing)).toBeGreaterThanOrEqual(10);
	});

	it('puts a new file over the old name, and another poller reads all there is before this one goes on', async () => {
		expect(await atEveryMoment(name, 'sqlite', 1, local, rival)).toBeGreaterThanOrEqual(10);
	});

	it('puts a new file beside the old one, and another poller reads all there is before this one goes on', async () => {
		expect(await atEveryMoment(name, 'sqlite', 1, local, rival, `zz-${SCENES[name].file}`)).toBeGreaterThanOrEqual(10);
	});

	it('does the same with an order store on Postgres', async () => {
		expect(await atEveryMoment(name, 'postgres', 4, local, rival)).toBeGreaterThan(4);
	});
});

const missing = sshdMissing();

if (missing !== null) it.skip('needs an OpenSSH server', () => undefined);
else
	describe('over SFTP', () => {
		let server: Sshd;
		let own: SftpFolder;
		let rivals: SftpFolder;
		beforeAll(async () => {
			server = await Sshd.open();
			[own, rivals] = [openSftpFolder(server.account), openSftpFolder(server.account)];
		});
		afterAll(async () => {
			await own.close();
			await rivals.close();
			await server.close();
		});

		const remote = (): Place => {
			for (const name of readdirSync(server.root)) rmSync(path.join(server.root, name), { recursive: true });
			return { root: server.root, folder: own, another: () => rivals };
		};

		it.each<SceneName>(['shop', 'shopByOrder', 'warehouse', 'edi'])(
			'%s puts a new file over the old name, with and without another poller',
			async (name) => {
				expect(await atEveryMoment(name, 'sqlite', 1, remote, nothing)).toBeGreaterThanOrEqual(10);
				expect(await atEveryMoment(name, 'sqlite', 1, remote, rival)).toBeGreaterThanOrEqual(10);
			},
		);
	});
