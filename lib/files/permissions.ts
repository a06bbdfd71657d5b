/** Who may read and write what we put into an exchange folder. Orders and tracking carry addresses, and so do the directories that hold them. */

/**
 * - `automatic`: nobody but the owner, in directories that we make; in a directory that was there before, whom the directory lets in.
 * - `owner`, `group`: these and nobody else.
 * - `system`: what the umask of the process (on SFTP: the server) leaves.
 */
export type FilePermissions = 'automatic' | 'owner' | 'group' | 'system';

const ALL: readonly FilePermissions[] = ['automatic', 'owner', 'group', 'system'];

/** What a credential says; one that was saved before there was such a field says nothing. */
export const filePermissionsOf = (value: unknown): FilePermissions => ALL.find((known) => known === value) ?? 'automatic';

/** The bits that let somebody of the group, or anybody, enter a directory. */
const GROUP_MAY_ENTER = 0o010;
const OTHERS_MAY_ENTER = 0o001;
const BEFORE_UMASK = 0o664;

interface Mode {
	mode: number;
	/** The umask must not take any of it away. */
	exact: boolean;
}

/**
 * @param directory the mode of the directory in which the file is made
 * @example fileMode('automatic', 0o755) // { mode: 0o664, exact: false }: as it always was, for a warehouse's program that runs as another user
 */
export function fileMode(permissions: FilePermissions, directory: number): Mode {
	switch (permissions) {
		case 'owner':
			return { mode: 0o600, exact: false };
		case 'group':
			return { mode: 0o660, exact: true };
		case 'system':
			return { mode: BEFORE_UMASK, exact: false };
		case 'automatic': {
			const reachedBy = 0o600 | (directory & GROUP_MAY_ENTER ? 0o070 : 0) | (directory & OTHERS_MAY_ENTER ? 0o007 : 0);
			return { mode: BEFORE_UMASK & reachedBy, exact: false };
		}
	}
}

/** Of a directory that we make. */
export function directoryMode(permissions: FilePermissions): Mode {
	if (permissions === 'group') return { mode: 0o770, exact: true };
	return { mode: permissions === 'system' ? 0o777 : 0o700, exact: false };
}
