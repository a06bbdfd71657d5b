/** n8n over HTTP: its public API with a key, and the editor's own API with the cookie of a sign-in. */
import { setTimeout as pause } from 'node:timers/promises';

export interface WorkflowJson {
	id?: string;
	name: string;
	nodes: NodeJson[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export interface NodeJson {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id?: string; name: string }>;
	[key: string]: unknown;
}

export interface Execution {
	id: string;
	status: string;
	workflowId: string;
	mode: string;
	startedAt: string;
	stoppedAt: string | null;
	data?: { resultData?: { error?: { message?: string; description?: string }; lastNodeExecuted?: string } };
}

export interface CredentialType {
	name: string;
	supportedNodes?: string[];
	properties?: Array<{ name: string; default: unknown; placeholder?: string }>;
}

export const OWNER = { email: 'owner@example.com', firstName: 'Sandbox', lastName: 'Owner', password: 'Sandbox-2026' };

class RestError extends Error {
	constructor(
		what: string,
		readonly status: number,
		readonly body: string,
	) {
		super(`${what}: HTTP ${status} ${body.slice(0, 600)}`);
	}
}

export class Rest {
	private cookie = '';
	apiKey = '';

	/** `url` changes when n8n comes back on another port. */
	constructor(public url: string) {}

	/** Creates the owner on a new n8n, signs in, and makes an API key that may do everything. */
	async signIn(): Promise<void> {
		const settings = (await this.editor('GET', '/rest/settings')) as { userManagement?: { showSetupOnFirstLoad?: boolean } };
		if (settings.userManagement?.showSetupOnFirstLoad !== false) await this.editor('POST', '/rest/owner/setup', OWNER);
		await this.editor('POST', '/rest/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
		const scopes = await this.editor('GET', '/rest/api-keys/scopes');
		const label = `e2e ${Date.now()}`;
		this.apiKey = ((await this.editor('POST', '/rest/api-keys', { label, scopes, expiresAt: null })) as { rawApiKey: string }).rawApiKey;
	}

	/** A call to the API that the editor uses. Gives `data` of the answer. */
	async editor(method: string, path: string, body?: unknown): Promise<unknown> {
		const response = await this.call(method, path, body, this.cookie === '' ? {} : { cookie: this.cookie });
		const cookie = response.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
		if (cookie !== undefined) this.cookie = cookie.split(';')[0]!;
		const json = (await response.json()) as { data?: unknown };
		return json.data ?? json;
	}

	/** A call to the public API. */
	async api<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await this.call(method, `/api/v1${path}`, body, { 'X-N8N-API-KEY': this.apiKey });
		const text = await response.text();
		return (text === '' ? null : JSON.parse(text)) as T;
	}

	/** A call to a webhook of a published workflow. */
	async webhook(path: string, body: unknown): Promise<Array<Record<string, unknown>>> {
		const response = await this.call('POST', `/webhook/${path}`, body, {});
		const json: unknown = await response.json();
		return Array.isArray(json) ? json : [json as Record<string, unknown>];
	}

	/** All node types that n8n offers, as the editor loads them. */
	async nodeTypes(): Promise<Array<{ name: string; version: number | number[] }>> {
		return (await (await this.call('GET', '/types/nodes.json', undefined, { cookie: this.cookie })).json()) as Array<{
			name: string;
			version: number;
		}>;
	}

	async credentialTypes(): Promise<CredentialType[]> {
		return (await (await this.call('GET', '/types/credentials.json', undefined, { cookie: this.cookie })).json()) as CredentialType[];
	}

	async createCredential(name: string, type: string, data: Record<string, unknown>): Promise<string> {
		return ((await this.editor('POST', '/rest/credentials', { name, type, data })) as { id: string }).id;
	}

	async createWorkflow({ name, nodes, connections, settings = {} }: WorkflowJson): Promise<string> {
		return (await this.api<{ id: string }>('POST', '/workflows', { name, nodes, connections, settings })).id;
	}

	async updateWorkflow(id: string, { name, nodes, connections, settings = {} }: WorkflowJson): Promise<void> {
		await this.api('PUT', `/workflows/${id}`, { name, nodes, connections, settings });
	}

	/** Publishes, and waits until n8n has started the triggers: it answers before. Throws what the triggers say when they do not start. */
	async publish(id: string): Promise<void> {
		await this.api('POST', `/workflows/${id}/publish`, {});
		for (let tries = 0; tries < 120; tries += 1) {
			const { status, triggers } = await this.publicationStatus(id);
			if (status === 'published') return;
			if (status === 'failed' || status === 'partial')
				throw new Error(
					triggers
						.map(({ errorMessage }) => errorMessage)
						.filter(Boolean)
						.join('; '),
				);
			await pause(500);
		}
		throw new Error(`Workflow ${id} was not published within a minute.`);
	}

	/** What the editor shows beside the workflow's name. Without n8n's publication service, publishing answers when it is done. */
	private async publicationStatus(id: string): Promise<{ status: string; triggers: Array<{ errorMessage: string | null }> }> {
		try {
			return (await this.editor('GET', `/rest/workflows/${id}/publication-status`)) as {
				status: string;
				triggers: Array<{ errorMessage: string | null }>;
			};
		} catch (error) {
			if (error instanceof RestError && error.status === 404) return { status: 'published', triggers: [] };
			throw error;
		}
	}

	async unpublish(id: string): Promise<void> {
		await this.api('POST', `/workflows/${id}/unpublish`, {});
	}

	/** All executions that n8n kept, newest first. */
	async executions(query: Record<string, string> = {}): Promise<Execution[]> {
		const all: Execution[] = [];
		for (let cursor: string | null = ''; cursor !== null;) {
			const parameters = new URLSearchParams({ limit: '250', ...query, ...(cursor === '' ? {} : { cursor }) });
			const page: { data: Execution[]; nextCursor: string | null } = await this.api('GET', `/executions?${parameters}`);
			all.push(...page.data);
			cursor = page.nextCursor;
		}
		return all;
	}

	private async call(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
		const response = await fetch(this.url + path, {
			method,
			headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
			body: body === undefined ? null : JSON.stringify(body),
			signal: AbortSignal.timeout(120_000),
		});
		if (!response.ok) throw new RestError(`${method} ${path}`, response.status, await response.text());
		return response;
	}
}
