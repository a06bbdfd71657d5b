/**
 * What n8n sees of a partner, as one object: how it is signed in to, what may be set, and how that becomes the settings of the pure half in `lib/`. The
 * nodes, their lists of credentials, of options and of connection tests, and the import triggers come from these objects.
 */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	ILoadOptionsFunctions,
	INodeCredentialTestResult,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Cart, CartSession } from '../../lib/carts/Cart';
import type { Wms } from '../../lib/wms/Wms';
import type { NodeContext } from '../shared/context';
import type { OpenedWms } from './opened';

export type ConnectionTest = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
) => Promise<INodeCredentialTestResult>;

/** A credential that a partner is signed in with, as the nodes list it. */
export interface SignIn {
	/** Name of the credential type. */
	name: string;
	displayName: string;
	/** For a credential type that has no `test` of its own. Its name must stay: n8n finds the test by it. */
	testedBy?: { name: string; test: ConnectionTest };
	/** The other parameters that it is for. @example { '/exchange': ['local'] } */
	show?: Readonly<Record<string, string[]>>;
}

interface Partner {
	readonly signIns: readonly SignIn[];
	/** Whether it exchanges files through a folder or SFTP. Default: false. */
	readonly exchangesFiles?: boolean;
}

export interface CartPartner extends Partner {
	readonly cart: Cart<never, never>;
	/** What its import trigger says of itself. @example "Imports orders of a Magento shop, each order once" */
	readonly imports: string;
	/** Parameters of the import trigger before its options. */
	readonly importProperties?: readonly INodeProperties[];
	/** Options of the import trigger beside those of every cart. */
	readonly importOptions: readonly INodeProperties[];
	/** What lists of the import trigger's options offer, by `loadOptionsMethod`. */
	readonly lists?: Readonly<Record<string, (context: NodeContext | ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>>>;
	/** Options of Cart Update beside those of every cart; shown with this cart alone. */
	readonly updateOptions?: readonly INodeProperties[];
	/** Whether the Carrier Names of Cart Update are read. Default: true. */
	readonly namesCarriers?: boolean;
	/** Parameters of Order Store where it asks the cart; shown with this cart alone. `open` gets their values as options. */
	readonly lookUpProperties?: readonly INodeProperties[];
	/**
	 * Opens the account. Nodes do it by `openShop`.
	 *
	 * @param options the options of Cart Update or of the import trigger; each partner reads its own
	 * @param store the name of the sales channel: what is read belongs to it
	 * @param parameters the values of `importProperties` by name; absent = not known
	 */
	open(context: NodeContext, options: object, store: string, parameters?: Readonly<Record<string, unknown>>): Promise<CartSession>;
}

export interface WmsPartner extends Partner {
	readonly wms: Wms<never, unknown, never>;
	/** Parameters of WMS Send before its options. */
	readonly sendProperties?: readonly INodeProperties[];
	/** Options of WMS Send beside those of every WMS; shown with this WMS alone when orders are sent, unless they say otherwise. */
	readonly sendOptions?: readonly INodeProperties[];
	/** Parameters of the shipment trigger before its options. */
	readonly pollProperties?: readonly INodeProperties[];
	/** Options of the shipment trigger; shown with this WMS alone. */
	readonly pollOptions?: readonly INodeProperties[];
	/** Opens the account. @param options those of WMS Send or of the shipment trigger; each partner reads its own */
	open(context: NodeContext, options: object): Promise<OpenedWms>;
}
