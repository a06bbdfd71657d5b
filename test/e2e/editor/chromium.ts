/** Debian's Chromium, installed when it is missing, without anything that it does on its own account. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from './playwright';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome'];

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--font-render-hinting=none',
];

/** Chromium starts with an empty profile, in a folder of its own that goes with it. */
export async function startChromium(say: (text: string) => void): Promise<Browser> {
	return await chromium().launch({ executablePath: process.env.CHROMIUM ?? findOrInstall(say), headless: true, args: QUIET });
}

if (require.main === module) console.log(`Chromium: ${findOrInstall((text) => console.log(text))}`);

function findOrInstall(say: (text: string) => void): string {
	const found = PLACES.find((file) => existsSync(file));
	if (found !== undefined) return found;
	say('Chromium is missing: installing it with apt-get …');
	for (const args of [
		['update', '-qq'],
		['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
	]) {
		const command = process.getuid?.() === 0 ? ['apt-get', ...args] : ['sudo', '-n', 'apt-get', ...args];
		const done = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
		if (done.status !== 0)
			throw new Error(
				`${command.join(' ')} failed: ${done.error?.message ?? done.stderr}\nInstall Chromium yourself, or name it in the variable CHROMIUM.`,
			);
	}
	return PLACES[0]!;
}
