import type { OrderStore } from '../OrderStore';
import type { Database } from './session';

export const claimUploads = (_database: Database): OrderStore['claimUploads'] => async () => {
	throw new Error('not written yet');
};
export const recordUpload = (_database: Database): OrderStore['recordUpload'] => async () => {
	throw new Error('not written yet');
};
