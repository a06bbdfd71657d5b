/** The pictures of the editor that docs/images has: taken by `npm run e2e -- --only d --pictures`, shown wherever they belong. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(__dirname, '../../docs/images');

export const hasPicture = (name: string): boolean => existsSync(path.join(FOLDER, name));

/** `orderStoreTrigger` → `order-store-trigger`, as in the names of pictures. */
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The panels of a node, of those that there are; `panel-order-store-trigger.png` is none of Order Store. */
export function panelsOf(node: string, all: readonly string[]): string[] {
	const own = `panel-${dashed(node)}`;
	const longer = all.map((name) => `panel-${dashed(name)}`).filter((name) => name !== own && name.startsWith(own));
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith('.png') && (name === `${own}.png` || name.startsWith(`${own}-`)) && !longer.some((other) => name.startsWith(other)))
		.sort((left, right) => left.length - right.length || (left < right ? -1 : 1));
}

/** A picture in the colours of the reader, where both were taken. Empty where there is none. */
export function canvas(name: string, shows: string): string {
	if (!hasPicture(`${name}.png`)) return '';
	if (!hasPicture(`${name}-dark.png`)) return `![${shows}](images/${name}.png)`;
	return [
		'<picture>',
		`  <source media="(prefers-color-scheme: dark)" srcset="images/${name}-dark.png">`,
		`  <img alt="${shows}" src="images/${name}.png">`,
		'</picture>',
	].join('\n');
}
