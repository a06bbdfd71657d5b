/** The templates of a Vendure shop, for a warehouse of any kind, with rules that tell the kinds of orders of this test apart. */
import type { NodeJson, WorkflowJson } from '../n8n/Rest';
import type { Credential } from '../n8n/setUp';
import { readTemplates } from '../n8n/setUp';

const OURS = 'n8n-nodes-order-fulfillment';
export const SHOP = 'Vendure';

/** What a customer writes as the company says what is to come of the order. */
export const COMPANY = { skip: 'SKIP ME', hold: 'HOLD ME' } as const;

const when = (id: string, company: string) => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
	combinator: 'and',
	conditions: [
		{ id, leftValue: '={{ $json.shippingAddress.company }}', operator: { type: 'string', operation: 'equals' }, rightValue: company },
	],
});

const RULES = {
	warehouses: { list: [{ code: 'MAIN' }] },
	rules: {
		list: [
			{
				name: 'Skip',
				conditions: when('a', COMPANY.skip),
				lineQuantifier: 'any',
				actions: { list: [{ action: 'skip', reason: 'The customer says so.' }] },
				stop: false,
				enabled: true,
			},
			{
				name: 'Hold for a minute',
				conditions: when('b', COMPANY.hold),
				lineQuantifier: 'any',
				actions: { list: [{ action: 'hold', holdUntil: 'duration', holdMinutes: 1 }] },
				stop: false,
				enabled: true,
			},
			{
				name: 'By ground',
				lineQuantifier: 'any',
				actions: {
					list: [
						{ action: 'setField', field: 'carrier', value: 'UPS' },
						{ action: 'setField', field: 'serviceLevel', value: 'GROUND' },
					],
				},
				stop: false,
				enabled: true,
			},
		],
	},
	options: {},
};

const FILES = ['01-import-and-route-vendure.json', '02-release-and-retry.json', '03-ship-and-upload-tracking-vendure.json'];

export function realWorkflows(warehouse: { code: string; credential: Credential }): WorkflowJson[] {
	const { name, type } = warehouse.credential;
	const credentialsOf = (node: NodeJson): NonNullable<NodeJson['credentials']> => ({
		orderStoreApi: { name: 'Order Store' },
		...(node.type.includes('.wms') ? { [type]: { name } } : {}),
		...(node.type.endsWith('.cartUpdate') || node.type.endsWith('.vendureOrderImportTrigger') ? { vendureOrdersApi: { name: SHOP } } : {}),
	});
	const parametersOf = ({ type: kind, parameters }: NodeJson): NodeJson['parameters'] => {
		if (kind.endsWith('.orderRules')) return RULES;
		if (kind.endsWith('.cartUpdate'))
			return { ...parameters, cart: 'vendure', options: { ...(parameters.options as object), leaseSeconds: 30 } };
		if (kind.endsWith('.wmsSend'))
			return { ...parameters, wms: warehouse.code, options: { ...(parameters.options as object), leaseSeconds: 30 } };
		return kind.includes('.wms') ? { ...parameters, wms: warehouse.code } : parameters;
	};
	const templates = readTemplates().filter(({ file }) => FILES.includes(file));
	return templates.map(({ file: _, ...template }) => ({
		...template,
		nodes: template.nodes.map((node) =>
			node.type.startsWith(OURS) ? { ...node, parameters: parametersOf(node), credentials: credentialsOf(node) } : node,
		),
	}));
}
