/** Everything that moves an order: moves and what follows from them, claims, sendings, parts and bundles. */
export { sendAddedLines } from './addedLines';
export {
	tellAgain,
	updateShipmentCopies,
	lockedSender,
	copyShipmentsToOrders,
	movesOfUploadedBundles,
	uploadedOrClaimedShipments,
} from './bundleShipments';
export { type BundleState, lockedBundles, sources } from './bundles';
export { releaseBundles, takeApart, unbundle } from './bundling';
export { changesSinceSent, isRepresented, together } from './changesSinceSent';
export { claim, claimCancellations } from './claims';
export { leftOf } from './closed';
export { amend, applyAll, followBundles, transition, transitionMany } from './moves';
export { type AddedRow, asShared, hears, ordersOfAdded, sentAdded, settledOf } from './ordersOfAdded';
export { isLiveRow, partsRemovalError, lockedParts, type PartRow, parts } from './parts';
export { canceledInstead, wordColumns } from './instead';
export { type InnerFields, type Move } from './move';
export { sendAgain, sendingOf, sendingRows, sendings, sentSnapshots } from './sendings';
