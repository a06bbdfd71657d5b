/** What the tests of EDI X12 have in common. */
import { X12Parser, type X12Interchange as OtherInterchange } from 'node-x12';
import type { Order } from '../../lib/order/order';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import { x12Wms } from '../../lib/wms/x12';
import { anOrder } from '../carts/order';
import { tree } from '../files/openLocal';
import { nothingWaits } from './waiting';
import type { X12Place } from './x12Harness';

export const send = async (place: X12Place, changes: Partial<Order> = {}) =>
	await place.session.createOrder(x12Wms.toRequest(anOrder(changes)));

/** Files of a directory, not of those below it. */
export const only = (place: X12Place, directory: string): string[] =>
	Object.keys(tree(place.root)).filter((name) => name.startsWith(`${directory}/`) && !name.slice(directory.length + 1).includes('/'));

export const textOf = (place: X12Place, file: string): string => tree(place.root)[file]!;

/** As another library reads it, strictly: wrong counts and control numbers are errors. */
export function another(text: string): { interchange: OtherInterchange; segments: string[][] } {
	const interchange = new X12Parser(true).parse(text) as OtherInterchange;
	return {
		interchange,
		segments: interchange.functionalGroups[0]!.transactions[0]!.segments.map(({ tag, elements }) => [
			tag,
			...elements.map(({ value }) => value ?? ''),
		]),
	};
}

export async function poll(place: X12Place) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of place.session.listShipments(null, nothingWaits)) {
		events.push(...page.events);
		failures.push(...page.failures.map(({ message }) => message));
		await page.afterRecorded?.();
	}
	return { events, failures };
}
