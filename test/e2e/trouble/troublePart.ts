/** (g) What a person sees when something is not as it should be, and that nothing is lost by it. */
import path from 'node:path';
import type { PartBody } from '../main';
import { Rest } from '../n8n/Rest';
import { installInto } from '../n8n/tarball';
import {
	deletedCredential,
	fullStoreDisk,
	fullWarehouse,
	newerVersion,
	protectedShop,
	protectedWarehouse,
	storeDown,
	type Trouble,
} from './troubles';

export const troublePart: PartBody = async (part, { own }) => {
	installInto(path.join(part.folder, 'n8n'), own);
	let n8n = await part.start('n8n');
	const rest = new Rest(n8n.url);
	await rest.signIn();
	const troubles: Trouble[] = [
		await storeDown(part, rest),
		await newerVersion(part, rest),
		deletedCredential(part, rest),
		...[fullStoreDisk, fullWarehouse, protectedWarehouse, protectedShop].flatMap((make) => make(part, rest) ?? []),
	];
	await Promise.all(troubles.map(async (trouble) => await trouble.first()));

	part.say('n8n is killed, and starts while things are still not as they should be');
	await n8n.kill();
	for (const trouble of troubles) await trouble.whileDown?.();
	const since = new Date();
	n8n = await part.start('n8n');
	rest.url = n8n.url;
	await Promise.all(troubles.map(async (trouble) => await trouble.afterStart?.(since)));
	await n8n.stop();
};
