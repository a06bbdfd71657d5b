/** Ports for servers that tests start. */
import { connect, createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections: a server may take its port many seconds after it was found to be free. */
const LOWEST = 12_000;
const HIGHEST = 32_000;
let next = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));

/** Free, and given to nobody else of this process. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = next;
		next = port < HIGHEST ? port + 1 : LOWEST;
		if (await isFree(port)) return port;
	}
}

const isFree = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});

/** Whether somebody listens at a port. */
export const answers = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
