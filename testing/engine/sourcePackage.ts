/** Finds the node and credential classes of this repository in their source folders. */
import { globSync } from 'node:fs';
import path from 'node:path';
import type { CredentialClass, NodeClass } from './types';

const root = path.join(__dirname, '..', '..');

/** All classes of `nodes/**` and `credentials/**`; as in n8n the class has the name of its file. */
export function loadSourceClasses(): { nodeTypes: NodeClass[]; credentialTypes: CredentialClass[] } {
	return { nodeTypes: load<NodeClass>('nodes/**/*.node.ts'), credentialTypes: load<CredentialClass>('credentials/**/*.credentials.ts') };
}

function load<T>(pattern: string): T[] {
	return globSync(pattern, { cwd: root })
		.sort()
		.map((file) => {
			const [className = ''] = path.basename(file).split('.');
			const found = (require(path.join(root, file)) as Record<string, T>)[className];
			if (found === undefined) throw new Error(`${file} exports no class ${className}`);
			return found;
		});
}
