/** Columns of the exchange files, from the lists that the code itself writes and reads by. */
import { PRESETS } from '../../lib/carts/file/presets';
import { TRACKING_COLUMNS } from '../../lib/carts/file';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { SETTABLE_PATHS } from '../../lib/order/layers';
import { ORDER_COLUMNS } from '../../lib/wms/file';
import { limitsOf } from '../../lib/wms/file/settings';
import { code, table } from './markdown';

const columnList = (columns: readonly string[]): string => `\`\`\`text\n${columns.join(',')}\n\`\`\``;

export const orderColumns = (): string => columnList(ORDER_COLUMNS);

export const trackingColumns = (): string => columnList(TRACKING_COLUMNS);

export function presetTable(name: keyof typeof PRESETS): string {
	return table(['field of the order', 'column of the file'], [...PRESETS[name].columns].map(([field, columns]) => [code(field), columns.map(code).join(field.startsWith('lines.') ? ' or ' : ' + ')]));
}

export function limitTable(): string {
	return table(
		['field', 'longest', 'needed'],
		limitsOf({}).map(({ path, maxLength, required, pattern }) => [code(path), pattern ? `two capital letters` : String(maxLength ?? ''), required ? 'yes' : '']),
	);
}

export const settableFields = (): string => `${SETTABLE_PATHS.map(code).join(', ')}, ${code('custom.<name>')}, and of a line ${code('lines.<line ID>.quantity')}, ${code('lines.<line ID>.sku')}, ${code('lines.<line ID>.name')}.`;

const duration = (minutes: number): string => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`);

export function retryNote(): string {
	const { pausesInMinutes: pauses, jitter } = DEFAULT_RETRY;
	const hours = Math.round(pauses.reduce((sum, minutes) => sum + minutes, 0) / 60);
	return `A try that fails is repeated after ${pauses.map(duration).join(', ')}, each up to ${jitter * 100} % later at random: ${pauses.length + 1} tries over at least ${hours} hours. Then the order goes to Error.`;
}
