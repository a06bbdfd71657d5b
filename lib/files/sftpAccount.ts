/** Where an SFTP server is, and what it is signed in to with. */
export interface SftpAccount {
	host: string;
	/** Default 22. */
	port?: number;
	user: string;
	password?: string;
	/** PEM or OpenSSH format. */
	privateKey?: string;
	passphrase?: string;
	/**
	 * "SHA256:…" of any of the server's host keys, or the whole line as `ssh-keygen -l` shows it; several are separated by commas or lines. Empty = unknown:
	 * the connection is refused, and the error names the server's.
	 */
	fingerprint: string;
	/** Below what the server shows; "" or "." = where it puts the user. */
	directory: string;
}
