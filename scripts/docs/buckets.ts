/** The buckets of the statement: the table of `lib/order/statement.ts`, written down. */
import { BUCKET_NAMES, BUCKETS } from '../../lib/order/statement';
import { table } from './markdown';

export const bucketTable = (): string => table(['bucket', 'in `counts` and `numbers`', 'means'], BUCKET_NAMES.map((name) => [`**${BUCKETS[name].label}**`, `\`${name}\``, BUCKETS[name].meaning]));
