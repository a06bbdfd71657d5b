'use strict';
const { existsSync, globSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { built, sources } = require('./bundle.cjs');

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What keeps package.json from being publishable, one line a problem: the lists of nodes and credentials, and what n8n demands of the rest. */
function manifestProblems(root) {
	const manifest = readJson(path.join(root, 'package.json'));
	const problems = [];
	const present = sources(root).map((source) => `dist/${built(source)}`);
	for (const [kind, ending] of [
		['nodes', '.node.js'],
		['credentials', '.credentials.js'],
	]) {
		const listed = manifest.n8n[kind];
		const expected = present.filter((file) => file.endsWith(ending));
		for (const file of expected) if (!listed.includes(file)) problems.push(`package.json n8n.${kind} does not list ${file}`);
		for (const file of listed) if (!expected.includes(file)) problems.push(`package.json n8n.${kind} lists ${file}, which has no source`);
		if (new Set(listed).size !== listed.length) problems.push(`package.json n8n.${kind} lists a file twice`);
	}
	for (const kind of ['dependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies', 'overrides']) {
		if (manifest[kind] !== undefined) problems.push(`package.json has ${kind}; everything must be bundled`);
	}
	if (JSON.stringify(manifest.peerDependencies) !== '{"n8n-workflow":"*"}')
		problems.push('package.json peerDependencies must be {"n8n-workflow": "*"}');
	for (const [name, version] of Object.entries(manifest.devDependencies)) {
		if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json devDependencies.${name} is not an exact version: ${version}`);
	}
	return problems;
}

/** Checks the workflows of templates/: valid JSON, and every node of ours that they use exists in the version they ask for. */
function templateProblems(root) {
	const { name: packageName, n8n } = readJson(path.join(root, 'package.json'));
	const known = new Set(n8n.nodes.map((file) => path.basename(file).split('.')[0].toLowerCase()));
	const problems = [];
	const files = existsSync(path.join(root, 'templates')) ? globSync('templates/**/*.json', { cwd: root }).sort() : [];
	for (const file of files) {
		let workflow;
		try {
			workflow = readJson(path.join(root, file));
		} catch (error) {
			problems.push(`${file}: ${error.message}`);
			continue;
		}
		if (!Array.isArray(workflow.nodes) || typeof workflow.connections !== 'object') {
			problems.push(`${file}: no "nodes" or no "connections"`);
			continue;
		}
		const names = new Set(workflow.nodes.map((node) => node.name));
		for (const node of workflow.nodes) {
			const [owner, type] = [node.type.slice(0, node.type.lastIndexOf('.')), node.type.slice(node.type.lastIndexOf('.') + 1)];
			if (owner === packageName && !known.has(type.toLowerCase()))
				problems.push(`${file}: "${node.name}" is a ${node.type}, which this package does not have`);
			if (node.credentials !== undefined && Object.values(node.credentials).some((credential) => credential.id))
				problems.push(`${file}: "${node.name}" carries the ID of a credential`);
		}
		for (const [from, outputs] of Object.entries(workflow.connections)) {
			const to = Object.values(outputs)
				.flat(2)
				.filter(Boolean)
				.map((connection) => connection.node);
			for (const name of [from, ...to]) if (!names.has(name)) problems.push(`${file}: a connection names "${name}", which is not there`);
		}
	}
	return { files, problems };
}

module.exports = { manifestProblems, templateProblems };
