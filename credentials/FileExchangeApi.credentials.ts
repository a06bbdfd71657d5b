import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** A folder through which files are exchanged with a cart or a warehouse. */
export class FileExchangeApi implements ICredentialType {
	name = 'fileExchangeApi';

	displayName = 'File Exchange API';

	icon: Icon = { light: 'file:../icons/fileExchangeApi.svg', dark: 'file:../icons/fileExchangeApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/file-formats.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Folder',
			name: 'folder',
			type: 'string',
			default: '',
			required: true,
			placeholder: '/home/node/.n8n-files/shop',
			description:
				'Absolute path of the folder on the machine that runs n8n. It must be inside the folders that N8N_RESTRICT_FILE_ACCESS_TO allows (by default ~/.n8n-files).',
		},
		{
			displayName: 'File Permissions',
			name: 'filePermissions',
			type: 'options',
			options: [
				{
					name: 'As the System Does',
					value: 'system',
					description: 'Whatever the umask of n8n leaves; usually everybody on the machine can read orders and addresses',
				},
				{
					name: 'Automatic',
					value: 'automatic',
					description:
						'Owner only in directories that the nodes create. In an existing directory, everyone with access to the directory can read the files.',
				},
				{
					name: 'Owner and Group',
					value: 'group',
					description: 'Files 0660, directories 0770: for a program that shares a group with n8n',
				},
				{ name: 'Owner Only', value: 'owner', description: 'Files 0600, directories 0700: for a program that runs as the same user' },
			],
			default: 'automatic',
			description: 'Who can read the files that the nodes write: orders and tracking, with addresses',
		},
	];
}
