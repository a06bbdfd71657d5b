import type { MigrationInterface } from 'typeorm';
import { init1764000000000 } from './1764000000000-init';
import { voidedShipments1764090000000 } from './1764090000000-voided-shipments';
import { ruleSets1764200000000 } from './1764200000000-rule-sets';
import { splitsAndBundles1764300000000 } from './1764300000000-splits-and-bundles';
import { controlNumbers1764400000000 } from './1764400000000-control-numbers';

export interface MigrationTarget {
	kind: 'sqlite' | 'postgres';
	prefix: string;
	schema: string | undefined;
}

/** Oldest first; an array, not a folder, so that it survives bundling. */
export const migrationsFor = (target: MigrationTarget): Array<new () => MigrationInterface> => [
	init1764000000000(target),
	voidedShipments1764090000000(target),
	ruleSets1764200000000(target),
	splitsAndBundles1764300000000(target),
	controlNumbers1764400000000(target),
];
