import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** A folder on an SFTP server through which files are exchanged with a cart or a warehouse. */
export class SftpExchangeApi implements ICredentialType {
	name = 'sftpExchangeApi';

	displayName = 'SFTP Exchange API';

	icon: Icon = { light: 'file:../icons/sftpExchangeApi.svg', dark: 'file:../icons/sftpExchangeApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment#file-exchange';

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
			],
			default: 'password',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { signIn: ['password'] } },
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			description: 'The whole key, from BEGIN to END',
			displayOptions: { show: { signIn: ['privateKey'] } },
		},
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Of the private key, if it has one',
			displayOptions: { show: { signIn: ['privateKey'] } },
		},
		{
			displayName: 'Host Key Fingerprint',
			name: 'fingerprint',
			type: 'string',
			default: '',
			placeholder: 'SHA256:…',
			description: 'By which the server is known. Leave it empty and test the credential: the message shows the fingerprint of the server. Compare it with what its operator tells you, then copy it here.',
		},
		{
			displayName: 'Directory',
			name: 'directory',
			type: 'string',
			default: '',
			placeholder: '/exchange/acme',
			description: 'The folder of the exchange on the server; empty = where the server puts the user',
		},
	];
}
