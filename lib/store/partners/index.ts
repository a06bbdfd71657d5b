/** What is kept of each cart and warehouse besides orders: its account, how far it was read, what could not be read, the numbers it was given. */
export { allowSecondStore, changeAccount, connect, connectIn, connections, knowsStore, serve, servedBy, storeNames } from './connections';
export { controlNumber, controlNumberKey, skipNumbers } from './controlNumbers';
export { cursorOf, moveCursor, moveCursorAlone } from './cursors';
export { importFailures, recordFailures, resolveFailures, resolveImportFailure } from './failures';
export { checkImport, keepTrigger, recordImport, releaseTrigger } from './importTriggers';
export { assertNameIn, renamedStores, renameStore } from './renaming';
export { recordSendings, recordShipmentPoll } from './runs';
