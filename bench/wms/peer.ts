/**
 * A warehouse that answers after a fixed time and refuses what exceeds its rate; as many orders, references and refusals as there were. It takes an order
 * as ShipBob does, or several as ShipStation does.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlowWarehouse {
	url: string;
	references: Set<string>;
	/** When each request came. */
	arrivals: number[];
	refused: number;
	twice: number;
	close(): void;
}

export async function openSlowWarehouse(latencyMs: number, limit: { requests: number; windowMs: number }): Promise<SlowWarehouse> {
	const references = new Set<string>();
	const counts = { refused: 0, twice: 0 };
	const arrivals: number[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const now = performance.now();
			const recent = arrivals.filter((time) => time > now - limit.windowMs).length;
			const answer = (status: number, body: unknown): void => {
				response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
			};
			if (recent >= limit.requests) {
				counts.refused += 1;
				return answer(429, { message: 'Too many requests' });
			}
			arrivals.push(now);
			setTimeout(() => {
				const take = (reference: string): number => {
					if (references.has(reference)) counts.twice += 1;
					return references.add(reference).size;
				};
				const { reference_id: one, shipments } = JSON.parse(Buffer.concat(chunks).toString()) as {
					reference_id: string;
					shipments?: Array<{ external_shipment_id: string }>;
				};
				if (shipments === undefined) return answer(201, { id: take(one), reference_id: one });
				answer(200, {
					has_errors: false,
					shipments: shipments.map(({ external_shipment_id: reference }) => ({
						external_shipment_id: reference,
						shipment_id: `se-${take(reference)}`,
					})),
				});
			}, latencyMs);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		references,
		arrivals,
		get refused() {
			return counts.refused;
		},
		get twice() {
			return counts.twice;
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
