/** Calls a connection test as n8n does: the function that a node names in `testedBy`, on n8n's own context. */
import '../../testing/engine/core';
import { CredentialTestContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
	INodeType,
} from 'n8n-workflow';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { Runner } from '../../testing/engine/Runner';

export async function connectionTest(
	node: INodeType,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { testedBy } = node.description.credentials?.find(({ name }) => name === type) ?? {};
	const tests: Record<
		string,
		(
			this: ICredentialTestFunctions,
			credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
		) => Promise<INodeCredentialTestResult>
	> = node.methods?.credentialTest ?? {};
	const test = typeof testedBy === 'string' ? tests[testedBy] : undefined;
	if (test === undefined) throw new Error(`${node.description.name} has no test for ${type}`);
	const registry = new NodeRegistry();
	const runner = new Runner(registry, new CredentialStore(registry.credentialTypes));
	const context = new CredentialTestContext(runner.additionalData({ name: 'Test', nodes: [], connections: {} }));
	return await test.call(context, { id: '1', name: 'Test', type, data });
}
