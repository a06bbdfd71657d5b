import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
	ENTRIES,
	EXISTING_STATUSES,
	hasTrait,
	mayMove,
	ORDER_STATUSES,
	STATUSES,
	statusesBefore,
	statusesWith,
	TRAITS,
	wayToOpen,
	type OrderStatus,
	type Trait,
} from '../../lib/order/status';

const ALL_TRAITS = Object.keys(TRAITS) as Trait[];

const sorted = (statuses: readonly OrderStatus[]): OrderStatus[] => ORDER_STATUSES.filter((status) => statuses.includes(status));

describe('the traits of statuses', () => {
	it('are a closed list: each is that of some status, not of all, and stands there once', () => {
		for (const trait of ALL_TRAITS) {
			expect(statusesWith(trait).length).toBeGreaterThan(0);
			expect(statusesWith(trait).length).toBeLessThan(ORDER_STATUSES.length);
		}
		for (const status of ORDER_STATUSES) {
			expect(STATUSES[status].traits.length).toBeGreaterThan(0);
			expect(new Set(STATUSES[status].traits).size).toBe(STATUSES[status].traits.length);
			expect(ALL_TRAITS.filter((trait) => hasTrait(status, trait)).sort()).toEqual([...STATUSES[status].traits].sort());
		}
	});

	it('are as the contract has them', () => {
		expect(statusesWith('at_warehouse')).toEqual(['open', 'partially_shipped']);
		expect(statusesWith('put_away')).toEqual(['canceled', 'archived', 'abandoned']);
		expect(statusesWith('being_sent')).toEqual(['queued']);
		expect(EXISTING_STATUSES).toEqual(ORDER_STATUSES.filter((status) => status !== 'deleted'));
	});

	it('agree with each other', () => {
		expect(statusesWith('awaits_reports')).toEqual(sorted([...statusesWith('being_sent'), ...statusesWith('at_warehouse')]));
		for (const status of statusesWith('at_warehouse')) expect(hasTrait(status, 'received')).toBe(true);
		for (const status of statusesWith('put_away')) expect(hasTrait(status, 'not_shipping')).toBe(true);
		for (const status of [...statusesWith('not_shipping'), ...statusesWith('over'), ...statusesWith('settled')])
			expect(hasTrait(status, 'under_way')).toBe(false);
	});

	it('agree with the moves', () => {
		for (const status of statusesWith('starts_anew')) expect(status === 'new' || mayMove(status, 'new')).toBe(true);
		expect(statusesBefore('abandoned')).toEqual(statusesWith('under_way').filter((status) => !hasTrait(status, 'being_sent')));
		for (const status of statusesWith('abandoned_if_asked')) expect(mayMove(status, 'abandoned')).toBe(true);
		for (const status of statusesWith('being_sent')) {
			for (const to of ['archived', 'abandoned', 'deleted'] as const) expect(mayMove(status, to)).toBe(false);
			for (const trait of ['editable', 'reprocessable'] as const) expect(hasTrait(status, trait)).toBe(false);
		}
		expect(statusesWith('shown_by_parts')).toEqual(sorted(['routed', ...STATUSES.routed.toAsSplitParent]));
		for (const status of ORDER_STATUSES) expect(hasTrait(status, 'gone')).toBe(!ORDER_STATUSES.some((to) => mayMove(status, to)));
	});

	it('lead to Open by moves that the table allows', () => {
		for (const status of ORDER_STATUSES) {
			const way = [status, ...wayToOpen(status)];
			for (const [index, step] of way.slice(1).entries())
				expect([way[index], step, mayMove(way[index]!, step)]).toEqual([way[index], step, true]);
			if (way.length > 1) expect(way.at(-1)).toBe('open');
		}
		expect(wayToOpen('delayed')).toEqual(['routed', 'queued', 'open']);
	});

	it('say with which status an order comes into being', () => {
		// One that the cart does not want shipped yet waits for the cart.
		const { waiting, ...others } = ENTRIES;
		expect(waiting).toBe('delayed');
		for (const status of Object.values(others)) expect(hasTrait(status, 'handed_on')).toBe(true);
	});
});

/** Carts and warehouses have statuses of their own, some with the same names. Migrations stay as they were; test/store/statuses.test.ts compares them with the table. */
const ELSEWHERE = /^lib\/(carts|wms)\/|^lib\/store\/migrations\/|^lib\/order\/status\.ts$/;
/** It orders the words of an index; which they are it asks the table. */
const ORDERS_WORDS = 'lib/store/database/statusSql.ts';

const NAME = `'(?:${ORDER_STATUSES.join('|')})'`;
const LISTS = [
	new RegExp(`\\[\\s*${NAME}(?:\\s*,\\s*${NAME})+\\s*,?\\s*\\]`),
	new RegExp(`([\\w.]+) [!=]== ${NAME} (?:\\|\\||&&) \\1 [!=]== ${NAME}`),
	new RegExp(`case ${NAME}:\\s*case ${NAME}:`),
	new RegExp(`status\\s+(?:NOT\\s+)?IN\\s*\\(\\s*${NAME}`),
];

const sources = (folder: string): string[] =>
	readdirSync(path.join(__dirname, '../..', folder), { recursive: true, encoding: 'utf8' })
		.map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
		.filter((name) => /\.tsx?$/.test(name));

describe('lists of statuses', () => {
	const listing = [...sources('lib'), ...sources('nodes'), ...sources('dashboard')]
		.filter((name) => !ELSEWHERE.test(name))
		.filter((name) => {
			const text = readFileSync(path.join(__dirname, '../..', name), 'utf8').replace(/\/\*.*?\*\//gs, '');
			return LISTS.some((list) => list.test(text));
		});

	it('stand nowhere but in the table', () => {
		expect(listing).toEqual([ORDERS_WORDS]);
	});
});
