import { vendureUrl } from '../real/vendureShop';
import { faultsOf } from './faults';

if (vendureUrl() === null) it.skip('needs the real Vendure', () => undefined);
else faultsOf(['vendure']);
