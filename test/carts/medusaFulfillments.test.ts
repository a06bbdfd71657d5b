/** What is looked at before a parcel is told to Medusa, without a Medusa. */
import { groupsOf, withOptions, type Group } from '../../lib/carts/medusa/groups';
import { MedusaApi } from '../../lib/carts/medusa/api';
import type { Fulfillment, FulfillmentItem, OrderFulfillments } from '../../lib/carts/medusa/raw';
import { fulfillmentsOfShipment } from '../../lib/carts/medusa/shipmentFulfillments';
import { anOrder, aShipment } from './order';

const item = (id: string, profile: string | null, more: Partial<FulfillmentItem> = {}): FulfillmentItem => ({
	id,
	quantity: 9,
	detail: { fulfilled_quantity: 0 },
	requires_shipping: true,
	variant: { product: { shipping_profile: profile === null ? null : { id: profile } } },
	...more,
});
const [MUG, TEE, SOFA, CUSTOM, DELETED, EBOOK, BARE] = [
	item('mug', 'sp_usual'),
	item('tee', 'sp_usual'),
	item('sofa', 'sp_bulky'),
	item('custom', null, { variant: null }),
	item('deleted', null, { variant: { product: null } }),
	item('ebook', null, { requires_shipping: false }),
	item('bare', null),
] as const;
const linesOf = (...ids: string[]) => ids.map((externalId) => ({ externalId, quantity: 1 }));
const having = (items: FulfillmentItem[], fulfillments: Fulfillment[] = [], more: Partial<OrderFulfillments> = {}): OrderFulfillments => ({
	status: 'pending',
	metadata: null,
	items,
	fulfillments,
	...more,
});

describe('goods that Medusa takes together', () => {
	const groups = (items: FulfillmentItem[]) =>
		groupsOf(having(items), linesOf(...items.map(({ id }) => id))).map(({ lines, profile }) => [
			profile,
			...lines.map(({ externalId }) => externalId),
		]);

	it.each([
		[[MUG, TEE], [['sp_usual', 'mug', 'tee']]],
		[
			[MUG, SOFA, TEE],
			[
				['sp_usual', 'mug', 'tee'],
				['sp_bulky', 'sofa'],
			],
		],
		[
			[CUSTOM, SOFA, MUG, DELETED],
			[
				['sp_bulky', 'custom', 'sofa', 'deleted'],
				['sp_usual', 'mug'],
			],
		],
		[[CUSTOM, DELETED], [[null, 'custom', 'deleted']]],
		[
			[EBOOK, CUSTOM, MUG],
			[
				[null, 'ebook'],
				['sp_usual', 'custom', 'mug'],
			],
		],
		[
			[BARE, MUG],
			[
				['', 'bare'],
				['sp_usual', 'mug'],
			],
		],
	])('%#: are of one shipping profile', (items, wanted) => expect(groups([...items])).toEqual(wanted));
});

describe('the shipping option of goods', () => {
	const PROFILES: Record<string, string> = { so_usual: 'sp_usual', so_return: 'sp_usual', so_bulky: 'sp_bulky' };
	/** The options of groups of these profiles, and how many times they were asked for. */
	async function chosen(
		methods: string[] | null,
		profiles: Array<string | null>,
	): Promise<[Array<[string | null, string | null]>, number]> {
		let asked = 0;
		const http = async () => {
			asked += 1;
			return await Promise.resolve({
				status: 200,
				headers: {},
				body: { shipping_options: Object.entries(PROFILES).map(([id, profile]) => ({ id, shipping_profile_id: profile })) },
			});
		};
		const groups = profiles.map((profile): Group => ({ profile, lines: linesOf('mug') }));
		// Medusa gives them in any order.
		const shippingMethods =
			methods?.map((id, place) => ({ shipping_option_id: id, created_at: `2026-11-20T12:00:0${place}.000Z` })).reverse() ?? null;
		const found = await withOptions(
			new MedusaApi({ http, account: 'x' }, {}),
			having([], [], { shipping_methods: shippingMethods }),
			groups,
		);
		return [found.map(({ profile, option }) => [profile, option]), asked];
	}

	it.each([
		['is the only one', ['so_usual'], ['sp_usual'], [['sp_usual', null]], 0],
		['is the only one, by which it is sent back too', ['so_usual', 'so_usual'], ['sp_usual'], [['sp_usual', null]], 0],
		['does not matter', ['so_usual', 'so_bulky'], [null], [[null, null]], 0],
		['is the oldest that fits', ['so_bulky', 'so_usual', 'so_return'], ['sp_usual'], [['sp_usual', 'so_usual']], 1],
		[
			'is one each',
			['so_usual', 'so_bulky'],
			['sp_bulky', null, 'sp_usual'],
			[
				['sp_bulky', 'so_bulky'],
				[null, null],
				['sp_usual', 'so_usual'],
			],
			1,
		],
		[
			'is that of the order where none fits, which is told last',
			['so_usual'],
			['sp_bulky', '', 'sp_usual'],
			[
				['sp_usual', 'so_usual'],
				['sp_bulky', null],
				['', null],
			],
			1,
		],
		[
			'is not known where none was chosen',
			[],
			['sp_bulky', 'sp_usual'],
			[
				['sp_bulky', null],
				['sp_usual', null],
			],
			0,
		],
		['is not known where Medusa does not say', null, ['sp_usual'], [['sp_usual', null]], 0],
	])('%s', async (_name, methods, profiles, wanted, asked) => expect(await chosen(methods, profiles)).toEqual([wanted, asked]));
});

describe('what Medusa has of a parcel', () => {
	const shipment = aShipment({ externalId: 'S1', trackingNumber: 'T1' });
	let count = 0;
	const fulfillment = (
		lines: string[],
		{
			shipped = false,
			number,
			parcel = 'S1',
			canceled = false,
		}: { shipped?: boolean; number?: string; parcel?: string | null; canceled?: boolean } = {},
	): Fulfillment => ({
		id: `ful_${String((count += 1)).padStart(3, '0')}`,
		shipped_at: shipped ? '2026-11-21T00:00:00.000Z' : null,
		canceled_at: canceled ? '2026-11-21T00:00:00.000Z' : null,
		metadata: parcel === null ? null : { warehouse_shipment: parcel, warehouse_quantities: Object.fromEntries(lines.map((id) => [id, 1])) },
		labels: number === undefined ? [] : [{ tracking_number: number }],
		items: lines.map((id) => ({ line_item_id: id, quantity: 1 })),
	});
	const byHand = { parcel: null, number: 'T1', shipped: true };

	/** Of a parcel of two mugs, a tee and a sofa: the places of what is kept and of doubles, and what is left. */
	function told(
		fulfillments: Fulfillment[],
		{ items = [MUG, TEE, SOFA], order = anOrder() } = {},
	): { kept: number[]; doubles: number[]; rest: string[] } {
		const { kept, doubles, rest } = fulfillmentsOfShipment(
			having([...items], fulfillments),
			order,
			shipment,
			linesOf('mug', 'tee', 'sofa'),
		);
		return {
			kept: kept.map((one) => fulfillments.indexOf(one)),
			doubles: doubles.map((one) => fulfillments.indexOf(one)),
			rest: rest.map(({ externalId }) => externalId),
		};
	}

	it.each([
		['nothing', [], [], [], ['mug', 'tee', 'sofa']],
		['a part', [fulfillment(['sofa'])], [0], [], ['mug', 'tee']],
		['all of it', [fulfillment(['mug', 'tee'], { shipped: true }), fulfillment(['sofa'])], [0, 1], [], []],
		['a double of what is not shipped', [fulfillment(['sofa']), fulfillment(['sofa'])], [0], [1], ['mug', 'tee']],
		['the same two in the other order', [fulfillment(['sofa']), fulfillment(['sofa'])].reverse(), [1], [0], ['mug', 'tee']],
		[
			'a double of what is shipped',
			[fulfillment(['sofa']), fulfillment(['sofa'], { shipped: true, number: 'T1' })],
			[1],
			[0],
			['mug', 'tee'],
		],
		[
			'what was canceled',
			[fulfillment(['sofa'], { canceled: true }), fulfillment(['mug'], { ...byHand, canceled: true })],
			[],
			[],
			['mug', 'tee', 'sofa'],
		],
		['another parcel', [fulfillment(['sofa'], { parcel: 'S2', number: 'T1' })], [], [], ['mug', 'tee', 'sofa']],
		['a parcel of this name of another warehouse', [fulfillment(['lamp'])], [], [], ['mug', 'tee', 'sofa']],
		['goods together that are not any more', [fulfillment(['mug', 'sofa'])], [0], [], ['tee']],
		['its number by hand, at goods of one profile', [fulfillment(['mug'], byHand)], [0], [], ['sofa']],
		['its number by hand, at all of it', [fulfillment(['tee'], byHand), fulfillment(['sofa'], byHand)], [0, 1], [], []],
		['its number by hand, at other goods', [fulfillment(['lamp'], byHand)], [0], [], []],
		[
			'its number by hand, beside ours',
			[fulfillment(['mug', 'tee']), fulfillment(['sofa'], byHand), fulfillment(['lamp'], byHand)],
			[0, 1],
			[],
			[],
		],
		['another number by hand', [fulfillment(['mug'], { ...byHand, number: 'T2' })], [], [], ['mug', 'tee', 'sofa']],
	])('is seen: %s', (_name, fulfillments, kept, doubles, rest) => expect(told(fulfillments)).toEqual({ kept, doubles, rest }));

	it('is one group of all goods where they have one profile: what a person entered by hand is the whole parcel', () =>
		expect(told([fulfillment(['mug'], byHand)], { items: [MUG, TEE, item('sofa', 'sp_usual')] })).toEqual({
			kept: [0],
			doubles: [],
			rest: [],
		}));

	it('does not go by a number that two parcels share', () =>
		expect(
			told([fulfillment(['mug'], byHand)], {
				order: anOrder({ shipments: [aShipment({ id: 's2', externalId: 'S2', trackingNumber: 'T1' })] }),
			}),
		).toEqual({ kept: [], doubles: [], rest: ['mug', 'tee', 'sofa'] }));
});
