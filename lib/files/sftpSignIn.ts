/** How we sign in to an SFTP server: with whatever of the credential it asks for, in its order, and what it refused in words. */
import type { AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import type { SftpAccount } from './sftpAccount';

/** In the order in which servers that ask for several want them. */
const METHODS = ['publickey', 'password', 'keyboard-interactive'] as const;
type Method = (typeof METHODS)[number];

const WORDS: Readonly<Record<Method, string>> = {
	publickey: 'the private key',
	password: 'the password',
	'keyboard-interactive': 'the password as an answer to its question',
};

const wordsOf = (method: string): string => METHODS.flatMap((known) => (known === method ? WORDS[known] : []))[0] ?? method;

/** A code that changes each time, which no credential has. */
const ASKS_FOR_CODE = /code|token|otp|one[- ]time|verification|authenticator/i;

export interface SignIn {
	handler: AuthHandlerMiddleware;
	/** Answers the questions of the server. */
	answer(prompts: readonly Prompt[]): string[];
	/** What became of it, for people. @example "it refused the password; it takes publickey" */
	refusal(): string;
}

export function signInOf({ user, password, privateKey }: SftpAccount): SignIn {
	const ours = METHODS.filter((method) => (method === 'publickey' ? privateKey : password));
	let tried = new Set<string>();
	let last: Method | null = null;
	let offered: readonly string[] = [];
	const accepted: Method[] = [];
	const refused: Method[] = [];
	const unanswered: string[] = [];

	/** What became of the one before, and what is left. */
	function hear(left: readonly string[] | null, isPartly: boolean): void {
		if (left !== null) offered = left;
		if (last === null) return;
		(isPartly ? accepted : refused).push(last);
		// What was refused before may be the second step.
		if (isPartly) tried = new Set(accepted);
		last = null;
	}

	return {
		handler: (left: AuthenticationType[] | null, isPartly: boolean | null) => {
			hear(left, isPartly === true);
			// The first question is what there is.
			if (left === null) return 'none';
			const method = ours.find((one) => !tried.has(one) && left.includes(one));
			if (method === undefined) return false;
			tried.add(method);
			last = method;
			return method;
		},
		answer: (prompts) =>
			prompts.map(({ prompt, echo = false }) => {
				if (ASKS_FOR_CODE.test(prompt)) unanswered.push(prompt.trim());
				// What is shown while it is typed is no secret.
				return echo ? user : (password ?? '');
			}),
		refusal: () => {
			const list = (methods: readonly string[]): string => [...new Set(methods)].map(wordsOf).join(' and ');
			const said = [
				...(accepted.length > 0 ? [`it took ${list(accepted)}`] : []),
				...(refused.length > 0 ? [`it refused ${list(refused)}`] : []),
				...(unanswered.length > 0 ? [`it asks for "${unanswered[0]}", which changes each time`] : []),
			];
			const missing = offered.filter((method) => !refused.some((one) => one === method));
			const asks = `it ${accepted.length > 0 ? 'asks besides for' : 'takes'} ${missing.join(', ')}`;
			return [...said, ...(missing.length > 0 ? [asks] : [])].join('; ');
		},
	};
}

/** A key that was pasted into a field of one line has blanks, or "\n" in letters, where its line breaks were. */
export function wholeKey(text: string): string {
	const broken = text.replaceAll('\\n', '\n').trim();
	const [, begin, body, end] = /^(-----BEGIN [A-Z0-9 ]+-----)([^:]*?)(-----END [A-Z0-9 ]+-----)$/.exec(broken) ?? [];
	if (begin === undefined || body === undefined || end === undefined || /\S\n\S/.test(body)) return `${broken}\n`;
	return `${[begin, ...body.split(/\s+/).filter((line) => line !== ''), end].join('\n')}\n`;
}
