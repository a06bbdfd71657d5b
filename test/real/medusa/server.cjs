'use strict';
// A real Medusa on a database of Postgres. Tells its parent once it answers; ends with its parent.
//   PORT=3500 DATABASE_URL=postgres://… node test/real/medusa/server.cjs
const { spawnSync } = require('node:child_process');

Object.assign(process.env, { NODE_ENV: 'production', MEDUSA_DISABLE_TELEMETRY: 'true', LOG_LEVEL: 'warn', TZ: 'UTC' });
const directory = __dirname;

/** In a process of its own, since it ends it. */
function migrate() {
	const script = `require('@medusajs/medusa/commands/db/migrate').default(${JSON.stringify({ directory, executeSafeLinks: true, skipScripts: true })})`;
	const { status } = spawnSync(process.execPath, ['-e', script], { cwd: directory, stdio: 'inherit' });
	if (status !== 0) throw new Error(`The migration ended with ${status}`);
}

/** The first one cannot be made through the API. */
async function createAdministrator() {
	const { container } = require('@medusajs/framework');
	const email = 'admin@example.com';
	const [user] = await container.resolve('user').createUsers([{ email }]);
	const { authIdentity } = await container.resolve('auth').register('emailpass', { body: { email, password: 'supersecret' } });
	await container.resolve('auth').updateAuthIdentities({ id: authIdentity.id, app_metadata: { user_id: user.id } });
}

async function main() {
	const isNew = process.env.NEW_DATABASE === 'true';
	if (isNew) migrate();
	await require('@medusajs/medusa/commands/start').default({ directory, host: '127.0.0.1', port: Number(process.env.PORT) });
	if (isNew) await createAdministrator();
	process.on('disconnect', () => process.exit(0));
	process.send?.('ready');
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
