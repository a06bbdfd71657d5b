/** The real Medusa behind a peer server, which counts the requests and can be told to fail. */
import { Peer } from '../../testing/servers/Peer';

export const medusaProxy = async (): Promise<Peer> =>
	await Peer.open(async ({ method, path, query, headers, text }) => {
		const { host: _host, connection: _connection, 'content-length': _length, ...rest } = headers;
		const response = await fetch(`${process.env.MEDUSA_URL}${path}?${query.toString()}`, { method, headers: rest, ...(text === '' ? {} : { body: text }) });
		return { status: response.status, headers: { date: response.headers.get('date') ?? '' }, body: await response.json() };
	});
