/** The little of playwright-core that these tests use. The package lives in sandbox/, which is installed only when it is needed. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../n8n/tarball';
import type { PageElement } from './dom';

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

interface Wait {
	timeout?: number;
}

export interface Locator {
	locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
	filter(options: { hasText?: string | RegExp; visible?: boolean }): Locator;
	first(): Locator;
	nth(index: number): Locator;
	click(options?: Wait & { position?: { x: number; y: number } }): Promise<void>;
	dblclick(options?: Wait): Promise<void>;
	hover(options?: Wait): Promise<void>;
	fill(value: string, options?: Wait): Promise<void>;
	press(key: string): Promise<void>;
	count(): Promise<number>;
	isVisible(): Promise<boolean>;
	innerText(options?: Wait): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	boundingBox(options?: Wait): Promise<Box | null>;
	waitFor(options?: Wait & { state?: 'attached' | 'detached' | 'visible' | 'hidden' }): Promise<void>;
	evaluate<T, A>(run: (element: PageElement, argument: A) => T, argument: A): Promise<T>;
	evaluateAll(run: (elements: PageElement[]) => void): Promise<void>;
	screenshot(options: { path: string }): Promise<unknown>;
}

interface ConsoleMessage {
	type(): string;
	text(): string;
	location(): { url: string };
}

export interface Page {
	goto(url: string): Promise<unknown>;
	url(): string;
	locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
	waitForURL(url: RegExp, options?: Wait): Promise<void>;
	waitForFunction<A>(holds: (argument: A) => unknown, argument: A, options?: Wait & { polling?: 'raf' | number }): Promise<unknown>;
	evaluate<T, A>(run: (argument: A) => T, argument: A): Promise<T>;
	setViewportSize(size: { width: number; height: number }): Promise<void>;
	emulateMedia(options: { colorScheme: 'light' | 'dark' }): Promise<void>;
	screenshot(options: { path: string; clip?: Box }): Promise<unknown>;
	setDefaultTimeout(milliseconds: number): void;
	keyboard: { press(key: string): Promise<void> };
	mouse: { move(x: number, y: number): Promise<void> };
	on(event: 'console', listener: (message: ConsoleMessage) => void): void;
	on(event: 'pageerror', listener: (error: Error) => void): void;
}

export interface Browser {
	version(): string;
	newContext(options: {
		viewport: { width: number; height: number };
		colorScheme: 'light' | 'dark';
		reducedMotion: 'reduce';
		locale: string;
		timezoneId: string;
	}): Promise<{ newPage(): Promise<Page> }>;
	close(): Promise<void>;
}

interface BrowserType {
	launch(options: { executablePath: string; headless: boolean; args: string[] }): Promise<Browser>;
}

export const chromium = (): BrowserType =>
	(createRequire(path.join(ROOT, 'sandbox/package.json'))('playwright-core') as { chromium: BrowserType }).chromium;
