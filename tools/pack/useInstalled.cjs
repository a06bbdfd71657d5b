'use strict';
// Runs in a process of its own, started by scripts/pack-check.cjs: node useInstalled.cjs <installed package> <n8n folder>
// Prints one line "@@result [[what, problems, detail], …]".
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');

const [target, folder] = process.argv.slice(2);
const ours = createRequire(path.join(__dirname, '../../package.json'));
ours('reflect-metadata');
const { LazyPackageDirectoryLoader } = ours('n8n-core/dist/nodes-loader/lazy-package-directory-loader');
const { PackageDirectoryLoader } = ours('n8n-core/dist/nodes-loader/package-directory-loader');

const installed = createRequire(path.join(target, 'package.json'));
const manifest = installed('./package.json');
const results = [];
const classOf = (file) => path.basename(file).split('.')[0];
const plain = (value) => JSON.parse(JSON.stringify(value));
const loadedFiles = (pattern) => Object.keys(require.cache).filter((file) => file.startsWith(target) && pattern.test(file));

/** A package update makes n8n load the same modules again; properties that a node shares between instances would then double. */
function pollTimesProblems(types) {
	return types
		.filter((type) => type.polling)
		.filter((type) => type.properties.filter((property) => property.name === 'pollTimes').length !== 1)
		.map((type) => `${type.name} has not exactly one Poll Times parameter`);
}

function iconProblems(name, { iconUrl }) {
	if (typeof iconUrl !== 'object' || iconUrl === null) return [`${name} has no themed icon`];
	return Object.values(iconUrl)
		.map((url) => url.replace(`icons/${manifest.name}/`, ''))
		.filter((file) => !existsSync(path.join(target, file)))
		.map((file) => `${name}: the icon ${file} is missing`);
}

/** As right after the installation: every file is loaded. */
async function loadEagerly() {
	const started = process.hrtime.bigint();
	const loader = new PackageDirectoryLoader(target);
	await loader.loadAll();
	const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
	const problems = [];
	const nodes = Object.values(loader.nodeTypes);
	const credentials = Object.values(loader.credentialTypes);
	for (const file of manifest.n8n.nodes)
		if (!nodes.some(({ type }) => type.constructor.name === classOf(file))) problems.push(`${file} did not load`);
	for (const file of manifest.n8n.credentials)
		if (!credentials.some(({ type }) => type.constructor.name === classOf(file))) problems.push(`${file} did not load`);
	for (const { type } of nodes) {
		const { description, methods } = type;
		const { name } = description;
		problems.push(...iconProblems(name, description));
		if (!(description.codex?.categories?.length > 0) || !(description.codex.resources?.primaryDocumentation?.length > 0))
			problems.push(`${name} has no codex with categories and documentation`);
		if (description.communityNodePackageVersion !== manifest.version) problems.push(`${name} does not carry the version of the package`);
		for (const credential of description.credentials ?? []) {
			if (loader.credentialTypes[credential.name] === undefined)
				problems.push(`${name} asks for the credential ${credential.name}, which is not ours`);
			if (typeof credential.testedBy === 'string' && typeof methods?.credentialTest?.[credential.testedBy] !== 'function')
				problems.push(`${name} has no credential test ${credential.testedBy}`);
		}
	}
	for (const { type } of credentials) {
		problems.push(...iconProblems(type.name, type));
		if (!(type.supportedNodes?.length > 0)) problems.push(`no node uses the credential ${type.name}`);
	}
	problems.push(...pollTimesProblems(loader.types.nodes));
	problems.push(...loadedFiles(/store\.js$/).map(() => 'loading the nodes also loads the database part (dist/store.js)'));
	results.push(['eager loading', problems, `${nodes.length} nodes, ${credentials.length} credentials, ${milliseconds.toFixed(0)} ms`]);
	const types = plain({
		nodes: nodes.flatMap(({ type }) => loader.getVersionedNodeTypeAll(type)).map(({ description }) => description),
		credentials: loader.types.credentials,
	});
	for (const description of types.nodes) delete description.__loadOptionsMethods;
	return { types, known: plain(loader.known) };
}

/** As at every later start: n8n reads dist/known and dist/types, and a node's file when a workflow needs it. */
async function loadLazily(eager) {
	for (const file of loadedFiles(/./)) delete require.cache[file];
	const started = process.hrtime.bigint();
	const loader = new LazyPackageDirectoryLoader(target);
	await loader.loadAll();
	const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
	const problems = [];
	if (!loader.isLazyLoaded) problems.push('dist/known or dist/types is missing or broken');
	if (loadedFiles(/\.js$/).length > 0) problems.push('a start of n8n loads code of the package');
	if (!isDeepStrictEqual(plain(loader.types), eager.types)) problems.push('dist/types is not what the loaded nodes say: build again');
	if (!isDeepStrictEqual(plain(loader.known), eager.known)) problems.push('dist/known is not what the loaded nodes say: build again');
	problems.push(...pollTimesProblems(loader.types.nodes));
	for (const name of Object.keys(loader.known.nodes)) {
		const { type } = loader.getNode(name);
		problems.push(...pollTimesProblems([type.description]));
	}
	for (const name of Object.keys(loader.known.credentials)) loader.getCredential(name);
	results.push(['lazy loading', problems, `${milliseconds.toFixed(0)} ms at the start of n8n`]);
}

const CONTENT = {
	orderNumber: '1001',
	merchant: null,
	orderedAt: '2026-01-02T03:04:05.000Z',
	customer: { email: 'kim@example.com', phone: null },
	billingAddress: null,
	shippingAddress: null,
	lines: [
		{
			id: 'line-1',
			externalId: '1',
			sku: 'RED-MUG',
			name: 'Red mug',
			quantity: 2,
			unitPrice: '9.90',
			weight: 300,
			options: {},
			custom: {},
		},
	],
	shippingMethod: 'Standard',
	carrier: null,
	serviceLevel: null,
	warehouse: null,
	requestedShipDate: null,
	signatureRequired: false,
	insuredAmount: null,
	thirdPartyAccount: null,
	giftMessage: null,
	shippingNotes: null,
	currency: 'EUR',
	subtotal: '19.80',
	shippingAmount: '0.00',
	taxAmount: '0.00',
	discountAmount: '0.00',
	total: '19.80',
	discountCodes: [],
	tags: [],
	notes: null,
	custom: {},
};

/** One order into an SQLite file and back, in a second connection's eyes too. */
async function takeOneOrder() {
	const problems = [];
	const started = process.hrtime.bigint();
	const { getOrderStore } = installed('./dist/store.js');
	const loaded = Number(process.hrtime.bigint() - started) / 1e6;
	const file = path.join(folder, 'orders', 'orders.sqlite');
	const store = await getOrderStore({ kind: 'sqlite', file });
	const page = {
		source: 'file:check',
		cursorFrom: null,
		cursorTo: { position: 1 },
		store: 'check',
		cart: 'file',
		failures: [],
		abandonAfterDays: 30,
		onChange: 'replace',
		orders: [{ externalId: '1001', word: { readiness: 'ready', reason: null, until: null }, content: CONTENT, raw: { number: '1001' } }],
		actor: { kind: 'system', name: 'pack:check' },
	};
	const [first] = await store.importPage(page);
	const [again] = await store.importPage({ ...page, cursorFrom: page.cursorTo, cursorTo: { position: 2 } });
	const order = await store.get(first.orderId);
	if (first.kind !== 'created' || again.kind !== 'unchanged') problems.push(`importing twice gave ${first.kind}, then ${again.kind}`);
	if (order?.status !== 'new' || order.total !== '19.80' || order.lines[0]?.sku !== 'RED-MUG')
		problems.push(`read back: ${JSON.stringify(order)}`);
	if (!existsSync(file)) problems.push(`${file} was not written`);
	await store.close();
	results.push(['one order', problems, `created once, read back; database part loaded in ${loaded.toFixed(0)} ms`]);
}

async function main() {
	await loadLazily(await loadEagerly());
	await takeOneOrder();
	console.log(`@@result ${JSON.stringify(results)}`);
}
main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
