/** Stands before a server and lets nobody through while it is shut, as when the server is down. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../../testing/servers/ports';

export class Gate {
	private server: Server | null = null;
	private readonly sockets = new Set<Socket>();

	private constructor(
		private readonly target: { host: string; port: number },
		readonly port: number,
	) {}

	/** Shut at first. */
	static async before(target: { host: string; port: number }): Promise<Gate> {
		return new Gate(target, await freePort());
	}

	async open(): Promise<void> {
		const server = createServer((client) => {
			const upstream = connect(this.target.port, this.target.host);
			for (const [socket, other] of [
				[client, upstream],
				[upstream, client],
			] as const) {
				this.sockets.add(socket);
				socket.on('error', () => other.destroy());
				socket.on('close', () => {
					this.sockets.delete(socket);
					other.destroy();
				});
				socket.pipe(other);
			}
		});
		await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
		this.server = server;
	}

	/** Connections that are open break off, new ones are refused. */
	async shut(): Promise<void> {
		const { server } = this;
		this.server = null;
		const closed = new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
		for (const socket of this.sockets) socket.destroy();
		await closed;
	}
}
