'use strict';

/**
 * Suites of minutes. `npm test` leaves them out, `npm run test:full` has them. They begin first, and in this order: one that began last would run alone, with the
 * other core idle; two that start servers of Tryton would wait for each other.
 */
module.exports = [
	{ match: /[\\/]test[\\/]fault[\\/]http[\\/]/, what: 'exactly once over HTTP, with our processes killed in the middle of requests' },
	{ match: /[\\/]test[\\/]carts[\\/]\w+Faults\./, what: 'every answer of Medusa and Vendure fails in turn' },
	{ match: /[\\/]test[\\/](?:wms|nodes)[\\/]tryton\./, what: 'Tryton, a real warehouse' },
	{ match: /[\\/]test[\\/]fault[\\/](?!doubt|workers)/, what: 'a crash before and after every statement and call' },
	{ match: /[\\/]test[\\/](?:carts|wms)[\\/]faults\./, what: 'every answer of every cart and warehouse over HTTP fails in turn' },
	{
		match: /[\\/]test[\\/]files[\\/](?:crash|pollCrash|samename)\./,
		what: 'a crash, and a rival, at every moment of an exchange of files',
	},
	{
		match: /[\\/]test[\\/](?:carts|wms)[\\/]prism\./,
		what: 'carts and warehouses behind Prism, which checks requests against published descriptions',
	},
	{
		match: /[\\/]test[\\/]package[\\/]new\./,
		what: 'a new cart and a new WMS, written by npm run new and built in a copy of the checkout',
	},
];
