/** What goes with every request: the channel, and the API key where there is one. With a password the adapter signs in and keeps the session. */
export function vendureHeaders({
	authentication,
	apiKey,
	channelToken,
}: {
	authentication?: unknown;
	apiKey?: unknown;
	channelToken?: unknown;
}): Record<string, string> {
	const key = authentication === 'apiKey' ? String(apiKey ?? '').trim() : '';
	const channel = String(channelToken ?? '').trim();
	return { ...(key === '' ? {} : { 'vendure-api-key': key }), ...(channel === '' ? {} : { 'vendure-token': channel }) };
}
