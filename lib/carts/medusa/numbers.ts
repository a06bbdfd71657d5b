/** Finds an order by the number that people read. Medusa has no filter for it, but it can sort by it. */
import type { MedusaApi } from './api';

export async function orderByNumber(api: MedusaApi, orderNumber: string): Promise<unknown> {
	const wanted = orderNumber.trim().replace(/^#/, '');
	if (wanted === '') return null;
	if (/^order_\w+$/.test(wanted)) return await api.order(wanted);
	const number = /^\d{1,9}$/.test(wanted) ? Number(wanted) : null;
	const id = (number === null ? null : await idByPlace(api, number)) ?? (await idBySearch(api, wanted));
	return id === null ? null : await api.order(id);
}

/** A shop's own form of number. */
async function idBySearch(api: MedusaApi, wanted: string): Promise<string | null> {
	return (await api.search(wanted)).find(({ custom_display_id: custom }) => custom === wanted)?.id ?? null;
}

/** Numbers ascend and have gaps: the order is at most so many places from the beginning as its number says. */
async function idByPlace(api: MedusaApi, number: number): Promise<string | null> {
	let [low, high] = [0, number - 1];
	while (low <= high) {
		// Nearly all shops have few gaps: the last place first, then halves.
		const place = high === number - 1 ? high : Math.floor((low + high) / 2);
		const { order, count } = await api.nthByNumber(place);
		if (order === null) high = Math.min(place - 1, count - 1);
		// One with a number of the shop's own is not known by this one.
		else if (order.display_id === number) return order.custom_display_id ? null : order.id;
		else if (order.display_id < number) low = place + 1;
		else high = place - 1;
	}
	return null;
}
