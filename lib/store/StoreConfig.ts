/** Where an order store lives. */
export type StoreConfig =
	| {
			kind: 'sqlite';
			/** Absolute path; the file and its directory are created on first use. */
			file: string;
	  }
	| {
			kind: 'postgres';
			host: string;
			port: number;
			database: string;
			user: string;
			password: string;
			/** `no-verify` = encrypted, but the certificate is not checked. */
			ssl: boolean | 'no-verify';
			/** Must exist; default "public". */
			schema?: string;
			/** `^[a-z][a-z0-9_]{0,20}$`; default "oms_". */
			tablePrefix?: string;
	  };
