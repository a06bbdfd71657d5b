/** The checker itself, on descriptions small and published. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openApi, specFile } from '../../testing/servers/openApi';

const ask = (method: string, url: string, body: unknown = null) => {
	const { pathname, searchParams } = new URL(url, 'http://peer');
	return { method, path: pathname, query: searchParams, body };
};

describe('a small description', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'specs-'));
	fs.writeFileSync(
		path.join(folder, 'small.yml'),
		`openapi: 3.0.0
paths:
  /orders/mine: { get: { responses: { '200': { description: all } } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ $ref: '#/components/parameters/status' }, { name: since, in: query, required: true, schema: { type: string } }]
      responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
components:
  parameters:
    status: { name: status, in: query, schema: { type: array, items: { type: string, enum: [open, shipped] } } }
  schemas:
    Line: { type: object, properties: { sku: { type: string, maxLength: 3 }, parts: { type: array, items: { $ref: '#/components/schemas/Line' } } } }
    Order:
      allOf:
        - { type: object, required: [total], properties: { total: { type: number, minimum: 0, exclusiveMinimum: true } } }
        - { type: object, properties: { note: { type: string, nullable: true }, lines: { type: array, items: { $ref: '#/components/schemas/Line' } } } }
`,
	);
	let before: string | undefined;
	beforeAll(() => {
		before = process.env.SPECS_DIR;
		process.env.SPECS_DIR = folder;
	});
	afterAll(() => {
		if (before === undefined) delete process.env.SPECS_DIR;
		else process.env.SPECS_DIR = before;
		fs.rmSync(folder, { recursive: true });
	});
	const api = () => openApi('small.yml', { prefix: '/v1' });

	it.each([
		['a good question', ask('GET', '/v1/orders/5?since=x&status=open&status=shipped'), []],
		['lists with commas', ask('GET', '/v1/orders/5?since=x&status=open,shipped'), []],
		['a path without parameters before one with', ask('GET', '/v1/orders/mine'), []],
		['a mistyped path', ask('GET', '/v1/orders/five?since=x'), [/path id: .*integer/]],
		['an unknown path', ask('GET', '/v1/order/5'), [/no such operation/]],
		['an unknown method', ask('DELETE', '/v1/orders/5'), [/no such operation/]],
		['an unknown parameter', ask('GET', '/v1/orders/5?since=x&stauts=open'), [/stauts is not known/]],
		['a missing parameter', ask('GET', '/v1/orders/5'), [/since is missing/]],
		['a value that is not listed', ask('GET', '/v1/orders/5?since=x&status=gone'), [/allowed values/]],
		['a good body', ask('PUT', '/v1/orders/5', { total: 1, note: null, lines: [{ sku: 'A', parts: [{ sku: 'B' }] }] }), []],
		['no body', ask('PUT', '/v1/orders/5'), [/body is missing/]],
		['an unknown field', ask('PUT', '/v1/orders/5', { total: 1, notes: 'x' }), [/\(notes\)/]],
		['a bound that is not part of it', ask('PUT', '/v1/orders/5', { total: 0 }), [/> 0/]],
		['a body where none is taken', ask('GET', '/v1/orders/5?since=x', { a: 1 }), [/takes no body/]],
	])('%s', (_, request, problems) => expect(api().check(request)).toEqual(problems.map((problem) => expect.stringMatching(problem))));

	it('checks answers, which may have more fields', () => {
		expect(api().checkAnswer(ask('GET', '/v1/orders/5'), 200, { total: 1, more: true })).toEqual([]);
		expect(api().checkAnswer(ask('GET', '/v1/orders/5'), 200, { total: '1' })).toEqual([expect.stringContaining('/total must be number')]);
		expect(api().checkAnswer(ask('GET', '/v1/orders/5'), 404, {})).toEqual([expect.stringContaining('no answer 404')]);
	});
});

describe('a description that is not here', () => {
	const ci = process.env.CI;
	afterEach(() => {
		if (ci === undefined) delete process.env.CI;
		else process.env.CI = ci;
	});

	it('checks nothing', () => {
		delete process.env.CI;
		expect(openApi('nobody/none.yml')).toMatchObject({ available: false });
	});

	it('is an error in CI', () => {
		process.env.CI = 'true';
		expect(() => specFile('nobody/none.yml')).toThrow('SPECS_DIR');
	});
});

describe('published descriptions', () => {
	it('BigCommerce: a shipment needs an address and items', () => {
		const api = openApi('bigcommerce/orders.v2.oas2.yml', { prefix: '/stores/abc/v2' });
		if (!api.available) return;
		const shipment = { order_address_id: 1, items: [{ order_product_id: 2, quantity: 1 }], tracking_number: '1Z' };
		expect(api.check(ask('POST', '/stores/abc/v2/orders/7/shipments', shipment))).toEqual([]);
		expect(api.check(ask('POST', '/stores/abc/v2/orders/7/shipments', { ...shipment, tracking: 'x' }))).toHaveLength(1);
		expect(api.check(ask('GET', '/stores/abc/v2/orders?limit=50&status_id=11'))).toEqual([]);
	});

	it('Magento: a shipment has items and tracks', () => {
		const api = openApi('magento/admin-schema-2.4.9.yaml', { prefix: '/rest/default' });
		if (!api.available) return;
		expect(
			api.check(
				ask('POST', '/rest/default/V1/order/7/ship', {
					items: [{ order_item_id: 1, qty: 2 }],
					tracks: [{ track_number: '1Z', title: 'UPS', carrier_code: 'ups' }],
				}),
			),
		).toEqual([]);
		expect(
			api.check(ask('POST', '/rest/default/V1/order/7/ship', { items: [{ order_item_id: 'x', quantity: 2 }] })).length,
		).toBeGreaterThan(0);
	});

	it.each([
		'shipbob/shipbob-openapi-2026-01.json',
		'shipstation/shipstation-v2-openapi.yaml',
		'amazon-sp-api/fulfillmentOutbound_2026-07-04.json',
	])('%s can be read', (name) => {
		const api = openApi(name);
		if (api.available) expect(api.check(ask('GET', '/nothing'))).toEqual([expect.stringContaining('no such operation')]);
	});
});
