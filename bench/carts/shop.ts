/** A WooCommerce shop in a process of its own, so that its orders are not in our memory. Prints its address. */
import { WooPeer } from '../../testing/servers/wooCommerce';

async function main(): Promise<void> {
	const woo = await WooPeer.open();
	for (let index = 0; index < Number(process.argv[2]); index += 1) woo.place({}, { step: 3 });
	console.log(woo.url);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
