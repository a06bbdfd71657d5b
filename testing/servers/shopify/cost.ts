/** What a query costs, as Shopify counts: an object a point, a list its size, a mutation ten; what is asked for is reserved, what came is paid. */
import {
	getNamedType,
	getNullableType,
	isLeafType,
	isListType,
	isObjectType,
	isAbstractType,
	Kind,
	type DocumentNode,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLNamedType,
	type GraphQLOutputType,
	type GraphQLSchema,
	type OperationDefinitionNode,
	type SelectionSetNode,
} from 'graphql';

export const MAX_QUERY_COST = 1000;

export function requestedCost(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): number {
	const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)!;
	const root = operation.operation === 'mutation' ? schema.getMutationType()! : schema.getQueryType()!;
	return (operation.operation === 'mutation' ? 10 : 0) + selectionCost(schema, document, operation.selectionSet, root, variables);
}

function selectionCost(
	schema: GraphQLSchema,
	document: DocumentNode,
	set: SelectionSetNode,
	parent: GraphQLNamedType,
	variables: Record<string, unknown>,
): number {
	let sum = 0;
	for (const selection of set.selections) {
		if (selection.kind === Kind.FIELD) sum += fieldCost(schema, document, selection, parent, variables);
		else if (selection.kind === Kind.INLINE_FRAGMENT)
			sum += selectionCost(
				schema,
				document,
				selection.selectionSet,
				selection.typeCondition ? schema.getType(selection.typeCondition.name.value)! : parent,
				variables,
			);
		else {
			const fragment = document.definitions.find(
				(one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
			)!;
			sum += selectionCost(schema, document, fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)!, variables);
		}
	}
	return sum;
}

function fieldCost(
	schema: GraphQLSchema,
	document: DocumentNode,
	field: FieldNode,
	parent: GraphQLNamedType,
	variables: Record<string, unknown>,
): number {
	if (!isObjectType(parent) && !isAbstractType(parent)) return 0;
	if (!('getFields' in parent) || field.name.value === '__typename') return 0;
	const type: GraphQLOutputType = parent.getFields()[field.name.value]!.type;
	const named = getNamedType(type);
	if (isLeafType(named) || field.selectionSet === undefined) return 0;
	if (named.name === 'PageInfo') return 0;
	const size = sizeOf(field, variables);
	if (/Connection$/.test(named.name)) return 2 + (size ?? 10) * connectionNodeCost(schema, document, field.selectionSet, named, variables);
	const one = 1 + selectionCost(schema, document, field.selectionSet, named, variables);
	return isListType(getNullableType(type)) ? (size ?? 1) * one : one;
}

function connectionNodeCost(
	schema: GraphQLSchema,
	document: DocumentNode,
	set: SelectionSetNode,
	connection: GraphQLNamedType,
	variables: Record<string, unknown>,
): number {
	const nodes = set.selections.find((one): one is FieldNode => one.kind === Kind.FIELD && one.name.value === 'nodes');
	if (nodes?.selectionSet === undefined || !('getFields' in connection)) return 1;
	const named = getNamedType((connection as { getFields(): Record<string, { type: GraphQLOutputType }> }).getFields()['nodes']!.type);
	return 1 + selectionCost(schema, document, nodes.selectionSet, named, variables);
}

function sizeOf(field: FieldNode, variables: Record<string, unknown>): number | null {
	const argument = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last' || name.value === 'ids');
	if (argument === undefined) return null;
	const value =
		argument.value.kind === Kind.VARIABLE
			? variables[argument.value.name.value]
			: argument.value.kind === Kind.INT
				? Number(argument.value.value)
				: null;
	return Array.isArray(value) ? value.length : typeof value === 'number' ? value : null;
}

/** Objects in the answer. */
export function actualCost(data: unknown, isMutation: boolean): number {
	const count = (value: unknown): number => {
		if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + count(each), 0);
		if (typeof value !== 'object' || value === null) return 0;
		const inner = Object.entries(value).reduce((sum, [name, each]) => (name === 'pageInfo' ? sum : sum + count(each)), 0);
		return 1 + inner;
	};
	return (isMutation ? 10 : 0) + Math.max(0, count(data) - 1);
}
