/** What a person sees of the demo. */

/** One line of progress on a terminal; else a line a step, so that logs stay short. */
export class Progress {
	private line = '';
	private shownAt = 0;

	show(text: string): void {
		this.line = `… ${text}`;
		if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${this.line.slice(0, (process.stdout.columns ?? 120) - 1)}`);
		else if (Date.now() - this.shownAt > 5000) {
			this.shownAt = Date.now();
			console.log(this.line);
		}
	}

	done(): void {
		if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K`);
		console.log(this.line.replace('…', '✓'));
	}
}

const ALERTS_SHOWN = 20;

type Json = Record<string, unknown>;

export interface Findings {
	orders: Json[];
	/** Orders as they were when they had an alert. */
	alerts: Json[];
	interesting: Json;
	timeline: Json[];
	failures: Json[];
	mails: number;
	problems: string[];
}

export function report({ orders, alerts, interesting, timeline, failures, mails, problems }: Findings): void {
	const counts = new Map<string, number>();
	for (const { status } of orders) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
	console.log('\nOrders by status');
	for (const [status, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${status.padEnd(18)} ${String(count).padStart(5)}`);

	console.log(`\nTimeline of ${String(interesting.orderNumber)}: ${String(interesting.description)}`);
	for (const { at, kind, data, actor } of timeline) {
		console.log(`  ${String(at).slice(0, 19).replace('T', ' ')}  ${wordsFor(String(kind), data as Json)}  (${(actor as Json).name})`);
	}

	console.log('\nAlerts of the run, with what to do');
	for (const order of alerts.slice(0, ALERTS_SHOWN)) {
		const { code, message, recommendation } = order.alert as Json;
		console.log(
			`  ${String(order.orderNumber)} ${String(order.status)} – ${String(code)}: ${String(message)}\n      → ${String(recommendation)}`,
		);
	}
	if (alerts.length > ALERTS_SHOWN) console.log(`  … and ${alerts.length - ALERTS_SHOWN} more`);
	console.log('\nImport failures');
	for (const { message, remedy } of failures) console.log(`  ${String(message)}\n      → ${String(remedy)}`);
	console.log(`\n${mails} alert e-mails were sent.`);
	for (const problem of problems) console.log(`  A node failed: ${problem}`);
	console.log('');
}

function wordsFor(kind: string, data: Json): string {
	switch (kind) {
		case 'status_changed':
			return `${String(data.from)} → ${String(data.to)}${data.reason ? `: ${String(data.reason)}` : ''}`;
		case 'imported':
			return 'imported';
		case 'rules_applied':
			return `rules: ${String(data.decision)}`;
		case 'shipment_recorded':
			return `shipped with ${String(data.carrier)} ${String(data.trackingNumber)}`;
		case 'tracking_uploaded':
			return `tracking ${String(data.trackingNumber)} uploaded to the shop`;
		case 'send_outcome':
			return `warehouse: ${String(data.outcome)}${data.message ? `, ${String(data.message)}` : ''}`;
		case 'wms_acknowledged':
			return `the warehouse calls it ${String(data.wmsOrderId)}`;
		case 'cart_acknowledged':
			return 'the shop was told';
		default:
			return kind.replaceAll('_', ' ');
	}
}
