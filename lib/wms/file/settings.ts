import type { FieldLimit } from '../Wms';

/** Directories are below the exchange folder; each is created when it is first needed. */
export interface FileWmsSettings {
	/** Where order files are put; the warehouse moves what it took to `processed` in it. Default "orders". */
	ordersDirectory?: string;
	/** Default "<orders>/processed". */
	processedDirectory?: string;
	/** Default "acknowledgements". */
	acknowledgementsDirectory?: string;
	/** Default "shipments". */
	shipmentsDirectory?: string;
	/** Default "cancellations". */
	cancellationsDirectory?: string;
	/** The longest address line that the warehouse accepts. Default 40. */
	maxAddressLine?: number;
	/** Other limits of this warehouse; one replaces the default limit of the same path. */
	limits?: readonly FieldLimit[];
	/** See `SettleSettings`. Default 2000. */
	settleMs?: number;
}

export const directoriesOf = (settings: FileWmsSettings) => {
	const orders = settings.ordersDirectory || 'orders';
	return {
		orders,
		processed: settings.processedDirectory || `${orders}/processed`,
		canceled: `${orders}/canceled`,
		acknowledgements: settings.acknowledgementsDirectory || 'acknowledgements',
		shipments: settings.shipmentsDirectory || 'shipments',
		cancellations: settings.cancellationsDirectory || 'cancellations',
	};
};

export const DEFAULT_MAX_ADDRESS_LINE = 40;

/** What most label printers and warehouse systems take; a warehouse that takes more says so in the settings. */
export function limitsOf({ maxAddressLine = DEFAULT_MAX_ADDRESS_LINE, limits = [] }: FileWmsSettings): readonly FieldLimit[] {
	const defaults: FieldLimit[] = [
		{ path: 'reference', maxLength: 64, required: true },
		{ path: 'shippingAddress.name', maxLength: 60, required: true },
		{ path: 'shippingAddress.company', maxLength: 60 },
		{ path: 'shippingAddress.address1', maxLength: maxAddressLine, required: true },
		{ path: 'shippingAddress.address2', maxLength: maxAddressLine },
		{ path: 'shippingAddress.address3', maxLength: maxAddressLine },
		{ path: 'shippingAddress.city', maxLength: 40, required: true },
		{ path: 'shippingAddress.region', maxLength: 40 },
		{ path: 'shippingAddress.postalCode', maxLength: 20 },
		{ path: 'shippingAddress.country', required: true, pattern: /[A-Z]{2}/ },
		{ path: 'shippingAddress.phone', maxLength: 40 },
		{ path: 'shippingAddress.email', maxLength: 254 },
		{ path: 'lines.sku', maxLength: 40, required: true },
	];
	const replaced = new Set(limits.map(({ path }) => path));
	return [...defaults.filter(({ path }) => !replaced.has(path)), ...limits];
}
