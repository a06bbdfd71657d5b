/** The settings of a warehouse with an API of its own, from the parameters of a node. */
import { DEFAULTS, type HttpWmsSettings, type LookUpSettings, type Paging, type ShipmentSettings } from '../../../lib/wms/genericHttp';
import type { FieldLimit } from '../../../lib/wms/Wms';
import type { NodeContext } from '../../shared/context';
import { LOOK_UP } from './parameters';

export interface GenericHttpOptions {
	httpHeaders?: { list?: Array<{ name?: string; value?: string }> };
	fieldLimits?: { list?: Array<{ path?: string; maxLength?: number; required?: boolean }> };
	idempotencyHeader?: string;
	uniqueReference?: boolean;
	requestsPerMinute?: number;
}

type Fields = Record<string, unknown>;

/** What the parameters of the node and its options say; what is not there is as its default. */
export function settingsFrom(context: NodeContext, options: GenericHttpOptions): HttpWmsSettings {
	const parameter = (name: string): unknown =>
		'getInputData' in context ? context.getNodeParameter(name, 0, null) : context.getNodeParameter(name, null);
	const request = (name: string): Fields => {
		const value = parameter(name) as { request?: Fields } | null;
		return value?.request ?? {};
	};
	const headers = Object.fromEntries(
		(options.httpHeaders?.list ?? [])
			.map(({ name = '', value = '' }): [string, string] => [name.trim(), value])
			.filter(([name]) => name !== ''),
	);
	const idempotency = options.idempotencyHeader?.trim() ?? '';
	const common = ({ method, path, body }: Fields, fallback: { method: ShipmentSettings['method']; path: string; body?: string }) => ({
		method: METHODS.find((one) => one === method) ?? fallback.method,
		path: string(path, fallback.path),
		body: typeof body === 'object' && body !== null ? JSON.stringify(body) : string(body, fallback.body ?? ''),
		headers,
	});
	const create = request('httpCreate');
	const cancel = request('httpCancel');
	return {
		create: {
			...common(create, DEFAULTS.create),
			headers: { ...headers, ...(idempotency === '' ? {} : { [idempotency]: '{reference}' }) },
			idPath: string(create.idPath, DEFAULTS.create.idPath),
			errorPath: string(create.errorPath, DEFAULTS.create.errorPath),
		},
		lookUp: parameter('httpCanLookUp') === false ? null : lookUpFrom(request('httpLookUp'), common),
		cancel: string(cancel.path, DEFAULTS.cancel?.path ?? '').trim() === '' ? null : common(cancel, DEFAULTS.cancel ?? DEFAULTS.create),
		shipments: shipmentsFrom(request('httpShipments'), common),
		uniqueReference: options.uniqueReference ?? false,
		limits: (options.fieldLimits?.list ?? []).flatMap(({ path = '', maxLength = 0, required = false }): FieldLimit[] =>
			path.trim() === '' ? [] : [{ path: path.trim(), required, ...(maxLength > 0 ? { maxLength } : {}) }],
		),
	};
}

type Common = (
	fields: Fields,
	fallback: { method: ShipmentSettings['method']; path: string; body?: string },
) => Pick<ShipmentSettings, 'method' | 'path' | 'body' | 'headers'>;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const PAGINGS: readonly Paging[] = ['none', 'page', 'offset', 'cursor', 'link', 'feed', 'waiting'];

const string = (value: unknown, fallback: string): string =>
	value === undefined || value === null ? fallback : String(value as string | number | boolean);

const listOf = (value: unknown, fallback: readonly string[]): string[] =>
	string(value, fallback.join(','))
		.split(',')
		.map((one) => one.trim())
		.filter((one) => one !== '');

const lookUpFrom = (fields: Fields, common: Common): LookUpSettings => ({
	...common(fields, LOOK_UP),
	listPath: string(fields.listPath, LOOK_UP.listPath),
	referencePath: string(fields.referencePath, LOOK_UP.referencePath),
	idPath: string(fields.idPath, LOOK_UP.idPath),
	statusPath: string(fields.statusPath, LOOK_UP.statusPath),
	canceledStatuses: listOf(fields.canceledStatuses, LOOK_UP.canceledStatuses),
});

function shipmentsFrom(fields: Fields, common: Common): ShipmentSettings {
	const { shipments } = DEFAULTS;
	const at = (name: keyof ShipmentSettings['paths']): string => string(fields[name], shipments.paths[name]);
	return {
		...common(fields, shipments),
		paging: PAGINGS.find((one) => one === fields.paging) ?? shipments.paging,
		pageSize: Number(fields.pageSize ?? shipments.pageSize),
		nextPath: string(fields.nextPath, shipments.nextPath),
		listPath: string(fields.listPath, shipments.listPath),
		parcelsPath: string(fields.parcelsPath, shipments.parcelsPath),
		paths: {
			reference: at('reference'),
			wmsOrderId: at('wmsOrderId'),
			shipmentId: at('shipmentId'),
			status: at('status'),
			carrier: at('carrier'),
			serviceLevel: at('serviceLevel'),
			trackingNumber: at('trackingNumber'),
			trackingUrl: at('trackingUrl'),
			shippedAt: at('shippedAt'),
			lines: at('lines'),
			lineId: at('lineId'),
			lineSku: at('lineSku'),
			lineQuantity: at('lineQuantity'),
		},
		statuses: {
			shipped: listOf(fields.shipped, shipments.statuses.shipped),
			canceled: listOf(fields.canceled, shipments.statuses.canceled),
			voided: listOf(fields.voided, shipments.statuses.voided),
			waits: listOf(fields.waits, shipments.statuses.waits),
		},
	};
}
