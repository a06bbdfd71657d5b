import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';

export interface CheckedDocument {
	document: DocumentNode;
	/** What the schema does not allow. */
	mistakes: readonly GraphQLError[];
}

/** Reads and checks each text once: a server gets the same few with thousands of requests. Throws GraphQLError when it is no GraphQL. */
export function documentsOf(schema: GraphQLSchema): (text: string) => CheckedDocument {
	const known = new Map<string, CheckedDocument>();
	return (text) => {
		const found = known.get(text);
		if (found !== undefined) return found;
		const document = parse(text);
		const checked = { document, mistakes: validate(schema, document) };
		known.set(text, checked);
		return checked;
	};
}
