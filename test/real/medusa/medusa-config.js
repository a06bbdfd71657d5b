'use strict';
const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
	admin: { disable: true },
	projectConfig: {
		databaseUrl: process.env.DATABASE_URL,
		databaseDriverOptions: { ssl: false, connection: { ssl: false } },
		http: { storeCors: '*', adminCors: '*', authCors: '*', jwtSecret: 'of the tests', cookieSecret: 'of the tests' },
	},
});
