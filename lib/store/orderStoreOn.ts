/** The store's methods on one database. */
import type { OrderStore } from './OrderStore';
import type { Database } from './database';
import { importPage } from './imports';
import { asImported, eventsOf, getMany, getManyWithLayers, layers, payload, search, standings, timelineOf } from './orders';
import { amend, claim, claimCancellations, parts, releaseBundles, sendAddedLines, sendAgain, sendings, sources, transition, transitionMany, unbundle } from './moves';
import {
	allowSecondStore, changeAccount, checkImport, connect, connections, controlNumber, controlNumberKey, cursorOf, importFailures, knowsStore,
	moveCursorAlone, recordImport, recordSendings, recordShipmentPoll, releaseTrigger, renamedStores, renameStore, resolveImportFailure, serve, servedBy, storeNames,
} from './partners';
import { claimUploads, recordShipments, recordUpload } from './reports';
import { abandonOverdue, beginRecovery, deleteRuleSet, endRecovery, purge, recovery, ruleSet, ruleSets, saveRuleSet, statistics } from './upkeep';

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
		sendings: sendings(database),
		asImported: asImported(database),
		standings: standings(database),
		payload: payload(database),
		timeline: timelineOf(database),
		events: eventsOf(database),
		claim: claim(database),
		claimCancellations: claimCancellations(database),
		sendAgain: sendAgain(database),
		transition: transition(database),
		transitionMany: transitionMany(database),
		releaseBundles: releaseBundles(database),
		unbundle: unbundle(database),
		sendAddedLines: sendAddedLines(database),
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
		connect: connect(database),
		connections: connections(database),
		changeAccount: changeAccount(database),
		allowSecondStore: allowSecondStore(database),
		checkImport: checkImport(database, connect(database)),
		recordImport: recordImport(database),
		recordShipmentPoll: recordShipmentPoll(database),
		recordSendings: recordSendings(database),
		releaseTrigger: releaseTrigger(database),
		renameStore: renameStore(database),
		renamedStores: renamedStores(database),
		serve: serve(database),
		servedBy: servedBy(database),
		knowsStore: knowsStore(database),
		storeNames: storeNames(database),
		controlNumber: controlNumber(database),
		controlNumberKey: controlNumberKey(database),
		recovery: recovery(database),
		beginRecovery: beginRecovery(database),
		endRecovery: endRecovery(database),
		statistics: statistics(database),
		now: async () => await database.read(async (session) => await session.now()),
		close,
	};
}
