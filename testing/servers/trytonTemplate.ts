/**
 * Makes the template database that Tryton's tests copy, unless it is there: modules, a company with a warehouse and goods, a user without
 * the rights of an administrator. Takes a minute or two, once.
 *
 *   npm run tryton:template
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JsonValue } from '../../lib/order/order';
import { databaseUrl, onServer, TEMPLATE, Tryton, TRYTON_PASSWORD, TRYTON_USER } from './tryton';

const BUILDING = `${TEMPLATE}_building`;

async function main(): Promise<void> {
	const there = await onServer(
		async (client) => (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE])).rowCount === 1,
	);
	if (there) return console.log(`${TEMPLATE} is there.`);
	const started = Date.now();
	await onServer(async (client) => {
		await client.query(`DROP DATABASE IF EXISTS "${BUILDING}" WITH (FORCE)`);
		await client.query(`CREATE DATABASE "${BUILDING}"`);
	});
	activateModules();
	// Also ends the connections that its server kept: a template must have none while it is copied.
	const tryton = await Tryton.serve(BUILDING);
	try {
		await seed(tryton);
	} finally {
		await tryton.close({ keep: true });
	}
	await onServer(async (client) => await client.query(`ALTER DATABASE "${BUILDING}" RENAME TO "${TEMPLATE}"`));
	console.log(`${TEMPLATE} made in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function activateModules(): void {
	const directory = mkdtempSync(path.join(os.tmpdir(), 'tryton-'));
	try {
		const [config, password] = [path.join(directory, 'trytond.conf'), path.join(directory, 'password')];
		writeFileSync(config, `[database]\nuri = ${databaseUrl('')}\n`);
		writeFileSync(password, 'admin-secret');
		const modules = ['stock', 'stock_package_shipping'];
		const { status, stderr } = spawnSync(
			'/usr/bin/trytond-admin',
			['-c', config, '-d', BUILDING, '-u', ...modules, '--activate-dependencies', '--email', 'admin@example.com'],
			{
				encoding: 'utf8',
				timeout: 600_000,
				// Its questions to the catalogue of Postgres are slow otherwise.
				env: { ...process.env, TRYTONPASSFILE: password, PGOPTIONS: '-c jit=off -c enable_nestloop=off -c synchronous_commit=off' },
			},
		);
		if (status !== 0) throw new Error(`trytond-admin ended with ${status ?? 'a time-out'}: ${stderr.slice(-2_000)}`);
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

async function seed(tryton: Tryton): Promise<void> {
	const make = async (model: string, values: JsonValue): Promise<number> =>
		((await tryton.rpc(`${model}.create`, [values])) as number[])[0]!;
	const first = async (model: string, domain: JsonValue): Promise<number> =>
		((await tryton.rpc(`${model}.search`, domain, 0, 1, null)) as number[])[0]!;
	const decimal = (text: string): JsonValue => ({ __class__: 'Decimal', decimal: text });
	tryton.company = null;
	const currency = await make('currency.currency', { name: 'US Dollar', code: 'USD', symbol: '$', digits: 2, rounding: decimal('0.01') });
	const company = await make('company.company', { party: await make('party.party', { name: 'My Company' }), currency });
	await tryton.rpc('res.user.write', [1], { companies: [['add', [company]]], company });
	tryton.company = company;
	await make('res.user', {
		name: 'n8n',
		login: TRYTON_USER,
		password: TRYTON_PASSWORD,
		companies: [['add', [company]]],
		company,
		groups: [['add', [await first('res.group', [['name', '=', 'Stock']])]]],
	});
	const country = await make('country.country', { name: 'United States', code: 'US' });
	await make('country.subdivision', { country, code: 'US-MA', name: 'Massachusetts', type: 'state' });
	const unit = await first('product.uom', [['symbol', '=', 'u']]);
	const product = async (code: string, type: 'goods' | 'service'): Promise<number> => {
		const template = await make('product.template', {
			name: code,
			type,
			default_uom: unit,
			list_price: decimal('10'),
			cost_price_method: 'fixed',
			products: [['create', [{ suffix_code: code }]]],
		});
		return await first('product.product', [['template', '=', template]]);
	};
	const goods = [await product('RED-MUG', 'goods'), await product('TEE-L', 'goods')];
	const carriage = await product('CARRIAGE', 'service');
	await make('carrier', { party: await make('party.party', { name: 'UPS' }), carrier_product: carriage });
	const storage = await first('stock.location', [['code', '=', 'STO']]);
	const inventory = await make('stock.inventory', {
		location: storage,
		company,
		lines: [['create', goods.map((id) => ({ product: id, quantity: 100_000 }))]],
	});
	await tryton.rpc('stock.inventory.confirm', [inventory]);
	await make('stock.package.type', { name: 'Box' });
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}
