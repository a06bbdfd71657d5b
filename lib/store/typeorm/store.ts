/** The store's methods on one database. */
import type { OrderStore } from '../OrderStore';
import { sources } from './bundles';
import { releaseBundles, unbundle } from './bundling';
import { claim } from './claims';
import { controlNumber, controlNumberKey } from './controlNumbers';
import { cursorOf, moveCursorAlone } from './cursors';
import { importFailures, resolveImportFailure } from './failures';
import { importPage } from './imports';
import { amend, transition, transitionMany } from './moves';
import { getMany, getManyWithLayers, layers, payload } from './orders';
import { deleteRuleSet, ruleSet, ruleSets, saveRuleSet } from './ruleSets';
import { parts } from './parts';
import { search } from './search';
import type { Database } from './session';
import { recordShipments } from './shipments';
import { statistics } from './statistics';
import { abandonOverdue, purge } from './sweeps';
import { eventsOf, timelineOf } from './timeline';
import { claimUploads, recordUpload } from './uploads';

/** @param close what ends the connections */
export function orderStoreOn(database: Database, close: () => Promise<void>): OrderStore {
	const many = getMany(database);
	return {
		cursor: cursorOf(database),
		moveCursor: moveCursorAlone(database),
		importPage: importPage(database),
		get: async (orderId) => (await many([orderId]))[0] ?? null,
		getMany: many,
		getManyWithLayers: getManyWithLayers(database),
		parts: parts(database),
		sources: sources(database),
		search: search(database),
		layers: layers(database),
		payload: payload(database),
		timeline: timelineOf(database),
		events: eventsOf(database),
		claim: claim(database),
		transition: transition(database),
		transitionMany: transitionMany(database),
		releaseBundles: releaseBundles(database),
		unbundle: unbundle(database),
		amend: amend(database),
		recordShipments: recordShipments(database),
		claimUploads: claimUploads(database),
		recordUpload: recordUpload(database),
		abandonOverdue: abandonOverdue(database),
		purge: purge(database),
		importFailures: importFailures(database),
		resolveImportFailure: resolveImportFailure(database),
		ruleSets: ruleSets(database),
		ruleSet: ruleSet(database),
		saveRuleSet: saveRuleSet(database),
		deleteRuleSet: deleteRuleSet(database),
		controlNumber: controlNumber(database),
		controlNumberKey: controlNumberKey(database),
		statistics: statistics(database),
		now: async () => await database.read(async (session) => await session.now()),
		close,
	};
}
