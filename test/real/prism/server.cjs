'use strict';
// Prism, as `prism proxy <description> <upstream>` runs it: it passes requests on and checks them and their answers. One process has one
// description and opens as many proxies as it is asked for, since a test opens a peer server of its own. Violations are kept with what they
// were found in, for the parent to judge; with `--errors` Prism answers with the first one, and known faults of a description could not be let by.
// Ends with its parent.
//   DESCRIPTION=…/orders.yml node test/real/prism/server.cjs
const { createLogger } = require('@stoplight/prism-core');
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { createServer } = require('@stoplight/prism-http-server');

const logger = createLogger('prism', { level: 'silent' });
let exchanges = [];

/** Gives the address of a proxy before `upstream`. Requests come below `prefix`, which the paths of the description do not have. */
async function open(operations, upstream, prefix) {
	const config = { isProxy: true, upstream: new URL(`${upstream}${prefix}`), upstreamProxy: undefined, validateRequest: true, validateResponse: true, checkSecurity: true, errors: false, mock: { dynamic: false } };
	const server = createServer(operations, { cors: false, config, components: { logger } });
	const { prism } = server;
	const request = prism.request;
	prism.request = (input, ...rest) => async () => {
		const path = input.url.path.startsWith(`${prefix}/`) ? input.url.path.slice(prefix.length) : input.url.path;
		const result = await request({ ...input, url: { ...input.url, path } }, ...rest)();
		exchanges.push(exchange({ method: input.method.toUpperCase(), path, query: input.url.query, bodies: { request: input.body } }, result));
		return result;
	};
	return await server.listen(0, '127.0.0.1');
}

function exchange(asked, { _tag, left, right }) {
	if (_tag === 'Left') return { ...asked, status: null, violations: [{ part: 'answer', place: '', code: 'none', message: left.message }] };
	const found = (part, list) => list.map(({ path = [], code = '', message }) => ({ part, place: path.join('.'), code: String(code), message }));
	const violations = [...found('request', right.validations.input), ...found('answer', right.validations.output)];
	return { ...asked, bodies: violations.length === 0 ? {} : { ...asked.bodies, answer: right.output.body }, status: right.output.statusCode, violations };
}

async function main() {
	const operations = await getHttpOperationsFromSpec(process.env.DESCRIPTION);
	process.on('message', ({ id, upstream, prefix }) => {
		if (upstream === undefined) {
			process.send({ id, value: exchanges });
			exchanges = [];
		} else {
			open(operations, upstream, prefix).then(
				(value) => process.send({ id, value }),
				(error) => process.send({ id, error: String(error) }),
			);
		}
	});
	process.on('disconnect', () => process.exit(0));
	process.send('ready');
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
