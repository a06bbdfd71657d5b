/** Prism between a client and a peer that breaks a small description. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Peer } from '../../testing/servers/Peer';
import { judge, Prism, prismCanCheck, type Exception, type PrismDescription } from './prism';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'specs-'));
fs.writeFileSync(
	path.join(folder, 'small.yml'),
	`openapi: 3.0.0
info: { title: small, version: '1' }
paths:
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ name: since, in: query, required: true, schema: { type: string } }]
      responses: { '200': { description: one, content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: integer } } } } } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { status: { type: string, enum: [open] } } } } } }
      responses: { '204': { description: done } }
`,
);
const SMALL: PrismDescription = { file: 'small.yml', prefix: '/v1', exceptions: [] };
const before = process.env.SPECS_DIR;
process.env.SPECS_DIR = folder;
afterAll(() => {
	if (before === undefined) delete process.env.SPECS_DIR;
	else process.env.SPECS_DIR = before;
});

(prismCanCheck('a small description', SMALL) ? describe : describe.skip)('Prism', () => {
	let prism: Prism;
	let peer: Peer;
	let url: string;
	beforeAll(async () => {
		prism = await Prism.start(SMALL);
	}, 60_000);
	afterAll(async () => await prism.stop());
	beforeEach(async () => {
		peer = await Peer.open(({ method, query }) => (method === 'PUT' ? { status: 204 } : { body: { id: query.get('since') === 'x' ? 7 : 'seven' } }));
		url = `${await prism.before(peer.url)}/v1`;
	});

	async function sentences(exceptions: Exception[] = [], used = new Set<Exception>()): Promise<string[]> {
		return (await prism.exchanges()).flatMap((exchange) => judge(exchange, exceptions, used));
	}

	it('passes on what is as described, and says nothing', async () => {
		const response = await fetch(`${url}/orders/7?since=x`, { headers: { 'x-token': 't' } });
		expect(await response.json()).toEqual({ id: 7 });
		expect(peer.requests).toMatchObject([{ method: 'GET', path: '/v1/orders/7', headers: { 'x-token': 't' } }]);
		expect(await sentences()).toEqual([]);
	});

	it('names request and violation, and passes on all the same', async () => {
		expect(await (await fetch(`${url}/orders/7`)).json()).toEqual({ id: 'seven' });
		expect((await fetch(`${url}/orders/7`, { method: 'PUT', body: '{"status":"shut"}', headers: { 'content-type': 'application/json' } })).status).toBe(204);
		await fetch(`${url}/items`);
		expect(await sentences()).toEqual([
			expect.stringMatching(/^GET \/orders\/7: the request, query: .*'since'/),
			expect.stringMatching(/^GET \/orders\/7: the answer 200, body\.id: .*integer/),
			expect.stringMatching(/^PUT \/orders\/7: the request, body\.status: .*open/),
			expect.stringMatching(/^GET \/items: the request: .*not found/),
		]);
		expect(await sentences()).toEqual([]);
	});

	it('says that no answer came', async () => {
		peer.faultAt = () => 'reset-before';
		expect((await fetch(`${url}/orders/7?since=x`)).status).toBe(500);
		expect(await sentences()).toEqual([expect.stringMatching(/^GET \/orders\/7\?since=x: the answer/)]);
	});

	it('lets by an exception, and nothing beside it', async () => {
		const exception: Exception = { operation: 'GET /orders/{id}', part: 'answer', status: 200, place: 'body.id', says: 'integer', reason: 'the test' };
		const others: Exception[] = [{ ...exception, operation: 'GET /orders' }, { ...exception, status: 201 }, { ...exception, place: 'body' }, { ...exception, says: 'string' }, { ...exception, inTest: 'another test' }, { ...exception, part: 'request' }];
		for (const [exceptions, left] of [[others, 1], [[...others, exception], 0]] as const) {
			const used = new Set<Exception>();
			await fetch(`${url}/orders/7?since=y`);
			expect(await sentences([...exceptions], used)).toHaveLength(left);
			expect([...used]).toEqual(left === 0 ? [exception] : []);
		}
	});
});

it('says that Prism or a description is missing in CI', () => {
	const ci = process.env.CI;
	process.env.CI = 'true';
	try {
		expect(() => prismCanCheck('nobody', { ...SMALL, file: 'nobody/none.yml' })).toThrow('SPECS_DIR');
	} finally {
		if (ci === undefined) delete process.env.CI;
		else process.env.CI = ci;
	}
});
