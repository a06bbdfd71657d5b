import { fileCart } from '../../../lib/carts/file';
import type { CartSession } from '../../../lib/carts/Cart';
import { openFolder, type NodeContext } from '../context';

/** For Cart Update, which only writes tracking. */
export const openFileCart = async (context: NodeContext, { trackingDirectory }: { trackingDirectory?: string }): Promise<CartSession> =>
	fileCart.open(await openFolder(context), { store: '', format: 'auto', ...(trackingDirectory === undefined ? {} : { trackingDirectory }) });
