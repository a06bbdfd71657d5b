'use strict';
// A real Vendure on a database of Postgres. Writes one line of JSON once it answers; ends with its parent.
//   PORT=3400 DATABASE_URL=postgres://… node test/real/vendure/server.cjs
const { bootstrap, DefaultLogger, dummyPaymentHandler, JobQueueService, LogLevel, manualFulfillmentHandler } = require('@vendure/core');

const database = new URL(process.env.DATABASE_URL);

const config = {
	apiOptions: { hostname: '127.0.0.1', port: Number(process.env.PORT), adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
	authOptions: {
		tokenMethod: ['bearer', 'cookie', 'api-key'],
		superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
		cookieOptions: { secret: 'of the tests' },
		requireVerification: false,
	},
	dbConnectionOptions: {
		type: 'postgres',
		host: database.hostname,
		port: Number(database.port || 5432),
		username: decodeURIComponent(database.username),
		password: decodeURIComponent(database.password),
		database: database.pathname.slice(1),
		// Makes the tables of a new database.
		synchronize: process.env.NEW_DATABASE === 'true',
	},
	customFields: {
		Order: [
			{ name: 'pickupPoint', type: 'string' },
			{ name: 'warehouseReference', type: 'string' },
		],
	},
	paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
	shippingOptions: { fulfillmentHandlers: [manualFulfillmentHandler] },
	logger: new DefaultLogger({ level: LogLevel.Warn }),
	plugins: [],
};

async function main() {
	const app = await bootstrap(config);
	await app.get(JobQueueService).start();
	process.on('disconnect', () => process.exit(0));
	process.send?.('ready');
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
