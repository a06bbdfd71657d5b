/** The first steps of a new user, as they look: the package is installed from n8n's dialog, credentials are made and tested, a workflow runs. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sampleOrders } from '../../../demo/shop';
import type { Part } from '../Part';
import { Site } from '../Site';
import { hurried } from '../workflows';
import type { Rest } from '../n8n/Rest';
import { readTemplates, withCredentials } from '../n8n/setUp';
import { ownVersion, PACKAGE } from '../n8n/tarball';
import { SIZE, type Editor } from './Editor';
import type { Pictures } from './Pictures';

/** In Settings → Community nodes, step by step. */
export async function installByHand(part: Part, editor: Editor, pictures: Pictures): Promise<void> {
	await editor.goto('/settings/community-nodes');
	await editor.page
		.locator('button', { hasText: /^\s*Install/ })
		.first()
		.click();
	const dialog = editor.the('communityPackageInstall-modal');
	await dialog.waitFor();
	await dialog
		.locator('input[name="packageNameInput"], [data-test-id="package-name-input"] input')
		.first()
		.fill(`${PACKAGE}@${ownVersion()}`);
	await dialog.locator('[data-test-id="user-agreement-checkbox"]').click();
	await editor.still('[data-test-id="communityPackageInstall-modal"]');
	await pictures.take(editor, 'quick-start-install', dialog);
	await editor.the('install-community-package-button').click();
	const card = editor.page.locator('[data-test-id="community-package-card"]').filter({ hasText: PACKAGE });
	await card.waitFor({ timeout: 120_000 });
	await dialog.waitFor({ state: 'hidden' });
	await editor.messagesGone();
	await pictures.take(editor, 'quick-start-installed', { x: 0, y: 0, width: SIZE.width, height: 500 });
	part.check(
		'installed from the dialog: the package is listed',
		(await card.innerText()).includes(ownVersion()),
		(await card.innerText()).replace(/\s+/g, ' '),
	);
	const errors = editor.takeErrors();
	part.check('installing: no errors in the console', errors.length === 0, errors.join('; '));
}

/** Both kinds of credential in their window, tested. */
export async function checkCredentials(
	part: Part,
	editor: Editor,
	pictures: Pictures,
	credentials: ReadonlyMap<string, string>,
): Promise<void> {
	for (const [name, picture] of [
		['Shop folder', 'quick-start-credential-folder'],
		['Order Store', 'quick-start-credential-store'],
	] as const) {
		await editor.goto(`/home/credentials/${credentials.get(name)!}`);
		const dialog = editor.the('editCredential-modal');
		await dialog.waitFor();
		const success = dialog.locator('[data-test-id="credentials-config-container-test-success"]');
		await success.waitFor();
		await editor.still('[data-test-id="editCredential-modal"]');
		// A picture with a folder that everybody has, and without the empty lower half of the window.
		await dialog
			.locator('[data-test-id="parameter-input-folder"] input, input[placeholder*="n8n-files"]')
			.evaluateAll((inputs) => inputs.forEach((input) => (input.value = '/home/node/.n8n-files/shop')));
		const box = (await dialog.boundingBox())!;
		await pictures.take(editor, picture, { ...box, height: Math.min(box.height, 490) });
		part.check(`the credential "${name}" is tested when it is opened`, await success.isVisible());
	}
	const errors = editor.takeErrors();
	part.check('credentials: no errors in the console', errors.length === 0, errors.join('; '));
}

/** Orders go through the published template 00; its executions are there to be looked at. */
export async function checkFirstOrders(
	part: Part,
	editor: Editor,
	rest: Rest,
	pictures: Pictures,
	credentials: ReadonlyMap<string, string>,
): Promise<void> {
	const orders = sampleOrders(12).filter(({ kind }) => kind === 'plain');
	const site = new Site(path.join(part.folder, 'site'), orders);
	part.atEnd(() => site.stop());
	site.export(orders);
	const id = await rest.createWorkflow(hurried(withCredentials({ ...readTemplates()[0]!, name: 'My shop' }, credentials), 3));
	await rest.publish(id);
	if (!(await part.until('the first orders reach the warehouse', () => site.sent >= orders.length, 120))) return;
	let executions = await rest.executions({ workflowId: id, status: 'success' });
	for (; executions.length === 0; executions = await rest.executions({ workflowId: id, status: 'success' })) await pause(250);
	const first = executions.at(-1)!;
	await editor.goto(`/workflow/${id}/executions/${first.id}`);
	await editor.page.locator('[data-test-id="workflow-preview-iframe"], [data-test-id="canvas-node"]').first().waitFor();
	// n8n's list of things to do next opens over the picture, a moment after the page.
	const checklist = editor.page.locator('text=Production Checklist').first();
	await checklist.waitFor();
	await editor.page.keyboard.press('Escape');
	await checklist.waitFor({ state: 'hidden' });
	await editor.still('[data-test-id="canvas"]');
	await pictures.take(editor, 'quick-start-execution');
	const errors = editor.takeErrors();
	part.check('first orders: no errors in the console', errors.length === 0, errors.join('; '));
}
