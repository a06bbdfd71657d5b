/** What must be true when both files of a scene were read, however they were read. */
import type { OrderStore } from '../../lib/store/OrderStore';
import { tree } from './openLocal';
import type { Scene } from './scenes';

/** @param overwritten the partner put the second file over the first before anybody took that */
export async function expectQuiet(scene: Scene, root: string, orderStore: OrderStore, overwritten: boolean): Promise<void> {
	expect(await scene.recorded(orderStore)).toEqual(overwritten ? scene.secondOnly : scene.both);
	const left = Object.entries(tree(root)).filter(([name]) => !scene.written.some((written) => name.startsWith(written)));
	// Nothing in the inbox, nothing being read, nothing set aside as broken.
	for (const [name] of left) expect(name).toMatch(new RegExp(`^${scene.inbox}/archive/`));
	expect(left.map(([, content]) => content).sort()).toEqual((overwritten ? [scene.second] : [scene.first, scene.second]).sort());
	expect((await orderStore.importFailures({ limit: 5 })).items).toEqual([]);
}
