import { outcomesOf } from '../../lib/wms/shipStation/answers';

const made = (reference: string) => ({ external_shipment_id: reference, shipment_id: `se-${reference}` });
const kinds = (body: unknown, ...references: string[]) =>
	outcomesOf(body, references).map((outcome) =>
		'wmsOrderId' in outcome ? `${outcome.kind} ${outcome.wmsOrderId}` : 'problems' in outcome ? outcome.problems[0]?.problem : outcome.kind,
	);

it('knows results by their names, in whatever sequence they come', () => {
	expect(kinds({ has_errors: false, shipments: [made('c'), made('a'), made('b')] }, 'a', 'b', 'c')).toEqual([
		'accepted se-a',
		'accepted se-b',
		'accepted se-c',
	]);
	expect(
		kinds({ has_errors: true, shipments: [made('c'), { external_shipment_id: 'a', errors: ['no'] }, made('b')] }, 'a', 'b', 'c'),
	).toEqual(['ShipStation: "no"', 'accepted se-b', 'accepted se-c']);
});

it('takes results without a name for those of the orders that none names, in their sequence', () => {
	expect(kinds({ has_errors: true, shipments: [{ errors: ['first'] }, made('b'), { errors: ['second'] }] }, 'a', 'b', 'c')).toEqual([
		'ShipStation: "first"',
		'accepted se-b',
		'ShipStation: "second"',
	]);
});

it.each([
	['too few', { has_errors: true, shipments: [made('b'), { errors: ['whose?'] }] }, ['unknown', 'accepted se-b', 'unknown']],
	['of other orders', { has_errors: false, shipments: [made('x'), made('b'), made('y')] }, ['unknown', 'accepted se-b', 'unknown']],
	[
		'without a key',
		{ has_errors: false, shipments: [{ external_shipment_id: 'a' }, made('b'), made('c')] },
		['unknown', 'accepted se-b', 'accepted se-c'],
	],
	['none', { has_errors: false, shipments: [] }, ['unknown', 'unknown', 'unknown']],
	['no list', { has_errors: false }, ['unknown', 'unknown', 'unknown']],
	['no answer', null, ['unknown', 'unknown', 'unknown']],
])('says nothing of an order that the answer does not tell of: results that are %s', (_, body, expected) => {
	expect(kinds(body, 'a', 'b', 'c')).toEqual(expected);
});

it('takes none for accepted when there are errors and nobody says where', () => {
	expect(kinds({ has_errors: true, shipments: [made('a'), made('b')] }, 'a', 'b')).toEqual(
		new Array(2).fill('ShipStation refused it without a reason'),
	);
});

it('reads whatever stands for an error', () => {
	expect(
		kinds(
			{
				has_errors: true,
				shipments: [
					{ external_shipment_id: 'a', errors: [{ message: 'no', field_name: 'x' }] },
					{ external_shipment_id: 'b', errors: [7] },
					{ external_shipment_id: 'c', errors: 'no list', shipment_id: 'se-c' },
				],
			},
			'a',
			'b',
			'c',
		),
	).toEqual(['ShipStation: "no"', 'ShipStation: "7"', 'ShipStation: "no list"']);
});
