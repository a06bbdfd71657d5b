import type { Wms, WmsSession } from '../../lib/wms/Wms';

/** A WMS with one account, for the use cases, which do not look into its requests. */
export interface OpenedWms {
	wms: Pick<Wms<never>, 'code' | 'label' | 'limits' | 'capabilities' | 'toRequest'>;
	session: WmsSession<unknown>;
}

/**
 * Ties the two together, so that a session only gets requests of its own WMS.
 *
 * @param signedInWith the saved credential, for a WMS that names no account: its key stands for it
 */
export const opened = <Request>(
	wms: Pick<Wms<never, Request, never>, 'code' | 'label' | 'limits' | 'capabilities' | 'toRequest'>,
	session: WmsSession<Request>,
	signedInWith?: string,
): OpenedWms => ({
	wms,
	session: {
		...session,
		...(signedInWith === undefined ? {} : { credential: signedInWith }),
		createOrder: async (request) => await session.createOrder(request as Request),
	},
});
