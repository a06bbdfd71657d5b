/** The environment that an n8n of ours runs in: nothing of the caller's n8n, no telemetry, no calls home. */
import path from 'node:path';

export interface Ports {
	http: number;
	broker: number;
}

export interface InstanceSettings {
	/** Holds `.n8n`: its database, its key, and the installed packages. */
	userFolder: string;
	ports: Ports;
	/** Folders that nodes may read and write. */
	allowedFolders: string[];
	/** More variables, such as those of queue mode. */
	env?: Record<string, string>;
	/** Put before the folders in which n8n looks for `npm`. */
	binFolder?: string;
}

const NOT_INHERITED = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|OFFLOAD_|GENERIC_|WEBHOOK_|NODES_|CREDENTIALS_|WORKFLOWS_|NODE_|npm_)/;

export function environmentFor({ userFolder, ports, allowedFolders, env = {}, binFolder }: InstanceSettings): Record<string, string> {
	const inherited = Object.entries(process.env).filter(([name, value]) => value !== undefined && !NOT_INHERITED.test(name)) as Array<
		[string, string]
	>;
	const bins = [binFolder, path.dirname(process.execPath), process.env.PATH].filter((part) => part !== undefined);
	return {
		...Object.fromEntries(inherited),
		PATH: bins.join(path.delimiter),
		...(process.env.NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }),
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(ports.http),
		N8N_RUNNERS_BROKER_PORT: String(ports.broker),
		N8N_RESTRICT_FILE_ACCESS_TO: allowedFolders.join(';'),
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_DISABLED_MODULES: 'mcp-registry',
		N8N_LOG_LEVEL: 'info',
		N8N_LOG_OUTPUT: 'console',
		N8N_LOG_FORMAT: 'json',
		NO_COLOR: '1',
		GENERIC_TIMEZONE: 'UTC',
		EXECUTIONS_MODE: 'regular',
		...env,
	};
}
