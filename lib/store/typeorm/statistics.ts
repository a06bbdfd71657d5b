import type { OrderStore } from '../OrderStore';
import type { Database } from './session';

export const statistics = (_database: Database): OrderStore['statistics'] => async () => {
	throw new Error('not written yet');
};
