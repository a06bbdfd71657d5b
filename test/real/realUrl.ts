/**
 * The address of a server that `scripts/real-servers.cjs` started; null when it does not run. Throws in CI, where nothing is skipped.
 *
 * @param label as people call it; the address is in <LABEL>_URL
 * @param say writes a line when it does not run; one test file of each server does
 */
export function realUrl(label: 'Medusa' | 'Vendure', { say = false } = {}): string | null {
	const url = process.env[`${label.toUpperCase()}_URL`];
	if (url !== undefined) return url;
	if (process.env['CI'] === 'true') throw new Error(`The tests of the ${label} cart need its server: npm run real -- npm test`);
	if (say) process.stderr.write(`skipped: the tests against a real ${label}, which does not run (npm run real -- npm test)\n`);
	return null;
}
