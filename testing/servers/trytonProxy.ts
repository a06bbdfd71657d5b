/** Stands before Tryton and fails as a Peer does, or keeps requests back as a network may. */
import { Peer, type Fault, type PeerRequest, type RareFault } from './Peer';
import type { Tryton } from './tryton';

export class TrytonProxy {
	/** Requests of this method are not delivered before `deliver`; whoever sent them gets no answer. */
	withheld: string | null = null;
	private readonly late: PeerRequest[] = [];

	private constructor(
		private readonly tryton: Tryton,
		readonly peer: Peer,
	) {}

	static async open(tryton: Tryton): Promise<TrytonProxy> {
		const proxy: { current: TrytonProxy | null } = { current: null };
		const peer = await Peer.open(async (request) => {
			if (proxy.current?.withheld === methodOf(request)) {
				proxy.current.late.push(request);
				return { status: 504, body: 'late' };
			}
			return await proxy.current!.forward(request);
		});
		return (proxy.current = new TrytonProxy(tryton, peer));
	}

	/** The first so many requests of a method fail. */
	fail(method: string, fault: Fault | RareFault, times = 1): void {
		let left = times;
		this.peer.faultAt = (_, request) => (methodOf(request) === method && (left -= 1) >= 0 ? fault : null);
	}

	/** What was kept back reaches Tryton now. Gives its answers. */
	async deliver(): Promise<unknown[]> {
		this.withheld = null;
		const answers: unknown[] = [];
		for (const request of this.late.splice(0)) answers.push((await this.forward(request)).body);
		return answers;
	}

	/** The last request of a method reaches Tryton once more. */
	async again(method: string): Promise<void> {
		const last = this.peer.requests.findLast((request) => methodOf(request) === method);
		if (last !== undefined) await this.forward(last);
	}

	private async forward({ path, headers, text }: PeerRequest): Promise<{ status: number; body: unknown }> {
		const response = await fetch(`${this.tryton.url}${path}`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(headers['authorization'] === undefined ? {} : { authorization: headers['authorization'] }),
			},
			body: text,
		});
		return { status: response.status, body: response.ok ? ((await response.json()) as unknown) : await response.text() };
	}
}

export const methodOf = ({ body }: PeerRequest): string =>
	String((body as { method?: unknown } | null)?.method ?? '').replace(/^model\./, '');
