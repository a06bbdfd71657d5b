/** @returns what signs a request in: the secret API key as the user name, without a password */
export const medusaHeaders = ({ apiKey }: { apiKey?: unknown }): Record<string, string> => ({
	Authorization: `Basic ${Buffer.from(`${String(apiKey ?? '').trim()}:`).toString('base64')}`,
});
