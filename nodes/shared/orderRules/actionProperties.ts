/** The actions of a registry as the editor shows them: the list to choose from, and the fields of each. */
import type { INodeProperties } from 'n8n-workflow';
import type { ActionForm } from '../../../lib/rules/actions/common/action';
import type { Field } from '../../../lib/rules/actions/common/field';
import { fieldsOf } from '../../../lib/rules/actions/common/fromRegistry';

/**
 * @param chosen the action that a new row has
 * @param first fields of these actions stand first: n8n shows only those of one action, but a released description keeps its order
 */
export function actionProperties<Kind extends string>(
	actions: Readonly<Record<Kind, ActionForm<object>>>,
	chosen: Kind,
	first: readonly Kind[] = [],
): INodeProperties[] {
	const placed = Object.fromEntries([...first, ...(Object.keys(actions) as Kind[])].map((kind) => [kind, actions[kind]]));
	return [
		{
			displayName: 'Action',
			name: 'action',
			type: 'options',
			noDataExpression: true,
			options: Object.entries<ActionForm<object>>(actions)
				.map(
					([
						value,
						{
							option: { name, ...words },
						},
					]) => ({ name, value, ...words }),
				)
				.sort((a, b) => a.name.localeCompare(b.name)),
			default: chosen,
		},
		...fieldsOf(placed).map(({ field, kinds }) => propertyOf(field, { show: { action: kinds, ...field.show } })),
	];
}

/** `Field` is what n8n takes, but for the words that are ours. */
const OURS: readonly string[] = ['show', 'belowTables'] satisfies Array<keyof Field>;

function propertyOf(field: Field, displayOptions: NonNullable<INodeProperties['displayOptions']>): INodeProperties {
	const property = Object.fromEntries(Object.entries(field).filter(([name]) => !OURS.includes(name))) as unknown as INodeProperties;
	const { options, ...rest } = property;
	// As it was released: the rows of a table stand after all else.
	return field.type === 'fixedCollection'
		? { ...rest, displayOptions, ...(options === undefined ? {} : { options }) }
		: { ...property, displayOptions };
}
