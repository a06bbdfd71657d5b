import { FulfillmentError } from '../order/errors';
import { codeIn } from './errno';
import { FolderFailure } from './Folder';

const CAUSES: Record<string, [problem: string, remedy: string]> = {
	EACCES: ['the user who runs n8n may not do this', 'Give the user who runs n8n read and write permission on the folder.'],
	EPERM: ['the user who runs n8n may not do this', 'Give the user who runs n8n read and write permission on the folder.'],
	ENOSPC: ['no space is left on the disk', 'Free space on the disk.'],
	EDQUOT: ['the disk quota is used up', 'Free space, or raise the quota.'],
	EROFS: ['the disk is mounted read-only', 'Mount the disk for writing.'],
	EMFILE: ['too many files are open', 'Raise the limit of open files for n8n.'],
	EIO: ['the disk reports an input/output error', 'Check the disk or the share.'],
	ESTALE: ['the share lost the file', 'Check the share; it is retried automatically.'],
	ENOTDIR: ['a part of the path is a file', 'Remove or rename that file.'],
	EISDIR: ['it is a directory', 'Remove or rename that directory.'],
};

/** An error of the file system in plain words. Errors that are ours already stay as they are. */
export function folderFailure(error: unknown, call: string, place: string, written: 'no' | 'maybe' = 'no'): FulfillmentError {
	if (error instanceof FulfillmentError) return error;
	const code = codeIn(error);
	const [problem, remedy] = CAUSES[code] ?? [code || String(error), 'Check the folder and its disk or share.'];
	return new FolderFailure(`Cannot ${call} ${place}: ${problem}${code && CAUSES[code] ? ` (${code})` : ''}.`, remedy, written, {
		retryable: true,
		cause: error,
	});
}
