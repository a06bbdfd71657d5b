/** The code of an error of the file system, "ENOENT"; "" = it has none. */
export function codeIn(error: unknown): string {
	return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
