/** Operations on connections: which account serves which store, and what a person says about it. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Connection, StoreRole } from '../../../lib/order/connection';
import { TRIGGER_EXPIRES_MS } from '../../../lib/order/importSettings';
import { renamedSource } from '../../../lib/carts/common/sources';
import { nodeActor, toItem } from '../../shared/context';
import { storeNameFrom } from '../../shared/importOptions';
import { storesAt, storesProperty, type OrderStoreOperation } from './operation';
import { storeAt, storeProperties } from './storeLocator';

const getMany: OrderStoreOperation = {
	resource: 'connection',
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many connections',
		description:
			'Read which account each store is imported from and with which settings, where its tracking goes, where its orders are sent, and how the last run ended',
	},
	properties: [storesProperty],
	async each(context, orderStore, itemIndex) {
		const now = Date.parse(await orderStore.now());
		return (await orderStore.connections(storesAt(context, itemIndex))).map((connection) => toItem(shownAs(connection, now), itemIndex));
	},
};

/** n8n does not tell a trigger that it was turned off: one that is on polls. */
const shownAs = (connection: Connection, now: number) => ({
	...connection,
	enabled: connection.lastAt === null ? null : now - Date.parse(connection.lastAt) <= TRIGGER_EXPIRES_MS,
});

const changeAccount: OrderStoreOperation = {
	resource: 'connection',
	option: {
		name: 'Change Account',
		value: 'changeAccount',
		action: 'Change the account of a connection',
		description: 'Confirm that a store, or its orders for a warehouse, now belong to another account',
	},
	properties: [
		...storeProperties,
		{
			displayName: 'Connection',
			name: 'role',
			type: 'options',
			options: [
				{ name: 'Orders Come From', value: 'import' },
				{ name: 'Orders Go To', value: 'send' },
				{ name: 'Tracking Goes To', value: 'update' },
			],
			default: 'send',
		},
		{
			displayName: 'Warehouse',
			name: 'place',
			type: 'string',
			default: '',
			placeholder: 'MAIN',
			description: 'The code of the warehouse',
			displayOptions: { show: { role: ['send'] } },
		},
		{
			displayName: 'Account',
			name: 'account',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'wms:file:/data/warehouse',
			description: 'As the alert or the error names it',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: '',
			description:
				'The part of the account that is read, as the error names it in brackets: a location, a channel, a folder; empty = all of it',
			displayOptions: { show: { role: ['import'] } },
		},
		{
			displayName: 'Same Account Under Another Name',
			name: 'moved',
			type: 'boolean',
			default: false,
			description:
				'Whether the old account is the new one under another name, such as a folder that was moved or a key that was replaced; what was sent before then belongs to it too',
		},
	],
	async each(context, orderStore, itemIndex) {
		const text = (name: string): string => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
		const account = text('account');
		const role = roleAt(context, itemIndex);
		const partner = /^(?:wms:)?([A-Za-z0-9]+):./.exec(account)?.[1];
		if (partner === undefined) {
			throw new NodeOperationError(context.getNode(), 'The account is not one.', {
				itemIndex,
				description: 'Copy it from the alert or the error, such as wms:file:/data/warehouse or shopify:acme.myshopify.com.',
			});
		}
		const connection = await orderStore.changeAccount({
			store: storeAt(context, itemIndex),
			role,
			place: role === 'send' ? text('place') : '',
			partner,
			account,
			scope: role === 'import' ? text('scope') : '',
			actor: nodeActor(context),
			moved: context.getNodeParameter('moved', itemIndex, false) === true,
		});
		return [toItem(connection, itemIndex)];
	},
};

const ROLES: readonly StoreRole[] = ['import', 'update', 'send'];

function roleAt(context: IExecuteFunctions, itemIndex: number): StoreRole {
	const given = context.getNodeParameter('role', itemIndex, 'send');
	const role = ROLES.find((one) => one === given);
	if (role !== undefined) return role;
	throw new NodeOperationError(context.getNode(), 'There is no such connection.', {
		itemIndex,
		description: `"Connection" is one of ${ROLES.join(', ')}.`,
	});
}

const allowSecondStore: OrderStoreOperation = {
	resource: 'connection',
	option: {
		name: 'Allow Second Store',
		value: 'allowSecondStore',
		action: 'Allow a second store on the account of a store',
		description: 'Allow a second store to import from the account of this store. Each order is then imported once for each store.',
	},
	properties: storeProperties,
	async each(context, orderStore, itemIndex) {
		const name = storeAt(context, itemIndex);
		return [toItem(await orderStore.allowSecondStore({ store: name, actor: nodeActor(context) }), itemIndex)];
	},
};

const takeOver: OrderStoreOperation = {
	resource: 'connection',
	option: {
		name: 'Take Over',
		value: 'takeOver',
		action: 'Let another import trigger take over a store',
		description:
			'Let another import trigger set this store. The next other trigger that polls it takes over with its own settings; the present one is refused from then on, unless its settings are the same.',
	},
	properties: storeProperties,
	async each(context, orderStore, itemIndex) {
		const name = storeAt(context, itemIndex);
		return [toItem(await orderStore.releaseTrigger({ store: name, actor: nodeActor(context) }), itemIndex)];
	},
};

const renameStore: OrderStoreOperation = {
	resource: 'connection',
	option: {
		name: 'Rename Store',
		value: 'renameStore',
		action: 'Rename a store',
		description:
			'Give a store another name, with its orders, failures and connections, so that nothing is imported again. Then enter the new name in its import trigger, and check every Only Stores and Store field (templates 02, 03, 04 and 07) and rules on the store. After an interruption run it again.',
	},
	properties: [
		...storeProperties,
		{
			displayName: 'New Name',
			name: 'newName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'acme-eu',
			description: 'A name that no store has',
		},
	],
	async each(context, orderStore, itemIndex) {
		const from = storeAt(context, itemIndex);
		const to = storeNameFrom(context, context.getNodeParameter('newName', itemIndex), itemIndex);
		const { orders } = await orderStore.renameStore({
			store: from,
			name: to,
			actor: nodeActor(context),
			sourceOf: (source) => renamedSource(source, from, to),
		});
		return [toItem({ store: to, renamedFrom: from, orders }, itemIndex)];
	},
};

export const connectionActions: OrderStoreOperation[] = [allowSecondStore, changeAccount, getMany, renameStore, takeOver];
