/** The picture of an order's life and the tables of its statuses, from the one table in `lib/order/status.ts`. */
import { mayMove, ORDER_STATUSES, STATUSES, statusesBefore, statusLabel, type OrderStatus } from '../../lib/order/status';
import { table } from './markdown';

type Look = 'main' | 'done' | 'wait' | 'alarm' | 'away';

interface Box {
	x: number;
	y: number;
	width: number;
	look: Look;
	caption: string;
}

const HEIGHT = 64;
/** The three lanes. */
const TOP = 92;
const MIDDLE = 262;
const BOTTOM = 462;

/** Where each status stands: exhaustive, so that a new status must be given a place. */
const BOXES: Readonly<Record<OrderStatus, Box>> = {
	new: { x: 172, y: MIDDLE, width: 148, look: 'main', caption: 'imported, once' },
	routed: { x: 384, y: MIDDLE, width: 126, look: 'main', caption: 'has a warehouse' },
	queued: { x: 574, y: MIDDLE, width: 146, look: 'main', caption: 'intent is saved' },
	open: { x: 784, y: MIDDLE, width: 126, look: 'main', caption: 'WMS has it' },
	partially_shipped: { x: 966, y: MIDDLE, width: 172, look: 'main', caption: 'more to come' },
	closed: { x: 1194, y: MIDDLE, width: 126, look: 'done', caption: 'cart knows it all' },
	skipped: { x: 40, y: TOP, width: 176, look: 'away', caption: 'a rule filtered it out' },
	delayed: { x: 276, y: TOP, width: 344, look: 'wait', caption: 'until a hold ends, or until the next try' },
	error: { x: 660, y: TOP, width: 250, look: 'alarm', caption: 'alert with the next steps' },
	bundled: { x: 172, y: BOTTOM, width: 148, look: 'away', caption: 'part of another order' },
	canceled: { x: 384, y: BOTTOM, width: 180, look: 'away', caption: 'at the WMS or in the cart' },
	abandoned: { x: 628, y: BOTTOM, width: 180, look: 'away', caption: 'no shipment in time' },
	archived: { x: 872, y: BOTTOM, width: 258, look: 'away', caption: 'never imported again' },
	deleted: { x: 1194, y: BOTTOM, width: 126, look: 'away', caption: 'may come again' },
};

const LOOKS: Readonly<Record<Look, { fill: string; line: string }>> = {
	main: { fill: '#eef4ff', line: '#2f6bde' },
	done: { fill: '#e9f9f0', line: '#12875a' },
	wait: { fill: '#fff7e2', line: '#c98308' },
	alarm: { fill: '#fff0f0', line: '#d3342f' },
	away: { fill: '#f5f6f8', line: '#8a94a6' },
};

interface Arrow {
	/** The moves that it stands for; the table must allow each. */
	from: readonly OrderStatus[];
	to: OrderStatus;
	/** Corners of the way; the last one is the arrow's head. */
	way: ReadonlyArray<readonly [number, number]>;
	label?: { text: string; x: number; y: number; anchor?: 'start' | 'middle' | 'end' };
	/** By a person. */
	dashed?: boolean;
	color?: string;
}

const under = HEIGHT + TOP;
const main = MIDDLE + HEIGHT / 2;
const below = MIDDLE + HEIGHT;
/** The rail below the main lane, from which orders are put away. */
const RAIL = 396;
const RAIL_SOURCES: readonly OrderStatus[] = ['routed', 'open', 'partially_shipped'];

const ARROWS: readonly Arrow[] = [
	{ from: ['new'], to: 'routed', way: [[320, main], [384, main]], label: { text: 'rules', x: 350, y: main - 9 } },
	{ from: ['routed'], to: 'queued', way: [[510, main], [574, main]], label: { text: 'claim', x: 540, y: main - 9 } },
	{ from: ['queued'], to: 'open', way: [[720, main], [784, main]], label: { text: 'send', x: 750, y: main - 9 } },
	{ from: ['open'], to: 'partially_shipped', way: [[910, main], [966, main]], label: { text: 'ship', x: 936, y: main - 9 } },
	{ from: ['partially_shipped'], to: 'closed', way: [[1138, main], [1194, main]], label: { text: 'upload', x: 1164, y: main - 9 } },
	{ from: ['open'], to: 'closed', way: [[868, MIDDLE], [868, 214], [1257, 214], [1257, MIDDLE]], label: { text: 'all shipped at once, tracking uploaded', x: 1062, y: 206 } },
	{ from: ['new'], to: 'skipped', way: [[196, MIDDLE], [196, under]], label: { text: 'skip', x: 188, y: 214, anchor: 'end' } },
	{ from: ['new'], to: 'delayed', way: [[288, MIDDLE], [288, under]], label: { text: 'hold', x: 282, y: 190, anchor: 'end' }, color: LOOKS.wait.line },
	{ from: ['delayed'], to: 'new', way: [[306, under], [306, MIDDLE]], label: { text: 'hold over', x: 314, y: 236, anchor: 'start' }, color: LOOKS.wait.line },
	{ from: ['delayed'], to: 'routed', way: [[447, under], [447, MIDDLE]], label: { text: 'next try', x: 455, y: 214, anchor: 'start' }, color: LOOKS.wait.line },
	{ from: ['queued'], to: 'delayed', way: [[600, MIDDLE], [600, under]], label: { text: 'no answer', x: 592, y: 190, anchor: 'end' }, color: LOOKS.wait.line },
	{ from: ['queued'], to: 'error', way: [[690, MIDDLE], [690, under]], label: { text: 'refused', x: 698, y: 214, anchor: 'start' }, color: LOOKS.alarm.line },
	{ from: ['open'], to: 'error', way: [[826, MIDDLE], [826, under]], label: { text: 'refused later', x: 818, y: 190, anchor: 'end' }, color: LOOKS.alarm.line },
	{
		from: ['error'], to: 'new', dashed: true, way: [[785, TOP], [785, 60], [246, 60], [246, MIDDLE]],
		label: { text: 'corrected, then reprocessed', x: 516, y: 52 },
	},
	{ from: ['new'], to: 'bundled', way: [[210, below], [210, BOTTOM]], label: { text: 'bundle', x: 202, y: 430, anchor: 'end' } },
	{ from: RAIL_SOURCES, to: 'canceled', way: [[474, RAIL], [474, BOTTOM]], label: { text: 'canceled', x: 482, y: 434, anchor: 'start' } },
	{ from: RAIL_SOURCES, to: 'abandoned', way: [[718, RAIL], [718, BOTTOM]], label: { text: 'after 45 days', x: 726, y: 434, anchor: 'start' } },
	{ from: RAIL_SOURCES, to: 'archived', dashed: true, way: [[1001, RAIL], [1001, BOTTOM]], label: { text: 'put away', x: 1009, y: 434, anchor: 'start' } },
	{ from: ['closed'], to: 'archived', dashed: true, way: [[1220, below], [1220, 428], [1100, 428], [1100, BOTTOM]] },
	{ from: ['archived'], to: 'deleted', dashed: true, way: [[1130, BOTTOM + HEIGHT / 2], [1194, BOTTOM + HEIGHT / 2]], label: { text: 'purge', x: 1160, y: BOTTOM + 23 } },
];

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A line with round corners. */
function wayOf(points: Arrow['way']): string {
	const radius = 10;
	return points
		.map(([x, y], index) => {
			const before = points[index - 1];
			const after = points[index + 1];
			if (before === undefined) return `M${x} ${y}`;
			if (after === undefined) return `L${x} ${y}`;
			const towards = ([fx, fy]: readonly [number, number]) => `${x + Math.sign(fx - x) * radius} ${y + Math.sign(fy - y) * radius}`;
			return `L${towards(before)} Q${x} ${y} ${towards(after)}`;
		})
		.join(' ');
}

function boxOf(status: OrderStatus): string {
	const { x, y, width, look, caption } = BOXES[status];
	const { fill, line } = LOOKS[look];
	const center = x + width / 2;
	return [
		`<g><title>${escaped(`${statusLabel(status)}: ${STATUSES[status].meaning}`)}</title>`,
		`<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="12" fill="${fill}" stroke="${line}" stroke-width="1.6"/>`,
		`<text x="${center}" y="${y + 28}" class="name">${escaped(statusLabel(status))}</text>`,
		`<text x="${center}" y="${y + 48}" class="note">${escaped(caption)}</text></g>`,
	].join('');
}

function arrowOf({ from, to, way, label, dashed = false, color = '#5b6576' }: Arrow): string {
	for (const status of from) if (!mayMove(status, to)) throw new Error(`The diagram draws ${status} → ${to}, which the table does not allow.`);
	const head = `head${color.slice(1)}`;
	const line = `<path d="${wayOf(way)}" fill="none" stroke="${color}" stroke-width="1.8"${dashed ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#${head})"/>`;
	return label === undefined ? line : `${line}<text x="${label.x}" y="${label.y}" class="word" style="text-anchor:${label.anchor ?? 'middle'}">${escaped(label.text)}</text>`;
}

/** The picture. Throws when it would show a move that the table does not allow. */
export function lifecycleSvg(): string {
	const colors = [...new Set(ARROWS.map(({ color }) => color ?? '#5b6576'))];
	const heads = colors.map((color) => `<marker id="head${color.slice(1)}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" fill="${color}"/></marker>`);
	const lane = (y: number, height: number, title: string): string =>
		`<rect x="16" y="${y}" width="1328" height="${height}" rx="16" fill="#fafbfc"/><text x="32" y="${y + 22}" class="lane">${title}</text>`;
	const grey = '#8a94a6';
	const rail = [
		...RAIL_SOURCES.map((status) => {
			const { x, width } = BOXES[status];
			return `<path d="M${x + width / 2} ${below} L${x + width / 2} ${RAIL}" stroke="${grey}" stroke-width="1.8"/>`;
		}),
		`<path d="M447 ${RAIL} L1052 ${RAIL}" stroke="${grey}" stroke-width="1.8" stroke-linecap="round"/>`,
	];
	const cart = `<g><rect x="32" y="${MIDDLE}" width="84" height="${HEIGHT}" rx="12" fill="#ffffff" stroke="#5b6576" stroke-width="1.6"/><text x="74" y="${MIDDLE + 28}" class="name">Cart</text><text x="74" y="${MIDDLE + 48}" class="note">orders</text></g>`
		+ `<path d="M116 ${main} L172 ${main}" stroke="#5b6576" stroke-width="1.8" marker-end="url(#head5b6576)"/><text x="142" y="${main - 9}" class="word" style="text-anchor:middle">import</text>`;
	return `${[
		'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1360 580" role="img" font-family="Inter, \'Segoe UI\', Helvetica, Arial, \'DejaVu Sans\', sans-serif">',
		'<title>The life of an order</title>',
		'<desc>Generated from lib/order/status.ts by "npm run docs". The main ways only; the table in docs/concepts.md has every move.</desc>',
		'<style>.name{font-size:16px;font-weight:600;fill:#1c2430;text-anchor:middle}.note{font-size:12px;fill:#5b6576;text-anchor:middle}.word{font-size:12px;fill:#39424f}.lane{font-size:12px;fill:#8a94a6;letter-spacing:.04em}</style>',
		`<defs>${heads.join('')}</defs>`,
		'<rect width="1360" height="580" rx="18" fill="#ffffff"/>',
		lane(16, 170, 'WAITS OR NEEDS A DECISION'),
		lane(230, 124, 'ON ITS WAY'),
		lane(410, 130, 'PUT AWAY'),
		...rail,
		...ARROWS.map(arrowOf),
		cart,
		...ORDER_STATUSES.map(boxOf),
		'<text x="32" y="564" class="note" style="text-anchor:start">Solid: happens by itself. Dashed: a person does it. Only the main ways are drawn; each move is one line of a table, one conditional update and one entry of the timeline.</text>',
		'</svg>',
	].join('\n')}\n`;
}

const labels = (statuses: readonly OrderStatus[]): string => statuses.map(statusLabel).join(', ');

/** Every status with every move. */
export function statusTable(): string {
	return table(
		['status', 'value', 'means', 'comes from', 'may go to'],
		ORDER_STATUSES.map((status) => [
			`**${statusLabel(status)}**`,
			`\`${status}\``,
			STATUSES[status].meaning,
			labels(statusesBefore(status)) + (status === 'new' ? ', the import' : ''),
			labels(ORDER_STATUSES.filter((to) => mayMove(status, to))) || 'nothing: only a line with a hash remains',
		]),
	);
}

/** What the parent of a split may do besides. */
export function splitParentNote(): string {
	const notes = ORDER_STATUSES.flatMap((status) => {
		const more = ORDER_STATUSES.filter((to) => mayMove(status, to, true) && !mayMove(status, to));
		return more.length > 0 ? [`The parent of a split order may also go from ${statusLabel(status)} to ${labels(more)}: it follows its parts.`] : [];
	});
	return notes.join('\n');
}
