'use strict';
const { ContainerRegistrationKeys } = require('@medusajs/framework/utils');

/** When orders were changed last, by SQL: many at one moment, and finer than the API tells. */
exports.POST = async (request, response) => {
	const { ids, time } = request.body;
	await request.scope.resolve(ContainerRegistrationKeys.PG_CONNECTION)('order').whereIn('id', ids).update({ updated_at: time });
	response.json({});
};
