/** Which orders of a file a trigger takes as new ones. */
import { isObject } from '../../order/json';
import { Cells } from './cells';
import { plainStatus, presetOf } from './presets';
import type { RawFileOrder } from './raw';

/** @param given the statuses of the trigger; [] = those that the shop's files mean by themselves */
export function standingOf(raw: RawFileOrder, given: readonly string[]): { isWanted: boolean; isShipped: boolean; status: string } {
	const statuses = given.map(plainStatus).filter((status) => status !== '');
	if (raw.format === 'json') {
		const own = isObject(raw.order) ? raw.order.status : null;
		const status = typeof own === 'string' ? plainStatus(own) : '';
		return { isWanted: statuses.length === 0 || statuses.includes(status), isShipped: false, status: status || 'none' };
	}
	const preset = presetOf(raw);
	const status = plainStatus(new Cells(raw, preset).field('status'));
	// What the shop has shipped itself must not be shipped again, unless somebody asks for exactly that.
	const isShipped = preset.shipped(raw.rows[0] ?? {}) && !statuses.includes('fulfilled');
	const accepted = statuses.length > 0 ? statuses.filter((name) => name !== 'fulfilled') : (preset.defaultStatuses ?? []);
	return {
		isWanted: accepted.length === 0 || (status === '' && statuses.length === 0) || accepted.includes(status),
		isShipped,
		status: status || 'none',
	};
}
