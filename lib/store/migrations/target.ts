/** The database that a migration changes. */
export interface MigrationTarget {
	kind: 'sqlite' | 'postgres';
	prefix: string;
	schema: string | undefined;
}
