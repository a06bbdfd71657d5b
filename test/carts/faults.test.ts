import { faultsOf } from './faults';
import { FAULT_CARTS } from './faultShops';

/** Medusa and Vendure are real servers, with files of their own. */
faultsOf((Object.keys(FAULT_CARTS) as Array<keyof typeof FAULT_CARTS>).filter((code) => code !== 'medusa' && code !== 'vendure'));
