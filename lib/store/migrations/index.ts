/** The migrations, oldest first, and what they set that is not a table. */
import type { MigrationInterface } from 'typeorm';
import { init1764000000000 } from './1764000000000-init';
import { voidedShipments1764090000000 } from './1764090000000-voided-shipments';
import { ruleSets1764200000000 } from './1764200000000-rule-sets';
import { splitsAndBundles1764300000000 } from './1764300000000-splits-and-bundles';
import { controlNumbers1764400000000 } from './1764400000000-control-numbers';
import { ownPositions1764500000000 } from './1764500000000-own-positions';
import { facts1764600000000 } from './1764600000000-facts';
import { connections1764700000000 } from './1764700000000-connections';
import { unfinishedImports1764800000000 } from './1764800000000-unfinished-imports';
import { begunHolds1764810000000 } from './1764810000000-begun-holds';
import { cartWords1764820000000 } from './1764820000000-cart-words';
import { settledLines1764830000000 } from './1764830000000-settled-lines';
import { packages1764840000000 } from './1764840000000-packages';
import type { MigrationTarget } from './target';

export { APPLICATION_ID } from './applicationId';

/** Oldest first; an array, not a folder, so that it survives bundling. */
export const migrationsFor = (target: MigrationTarget): Array<new () => MigrationInterface> => [
	init1764000000000(target),
	voidedShipments1764090000000(target),
	ruleSets1764200000000(target),
	splitsAndBundles1764300000000(target),
	controlNumbers1764400000000(target),
	ownPositions1764500000000(target),
	facts1764600000000(target),
	connections1764700000000(target),
	unfinishedImports1764800000000(target),
	begunHolds1764810000000(target),
	cartWords1764820000000(target),
	settledLines1764830000000(target),
	packages1764840000000(target),
];
