import { medusaUrl } from '../real/medusaShop';
import { faultsOf } from './faults';

if (medusaUrl() === null) it.skip('needs the real Medusa', () => undefined);
else faultsOf(['medusa']);
