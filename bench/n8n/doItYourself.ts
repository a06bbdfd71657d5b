/**
 * (h) The lifecycle of the same orders, in the same n8n, one after the other: our templates 01 and 03, and two workflows of n8n's own nodes
 * that do no more than is needed (read files, parse, drop what was seen before, filter, write a file an order; the same for tracking).
 * Time counts from the start of the work, the wait for n8n's schedule left out, to the last file.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { PartBody } from '../../test/e2e/main';
import type { Part } from '../../test/e2e/Part';
import { Rest, type NodeJson, type WorkflowJson } from '../../test/e2e/n8n/Rest';
import { createCredentials, fileTemplates, templateCredentials, withCredentials } from '../../test/e2e/n8n/setUp';
import { installInto } from '../../test/e2e/n8n/tarball';
import { peopleWorkflow } from '../../test/e2e/workflows';
import { exportOrders, lastWritten, plainOrders, referencesIn, reportShipments } from './folders';

const ORDERS = 400;

interface Figures {
	sendingMs: number;
	trackingMs: number;
}

export const doItYourselfPart: PartBody = async (part, { own }) => {
	installInto(path.join(part.folder, 'n8n'), own);
	const n8n = await part.start('n8n');
	const rest = new Rest(n8n.url);
	await rest.signIn();
	const ours = await measureOurs(part, rest);
	const theirs = await measureTheirs(part, rest);
	const show = (name: string, { sendingMs, trackingMs }: Figures): void =>
		part.say(
			`${name.padEnd(15)} ${ORDERS} orders to the warehouse ${seconds(sendingMs)}, tracking back ${seconds(trackingMs)}: ${Math.round((ORDERS / (sendingMs + trackingMs)) * 60_000)} orders a minute`,
		);
	show('our templates', ours);
	show('do it yourself', theirs);
	const ratio = (left: Figures, right: Figures): string =>
		((right.sendingMs + right.trackingMs) / (left.sendingMs + left.trackingMs)).toFixed(2);
	part.say(`ratio ${ratio(ours, theirs)} (above 1 = our templates are faster); goal 5`);
	await n8n.stop();
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function measureOurs(part: Part, rest: Rest): Promise<Figures> {
	const [shop, warehouse] = [path.join(part.folder, 'ours/shop'), path.join(part.folder, 'ours/warehouse')];
	mkdirSync(warehouse, { recursive: true });
	const credentials = await createCredentials(rest, templateCredentials({ shop, warehouse }));
	exportOrders(shop, plainOrders(ORDERS));
	await rest.publish(await rest.createWorkflow(withCredentials(peopleWorkflow(), credentials)));
	for (const template of fileTemplates('01', '03')) await rest.publish(await rest.createWorkflow(withCredentials(template, credentials)));
	const sent = await written(part, path.join(warehouse, 'orders'), 'our order files');
	const importedAt = Math.min(...(await rest.webhook('people-search', {})).map(({ importedAt: at }) => Date.parse(String(at))));
	reportShipments(warehouse, referencesIn(path.join(warehouse, 'orders')));
	const tracked = await written(part, path.join(shop, 'tracking'), 'our tracking files');
	const recordedAt = Math.min(
		...(await rest.webhook('people-search', {})).flatMap(({ shipments }) =>
			(shipments as Array<{ recordedAt: string }>).map((shipment) => Date.parse(shipment.recordedAt)),
		),
	);
	return { sendingMs: sent - importedAt, trackingMs: tracked - recordedAt };
}

async function measureTheirs(part: Part, rest: Rest): Promise<Figures> {
	const [shop, warehouse] = [path.join(part.folder, 'theirs/shop'), path.join(part.folder, 'theirs/warehouse')];
	exportOrders(shop, plainOrders(ORDERS));
	const sending = await rest.createWorkflow(
		byHand('By hand: orders', {
			read: path.join(shop, 'orders/*.csv'),
			key: '={{ $json.Id }}',
			wanted: '={{ $json["Financial Status"] }}',
			text: '={{ "reference,name,address1,city,zip,country,sku,quantity\\n" + [$json.Name, $json["Shipping Name"], $json["Shipping Address1"], $json["Shipping City"], $json["Shipping Zip"], $json["Shipping Country"], $json["Lineitem sku"], $json["Lineitem quantity"]].map((cell) => JSON.stringify(String(cell))).join(",") }}',
			write: `=${path.join(warehouse, 'orders')}/{{ $("Text").item.json.key }}.csv`,
		}),
	);
	const begun = async (id: string): Promise<number> =>
		Date.parse((await rest.executions({ workflowId: id })).map(({ startedAt }) => startedAt).sort()[0]!);
	const orders = path.join(warehouse, 'orders');
	mkdirSync(orders, { recursive: true });
	await rest.publish(sending);
	const sent = await written(part, orders, 'order files by hand');
	const sendingBegun = await begun(sending);
	await rest.unpublish(sending);

	const tracking = path.join(shop, 'tracking');
	mkdirSync(tracking, { recursive: true });
	reportShipments(warehouse, referencesIn(orders));
	const telling = await rest.createWorkflow(
		byHand('By hand: tracking', {
			read: path.join(warehouse, 'shipments/*.csv'),
			key: '={{ $json.shipment_id }}',
			wanted: '=paid',
			text: '={{ "reference,carrier,tracking_number\\n" + [$json.reference, $json.carrier, $json.tracking_number].join(",") }}',
			write: `=${tracking}/{{ $("Text").item.json.key }}.csv`,
		}),
	);
	await rest.publish(telling);
	const tracked = await written(part, tracking, 'tracking files by hand');
	const figures = { sendingMs: sent - sendingBegun, trackingMs: tracked - (await begun(telling)) };
	await rest.unpublish(telling);
	return figures;
}

async function written(part: Part, directory: string, what: string): Promise<number> {
	let last: number | null = null;
	const there = (): boolean => (last = lastWritten(directory, ORDERS)) !== null;
	await part.until(what, there, 300, 100);
	return last ?? Number.NaN;
}

/** Schedule → read → parse → drop what was seen in earlier executions → filter → text → file → write. */
function byHand(
	name: string,
	{ read, key, wanted, text, write }: { read: string; key: string; wanted: string; text: string; write: string },
): WorkflowJson {
	const steps: Array<[string, string, number, Record<string, unknown>]> = [
		['Every minute', 'scheduleTrigger', 1.2, { rule: { interval: [{ field: 'minutes', minutesInterval: 1 }] } }],
		['Read', 'readWriteFile', 1.1, { operation: 'read', fileSelector: read, options: {} }],
		['Parse', 'extractFromFile', 1.1, { operation: 'csv', binaryPropertyName: 'data', options: { headerRow: true } }],
		[
			'Not seen before',
			'removeDuplicates',
			2,
			{
				operation: 'removeItemsSeenInPreviousExecutions',
				logic: 'removeItemsWithAlreadySeenKeyValues',
				dedupeValue: key,
				options: { historySize: 10_000 },
			},
		],
		[
			'Wanted',
			'if',
			2.2,
			{
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
					combinator: 'and',
					conditions: [{ id: '1', leftValue: wanted, rightValue: 'paid', operator: { type: 'string', operation: 'equals' } }],
				},
				options: {},
			},
		],
		[
			'Text',
			'set',
			3.4,
			{
				mode: 'manual',
				assignments: {
					assignments: [
						{ id: '1', name: 'text', value: text, type: 'string' },
						{ id: '2', name: 'key', value: `${key}`, type: 'string' },
					],
				},
				options: {},
			},
		],
		['File', 'convertToFile', 1.1, { operation: 'toText', sourceProperty: 'text', binaryPropertyName: 'data', options: {} }],
		['Write', 'readWriteFile', 1.1, { operation: 'write', fileName: write, dataPropertyName: 'data', options: {} }],
	];
	const nodes = steps.map(([label, type, typeVersion, parameters], index): NodeJson => ({
		id: `00000000-0000-4000-8000-00000000000${index}`,
		name: label,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [index * 220, 0],
		parameters,
	}));
	const connections = Object.fromEntries(
		nodes.slice(0, -1).map((node, index) => [node.name, { main: [[{ node: nodes[index + 1]!.name, type: 'main', index: 0 }]] }]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}
