/** Pictures of what the tests saw: for the documentation when E2E_PICTURES is set, else beside the other files of the run. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../n8n/tarball';
import type { Editor } from './Editor';
import type { Box, Locator } from './playwright';

const MOST_BYTES = 200 * 1024;

export class Pictures {
	readonly folder: string;
	readonly tooLarge: string[] = [];
	taken = 0;

	constructor(otherwise: string) {
		this.folder = process.env.E2E_PICTURES ? path.join(ROOT, 'docs/images') : otherwise;
		mkdirSync(this.folder, { recursive: true });
	}

	/** Of the whole window, or of a part of it. */
	async take(editor: Editor, name: string, part?: Locator | Box): Promise<void> {
		const file = path.join(this.folder, `${name}.png`);
		if (part !== undefined && 'screenshot' in part) await part.screenshot({ path: file });
		else await editor.page.screenshot({ path: file, ...(part === undefined ? {} : { clip: part }) });
		this.taken += 1;
		const { size } = statSync(file);
		if (size > MOST_BYTES) this.tooLarge.push(`${name} has ${Math.round(size / 1024)} KB`);
	}
}
