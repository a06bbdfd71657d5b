import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** A folder through which files are exchanged with a cart or a warehouse. */
export class FileExchangeApi implements ICredentialType {
	name = 'fileExchangeApi';

	displayName = 'File Exchange API';

	icon: Icon = { light: 'file:../icons/fileExchangeApi.svg', dark: 'file:../icons/fileExchangeApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment#file-exchange';

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
	];
}
