import { leftOut } from '../scope/leftOut';

/**
 * The address of a server that `scripts/real-servers.cjs` started; null when it does not run. Throws in CI, where nothing is skipped.
 *
 * @param label as people call it; the address is in <LABEL>_URL
 */
export function realUrl(label: 'Medusa' | 'Vendure'): string | null {
	const url = process.env[`${label.toUpperCase()}_URL`];
	if (url !== undefined) return url;
	leftOut(`the tests against a real ${label}`, 'it does not run: npm run real -- npm test');
	return null;
}
