/** The Medusa nodes with their credential, on n8n's engine and its HTTP helper, against a real Medusa. */
import '../../testing/engine/core';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { MedusaOrderImportTrigger } from '../../nodes/MedusaOrderImportTrigger/MedusaOrderImportTrigger.node';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { Runner } from '../../testing/engine/Runner';
import { medusaUrl, MedusaShop, secretKey } from '../real/medusaShop';
import { cartThroughNodes } from './cartThroughNodes';

jest.setTimeout(120_000);

const dataOf = async (shop: MedusaShop): Promise<ICredentialDataDecryptedObject> => ({
	url: `${shop.url}/app/`,
	apiKey: ` ${await secretKey()}`,
	salesChannels: shop.channel,
});

if (medusaUrl() === null) it.skip('needs the real Medusa', () => undefined);
else {
	cartThroughNodes('medusa', {
		credential: 'medusaOrdersApi',
		trigger: 'medusaOrderImportTrigger',
		async open() {
			const shop = await MedusaShop.open();
			const ids = new Map<string, string>();
			return {
				data: await dataOf(shop),
				refusedData: { ...(await dataOf(shop)), apiKey: 'sk_old' },
				callOff: async (number) => await shop.admin('POST', `/orders/${ids.get(number)!}/cancel`, {}),
				async place() {
					const { id, number } = (await shop.placeMany(1))[0]!;
					ids.set(number, id);
					return number;
				},
				async told(number) {
					const id = ids.get(number)!;
					const { status, metadata } = await shop.order(id);
					return {
						acknowledged: typeof metadata?.warehouse_reference === 'string',
						tracking: await shop.tracking(id),
						notes: String(metadata?.warehouse_notes ?? '').split('\n'),
						canceled: status === 'canceled',
					};
				},
			};
		},
	});

	it('tests the connection', async () => {
		const shop = await MedusaShop.open();
		const data = await dataOf(shop);
		const registry = new NodeRegistry();
		const runner = new Runner(registry, new CredentialStore(registry.credentialTypes));
		const context = new CredentialTestContext(runner.additionalData({ name: 'Test', nodes: [], connections: {} }));
		const test = async (changes: object) =>
			await new MedusaOrderImportTrigger().methods.credentialTest['medusaConnectionTest']!.call(context, {
				id: '1',
				name: 'Test',
				type: 'medusaOrdersApi',
				data: { ...data, ...changes },
			});
		expect(await test({})).toEqual({ status: 'OK', message: expect.stringMatching(/^Connected to Shop/) });
		expect(await test({ apiKey: 'sk_old' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Check the Medusa credential'),
		});
		expect(await test({ salesChannels: 'sc_nowhere' })).toMatchObject({ status: 'Error', message: expect.stringContaining('sc_nowhere') });
		expect(await test({ url: `${shop.url}/shop` })).toMatchObject({ status: 'Error', message: expect.stringContaining('no Admin API') });
		expect(await test({ url: '' })).toMatchObject({ status: 'Error', message: expect.stringContaining('address') });
	});
}
