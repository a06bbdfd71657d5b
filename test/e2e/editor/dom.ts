/** What the functions that run inside the page use of it; the rest of the repository runs in Node and must not see a DOM. */
interface Rect {
	x: number;
	y: number;
	left: number;
	top: number;
	right: number;
	bottom: number;
	width: number;
	height: number;
}

export interface PageElement {
	innerText: string;
	textContent: string | null;
	offsetWidth: number;
	value?: string;
	getAttribute(name: string): string | null;
	getBoundingClientRect(): Rect;
	closest(selector: string): PageElement | null;
	querySelector(selector: string): PageElement | null;
	querySelectorAll(selector: string): Iterable<PageElement>;
}

/** `globalThis` inside the page. */
export interface PageGlobals {
	document: PageElement;
	innerHeight: number;
	history: { pushState(state: null, unused: string, url: string): void };
	dispatchEvent(event: object): void;
	PopStateEvent: new (type: 'popstate', init: { state: null }) => object;
	getComputedStyle(element: PageElement): { fontSize: string };
	/** Notes of the waiting functions from frame to frame. */
	seen?: { what: string; frames: number };
}
