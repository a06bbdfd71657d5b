/**
 * The file cart: order files that a shop exports into a folder, and tracking files that it reads back.
 *
 * A file is taken when it is complete (see `takenFiles`), oldest first, read page by page, and put into the archive after its last page was
 * recorded. A crash at any point only has it read on, or again, which changes nothing: orders are unique by their key.
 */
import type { Folder } from '../../files/Folder';
import { takenFiles, waitingFiles } from '../../files/inbox';
import { InboxMemory } from '../../files/inboxMemory';
import { beginPoll, putAwayEnded } from '../../files/putAway';
import type { Cart, CartSession } from '../Cart';
import { findOrder, ordersSince } from './lookUp';
import { pagesOfAll, toOrder, type FileShop } from './reading';
import { assertSettings, DEFAULT_INBOX, directoriesOf, type FileCartSettings } from './settings';
import { writeTracking } from './tracking';

export const fileCart: Cart<Folder, FileCartSettings> = {
	code: 'file',
	label: 'File',
	toOrder,
	open: openSession,
};

function openSession(folder: Folder, settings: FileCartSettings): CartSession {
	const shop: FileShop = { folder, settings, ...directoriesOf(settings) };
	const { inbox, archive, failed, tracking } = shop;
	return {
		// A position for each inbox, so that the triggers of several do not take turns.
		source: inbox === DEFAULT_INBOX ? `file:${settings.store}` : `file:${JSON.stringify([settings.store, inbox])}`,
		account: `file:${folder.label}`,
		scope: inbox,

		async *listOrders(cursor, filter) {
			assertSettings(settings);
			const places = [{ inbox, archive, failed }];
			const memory = await beginPoll(folder, cursor, places);
			await putAwayEnded(folder, cursor, places, memory);
			yield* pagesOfAll({ ...shop, memory }, takenFiles(folder, inbox, settings, 'age', memory), cursor, filter);
		},

		async *previewOrders(filter) {
			assertSettings(settings);
			yield* pagesOfAll({ ...shop, memory: new InboxMemory() }, waitingFiles(folder, inbox, settings, 'age'), null, filter);
		},

		async getOrder(orderNumber) {
			assertSettings(settings);
			return await findOrder(shop, orderNumber);
		},

		async *ordersBetween(from, _to, filter) {
			assertSettings(settings);
			yield* ordersSince(shop, from, filter);
		},

		uploadTracking: async (order, shipment) => await writeTracking(folder, tracking, order, shipment),
	};
}
