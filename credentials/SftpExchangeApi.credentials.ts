import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** A folder on an SFTP server through which files are exchanged with a cart or a warehouse. */
export class SftpExchangeApi implements ICredentialType {
	name = 'sftpExchangeApi';

	displayName = 'SFTP Exchange API';

	icon: Icon = { light: 'file:../icons/sftpExchangeApi.svg', dark: 'file:../icons/sftpExchangeApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/file-formats.md';

	properties: INodeProperties[] = [
		{ displayName: 'Host', name: 'host', type: 'string', default: '', required: true, placeholder: 'sftp.example.com' },
		{ displayName: 'Port', name: 'port', type: 'number', default: 22 },
		{ displayName: 'Username', name: 'username', type: 'string', default: '', required: true },
		{
			displayName: 'Sign In With',
			name: 'signIn',
			type: 'options',
			options: [
				{ name: 'Password', value: 'password' },
				{ name: 'Private Key', value: 'privateKey' },
				{ name: 'Private Key and Password', value: 'both', description: 'For servers that ask for both, or for either' },
			],
			default: 'password',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { signIn: ['password', 'both'] } },
			description: 'Also the answer when the server asks for it (keyboard-interactive)',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			description: 'The whole key, from BEGIN to END',
			displayOptions: { show: { signIn: ['privateKey', 'both'] } },
		},
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Of the private key, if it has one',
			displayOptions: { show: { signIn: ['privateKey', 'both'] } },
		},
		{
			displayName: 'Host Key Fingerprint',
			name: 'fingerprint',
			type: 'string',
			default: '',
			placeholder: 'SHA256:…',
			description:
				'By which the server is known. Leave it empty and test the credential: the message shows the fingerprint of the server. Compare it with what its operator tells you, then copy it here. That of any of its host keys will do.',
		},
		{
			displayName: 'Directory',
			name: 'directory',
			type: 'string',
			default: '',
			placeholder: '/exchange/acme',
			description: 'The folder of the exchange on the server; empty = where the server puts the user',
		},
		{
			displayName: 'File Permissions',
			name: 'filePermissions',
			type: 'options',
			options: [
				{
					name: 'As the System Does',
					value: 'system',
					description: 'Files 0664; usually everybody on the server can read orders and addresses',
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
					description: 'Files 0660, directories 0770: for a program that shares a group with the user of the credential',
				},
				{ name: 'Owner Only', value: 'owner', description: 'Files 0600, directories 0700: for a program that runs as the same user' },
			],
			default: 'automatic',
			description: 'Who can read the files that the nodes write: orders and tracking, with addresses',
		},
	];
}
