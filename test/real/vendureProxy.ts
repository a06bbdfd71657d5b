/** The real Vendure behind a peer server, which counts the requests and can be told to fail. */
import { Peer } from '../../testing/servers/Peer';

export const vendureProxy = async (): Promise<Peer> =>
	await Peer.open(async ({ method, path, headers, text }) => {
		const { host: _host, connection: _connection, 'content-length': _length, ...rest } = headers;
		const response = await fetch(`${process.env.VENDURE_URL}${path}`, { method, headers: rest, body: text });
		const token = response.headers.get('vendure-auth-token');
		const cookies = response.headers.getSetCookie();
		return {
			status: response.status,
			headers: { date: response.headers.get('date') ?? '', ...(token === null ? {} : { 'vendure-auth-token': token }), ...(cookies.length === 0 ? {} : { 'set-cookie': cookies.join(', ') }) },
			body: await response.json(),
		};
	});
