/** A fixed number of places, first come first served. */

interface Waiting {
	enter(leave: () => void): void;
	refuse(error: unknown): void;
}

export class ConnectionSlots {
	private free: number;
	private readonly waiting: Waiting[] = [];

	/** @param waitMs how long one waits for a place @param full what is told then */
	constructor(
		size: number,
		private readonly waitMs: number,
		private readonly full: () => Error,
	) {
		this.free = size;
	}

	/** Resolves when there is a place, with the function that gives it back; only its first call counts. */
	async take(): Promise<() => void> {
		if (this.free > 0) {
			this.free -= 1;
			return this.leaving();
		}
		return await new Promise((resolve, reject) => {
			const one: Waiting = {
				enter: (leave) => {
					clearTimeout(timer);
					resolve(leave);
				},
				refuse: (error) => {
					clearTimeout(timer);
					reject(error as Error);
				},
			};
			const timer = setTimeout(() => {
				this.waiting.splice(this.waiting.indexOf(one), 1);
				reject(this.full());
			}, this.waitMs);
			this.waiting.push(one);
		});
	}

	/** Sends everybody away who waits. */
	refuse(error: unknown): void {
		for (const { refuse } of this.waiting.splice(0)) refuse(error);
	}

	private leaving(): () => void {
		let left = false;
		return () => {
			if (left) return;
			left = true;
			const next = this.waiting.shift();
			if (next === undefined) this.free += 1;
			else next.enter(this.leaving());
		};
	}
}
