import { cartPartners } from '../../nodes/partners/lists';
import { faultsOf } from './faults';

/** Medusa and Vendure are real servers, with files of their own. */
faultsOf(
	cartPartners
		.filter(([code, { exchangesFiles }]) => exchangesFiles !== true && code !== 'medusa' && code !== 'vendure')
		.map(([code]) => code),
);
