/** n8n's editor as a person uses it: signing in, the canvas, the panel of a node, the list of nodes to add. */
import { OWNER } from '../n8n/Rest';
import type { PageGlobals } from './dom';
import type { Browser, Locator, Page } from './playwright';

export const SIZE = { width: 1400, height: 860 };

/**
 * n8n asks for a sample of each node's output, which a node may have or not; before anybody is signed in, who is; and registries
 * outside for packages and their versions, which it does without when there is no internet. When a workflow is left whose panel was just
 * open, n8n's panel looks for it once more.
 */
const NO_TROUBLE =
	/\/schemas\/|\/rest\/login\)$|npms\.io|registry\.npmjs\.org|^ResponseError: Can't connect to n8n|injectNDVStore\(\) was accessed without an active workflow/;

const LIST = '[data-test-id="node-creator"]';

export class Editor {
	private readonly found: string[] = [];
	/** A workflow is open, and nothing else was opened since. */
	private isAtWorkflow = false;

	private constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		page.setDefaultTimeout(60_000);
		page.on('console', (message) => {
			const shown = `${message.text()} (${message.location().url})`;
			if (message.type() === 'error' && !NO_TROUBLE.test(shown)) this.found.push(shown);
		});
		page.on('pageerror', (error) => {
			const shown = error.stack ?? error.message;
			if (!NO_TROUBLE.test(shown)) this.found.push(shown);
		});
	}

	static async open(browser: Browser, url: string): Promise<Editor> {
		const context = await browser.newContext({
			viewport: SIZE,
			colorScheme: 'light',
			reducedMotion: 'reduce',
			locale: 'en-US',
			timezoneId: 'UTC',
		});
		const editor = new Editor(await context.newPage(), url);
		await editor.goto('/signin');
		await editor.page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
		await editor.page.locator('input[name="password"]').fill(OWNER.password);
		await editor.the('form-submit-button').click();
		await editor.page.waitForURL(/\/(home|workflow)/);
		return editor;
	}

	/** What the console and the page complained about since the last call. */
	takeErrors(): string[] {
		return this.found.splice(0);
	}

	the(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	async goto(path: string): Promise<void> {
		this.isAtWorkflow = false;
		await this.page.goto(this.url + path);
	}

	/** Goes to another page of the editor without loading it anew. */
	private async follow(path: string): Promise<void> {
		await this.page.evaluate((to) => {
			const { history, dispatchEvent, PopStateEvent } = globalThis as unknown as PageGlobals;
			history.pushState(null, '', to);
			dispatchEvent(new PopStateEvent('popstate', { state: null }));
		}, path);
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name=${JSON.stringify(name)}]`);
	}

	/**
	 * Opens a workflow, all of it on the screen. The editor stays loaded, as when a person clicks on a workflow in the list: to load it anew takes
	 * seconds of both cores.
	 */
	async openWorkflow(id: string): Promise<void> {
		if (this.isAtWorkflow) {
			// Two changes of page at once would end at neither.
			await this.follow('/home/credentials');
			for (const part of ['canvas-node', 'canvas']) await this.the(part).first().waitFor({ state: 'detached' });
			await this.follow(`/workflow/${id}`);
		} else await this.goto(`/workflow/${id}`);
		this.isAtWorkflow = true;
		await this.the('canvas-node').first().waitFor();
		await this.fit();
	}

	async fit(): Promise<void> {
		await this.the('zoom-to-fit').click();
		await this.page.mouse.move(SIZE.width * 0.7, 20); // where nothing shows a tool bar
		await this.still('.vue-flow__transformationpane');
	}

	/** Waits until an element has stayed where it is, with the text that it has, for some frames. */
	async still(selector: string): Promise<void> {
		await this.page.evaluate(() => delete (globalThis as unknown as PageGlobals).seen, null);
		await this.page.waitForFunction(
			(wanted) => {
				const page = globalThis as unknown as PageGlobals;
				const element = page.document.querySelector(wanted);
				if (element === null) return false;
				const { x, y, width, height } = element.getBoundingClientRect();
				const what = [wanted, x, y, width, height, element.textContent].join(' ');
				page.seen = { what, frames: page.seen?.what === what ? page.seen.frames + 1 : 0 };
				return page.seen.frames >= 20;
			},
			selector,
			{ polling: 'raf' },
		);
	}

	/** Opens the panel of a node from the canvas. */
	async openPanel(name: string): Promise<void> {
		await this.node(name).locator('[data-test-id="canvas-default-node"], [data-test-id="canvas-trigger-node"]').first().dblclick();
		await this.the('node-parameters').first().waitFor();
		await this.still('[data-test-id="ndv"]');
	}

	/** Waits until the messages in the corner have gone, which they do by themselves while the mouse is elsewhere. */
	async messagesGone(): Promise<void> {
		await this.page.mouse.move(SIZE.width * 0.7, 20);
		await this.page.waitForFunction(() => (globalThis as unknown as PageGlobals).document.querySelector('.el-notification') === null, null);
	}

	async closePanel(): Promise<void> {
		await this.the('ndv-close-button').click();
		await this.the('ndv').waitFor({ state: 'hidden' });
	}

	/** The names that the list of nodes gives for a search, best first. */
	async searchNodes(text: string): Promise<string[]> {
		await this.the('node-creator-search-bar').fill(text);
		await this.still(LIST); // it answers a moment after the last key
		return (await this.the('node-creator').locator('[data-test-id="node-creator-item-name"]').allInnerTexts()).map((name) => name.trim());
	}
}
