/** The Vendure nodes with their credential, on n8n's engine and its HTTP helper, against a real Vendure. */
import '../../testing/engine/core';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { VendureOrderImportTrigger } from '../../nodes/VendureOrderImportTrigger/VendureOrderImportTrigger.node';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { Runner } from '../../testing/engine/Runner';
import { vendureUrl, VendureShop } from '../real/vendureShop';
import { cartThroughNodes } from './cartThroughNodes';

const dataOf = (shop: VendureShop): ICredentialDataDecryptedObject => ({
	url: `${shop.url}/`,
	authentication: 'password',
	username: 'superadmin',
	password: 'superadmin',
	channelToken: shop.channel,
	customFields: ' pickupPoint,warehouseReference ',
});

if (vendureUrl() === null) it.skip('needs the real Vendure', () => undefined);
else {
	cartThroughNodes('vendure', {
		credential: 'vendureOrdersApi',
		trigger: 'vendureOrderImportTrigger',
		async open() {
			const shop = await VendureShop.open();
			const ids = new Map<string, string>();
			return {
				data: dataOf(shop),
				refusedData: { ...dataOf(shop), password: 'old' },
				callOff: async (code) => await shop.cancel(ids.get(code)!),
				async place() {
					const { id, code } = await shop.place();
					ids.set(code, id);
					return code;
				},
				async told(number) {
					const id = ids.get(number)!;
					const notes = await shop.notes(id);
					return {
						acknowledged: notes.some((note) => note.includes('The warehouse has the order')),
						tracking: await shop.tracking(id),
						notes,
						canceled: (await shop.order(id)).state === 'Cancelled',
					};
				},
			};
		},
	});

	it('tests the connection', async () => {
		const shop = await VendureShop.open();
		const registry = new NodeRegistry();
		const runner = new Runner(registry, new CredentialStore(registry.credentialTypes));
		const context = new CredentialTestContext(runner.additionalData({ name: 'Test', nodes: [], connections: {} }));
		const test = async (changes: object) =>
			await new VendureOrderImportTrigger().methods.credentialTest['vendureConnectionTest']!.call(context, {
				id: '1',
				name: 'Test',
				type: 'vendureOrdersApi',
				data: { ...dataOf(shop), ...changes },
			});
		// The user of this server has the password "superadmin", too, and secrets are shown nowhere.
		expect(await test({})).toEqual({ status: 'OK', message: `Connected to the channel ${shop.channel} as •••.` });
		expect(await test({ password: 'x' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Check the Vendure credential'),
		});
		expect(await test({ authentication: 'apiKey', apiKey: 'a:b' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('api-key'),
		});
		expect(await test({ channelToken: 'x' })).toMatchObject({ status: 'Error', message: expect.stringContaining('channel token') });
		expect(await test({ url: '' })).toMatchObject({ status: 'Error', message: expect.stringContaining('address') });
	});
}
