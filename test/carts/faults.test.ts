import { faultsOf } from './faults';
import { FAULT_CARTS } from './faultShops';

/** Vendure is a real server, with a file of its own. */
faultsOf((Object.keys(FAULT_CARTS) as Array<keyof typeof FAULT_CARTS>).filter((code) => code !== 'vendure'));
