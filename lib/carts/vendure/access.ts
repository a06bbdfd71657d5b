/** Whether a credential may do what the nodes need. */
import { FulfillmentError } from '../../order/errors';
import { ACCESS } from './documents';
import { graphqlOf, type VendureAccount } from './graphql';

const NEEDED: ReadonlyArray<{ permission: string; for: string }> = [
	{ permission: 'ReadOrder', for: 'importing orders' },
	{ permission: 'UpdateOrder', for: 'uploading tracking, notes and canceling' },
];

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names what is missing. */
export async function checkAccess(account: VendureAccount): Promise<string> {
	const { me, activeChannel } = await graphqlOf(account)<{
		me: { identifier: string; channels: Array<{ token: string; code: string; permissions: string[] }> } | null;
		activeChannel: { token: string; code: string };
	}>(ACCESS, {});
	const granted = new Set(me?.channels.find(({ token }) => token === activeChannel.token)?.permissions);
	const missing = NEEDED.filter(({ permission }) => !granted.has(permission) && !granted.has('SuperAdmin'));
	if (missing.length > 0) {
		const list = missing.map((each) => `${each.permission} (${each.for})`).join(', ');
		throw new FulfillmentError(
			'credentials_invalid',
			`Vendure accepts ${me?.identifier ?? 'the credential'}, but in the channel ${activeChannel.code} it lacks ${list}.`,
			'Add the permissions to its role in Vendure, for this channel.',
		);
	}
	return `Connected to the channel ${activeChannel.code} as ${me?.identifier ?? ''}.`;
}
