/** Writers that do not put a file there in one piece, and pollers that meet them; locally or over SFTP. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Folder } from '../../lib/files/Folder';
import { beginPoll, putAway, putAwayEnded } from '../../lib/files/putAway';
import { takenFiles } from '../../lib/files/inbox';
import { openContent } from '../../lib/files/content';
import { doneBefore } from '../../lib/files/position';
import type { Cursor } from '../../lib/order/wmsEvent';
import { textOf } from './openLocal';

const PLACES = { inbox: 'in', archive: 'in/archive', failed: 'in/failed' };

/** A source whose lines are its items; each poll begins where the one before it ended, as with a store. */
export class LineReader {
	readonly lines = new Set<string>();
	/** Files in the order in which they were read to the end. */
	readonly read: string[] = [];
	readonly told: string[] = [];
	cursor: Cursor | null = null;

	constructor(
		private readonly folder: Folder,
		private readonly settleMs: number,
	) {}

	async poll(): Promise<void> {
		const { folder, settleMs } = this;
		const memory = await beginPoll(folder, this.cursor, [PLACES]);
		await putAwayEnded(folder, this.cursor, [PLACES], memory);
		for await (const file of takenFiles(folder, PLACES.inbox, { settleMs }, 'name', memory)) {
			if (file.problem) throw file.problem;
			const content = await openContent(folder, file.directory, file.name);
			const lines = (await textOf(content.bytes())).split('\n').filter((line) => line !== '');
			for (const line of lines.slice(doneBefore(file, content.hash, this.cursor))) this.lines.add(line);
			this.read.push(file.original);
			this.cursor = memory.endOf(file, content.hash, lines.length, 'archive');
			await putAway(folder, file, PLACES.archive, { hash: content.hash, to: 'archive', memory });
			const told = memory.tell();
			this.told.push(...told.map(({ file: { original }, problem }) => `${original}: ${problem.message}`));
			if (told.length > 0) this.cursor = memory.cursor();
		}
	}

	/** Until so many lines are there; gives up after a while, for the assertion to fail. */
	async pollUntil(count: number): Promise<void> {
		for (let left = 80; left > 0 && this.lines.size < count; left -= 1) {
			await this.poll();
			await pause(50);
		}
	}
}

/** A writer on the server itself that keeps its file open. */
export class Writer {
	private readonly handle: number;

	constructor(root: string, name: string) {
		fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
		this.handle = fs.openSync(path.join(root, name), 'w');
	}

	write(text: string): void {
		fs.writeSync(this.handle, text);
	}

	/** Dates the file as a machine does whose clock is wrong by so much. */
	dateBack(byMs: number): void {
		const at = (Date.now() - byMs) / 1000;
		fs.futimesSync(this.handle, at, at);
	}

	close(): void {
		fs.closeSync(this.handle);
	}
}
