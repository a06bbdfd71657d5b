/**
 * Parameters of the built-in nodes that the templates use, written from n8n's public documentation and exported workflows: names,
 * types, options and display rules as in the editor, without texts. Only what the stand-ins support is declared, so that a template
 * that uses more is reported by the template checks instead of passing unseen.
 */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

const options = (...values: string[]): INodePropertyOptions[] => values.map((value) => ({ name: value, value }));
const property = (
	name: string,
	type: INodeProperties['type'],
	fallback: INodeProperties['default'],
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName: name,
	name,
	type,
	default: fallback,
	...more,
});
type Shown = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;
const text = (name: string, more: Partial<INodeProperties> = {}) => property(name, 'string', '', more);
const flag = (name: string, fallback = false, more: Partial<INodeProperties> = {}) => property(name, 'boolean', fallback, more);
const number = (name: string, fallback: number, more: Partial<INodeProperties> = {}) => property(name, 'number', fallback, more);
const choice = (name: string, values: string[], more: Partial<INodeProperties> = {}) =>
	property(name, 'options', values[0] ?? '', { options: options(...values), ...more });
const collection = (name: string, members: INodeProperties[]) => property(name, 'collection', {}, { options: members });
const group = (name: string, values: INodeProperties[]): INodePropertyCollection => ({ displayName: name, name, values });
const shown = (show: Shown): Partial<INodeProperties> => ({ displayOptions: { show } });
const pairs = (name: string, show: Shown) =>
	property(
		name,
		'fixedCollection',
		{ parameters: [] },
		{ typeOptions: { multipleValues: true }, options: [group('parameters', [text('name'), text('value')])], ...shown(show) },
	);

const every = (name: string, field: string, fallback: number) => number(name, fallback, shown({ field: [field] }));

export const scheduleProperties: INodeProperties[] = [
	property(
		'rule',
		'fixedCollection',
		{ interval: [{ field: 'days' }] },
		{
			typeOptions: { multipleValues: true },
			options: [
				group('interval', [
					choice('field', ['days', 'seconds', 'minutes', 'hours', 'weeks', 'months', 'cronExpression']),
					every('secondsInterval', 'seconds', 30),
					every('minutesInterval', 'minutes', 5),
					every('hoursInterval', 'hours', 1),
					every('daysInterval', 'days', 1),
					every('weeksInterval', 'weeks', 1),
					every('monthsInterval', 'months', 1),
					number('triggerAtDayOfMonth', 1, shown({ field: ['months'] })),
					property('triggerAtDay', 'multiOptions', [0], {
						options: [0, 1, 2, 3, 4, 5, 6].map((value) => ({ name: String(value), value })),
						...shown({ field: ['weeks'] }),
					}),
					number('triggerAtHour', 0, shown({ field: ['days', 'weeks', 'months'] })),
					number('triggerAtMinute', 0, shown({ field: ['hours', 'days', 'weeks', 'months'] })),
					text('expression', shown({ field: ['cronExpression'] })),
				]),
			],
		},
	),
];

export const stickyProperties: INodeProperties[] = [
	text('content'),
	number('height', 160),
	number('width', 240),
	property('color', 'number', 1),
];

export const ifProperties: INodeProperties[] = [
	property(
		'conditions',
		'filter',
		{},
		{
			typeOptions: {
				filter: {
					caseSensitive: '={{!$parameter.options.ignoreCase}}',
					typeValidation:
						'={{ ($nodeVersion < 2.1 ? $parameter.options.looseTypeValidation : $parameter.looseTypeValidation) ? "loose" : "strict" }}',
					version: '={{ $nodeVersion >= 2.3 ? 3 : $nodeVersion >= 2.2 ? 2 : 1 }}',
				},
			},
		},
	),
	flag('looseTypeValidation', false, shown({ '@version': [{ _cnd: { gte: 2.1 } }] })),
	collection('options', [flag('ignoreCase', true), flag('looseTypeValidation', true, shown({ '@version': [{ _cnd: { lt: 2.1 } }] }))]),
];

export const setProperties: INodeProperties[] = [
	choice('mode', ['manual', 'raw']),
	flag('duplicateItem'),
	property('jsonOutput', 'json', '{}', shown({ mode: ['raw'] })),
	property('assignments', 'assignmentCollection', {}, shown({ mode: ['manual'] })),
	flag('includeOtherFields'),
	choice('include', ['all'], shown({ includeOtherFields: [true] })),
	collection('options', [flag('ignoreConversionErrors'), flag('dotNotation', true)]),
];

export const mergeProperties: INodeProperties[] = [choice('mode', ['append']), number('numberInputs', 2, shown({ mode: ['append'] }))];

export const stopProperties: INodeProperties[] = [
	choice('errorType', ['errorMessage', 'errorObject']),
	text('errorMessage', { required: true, ...shown({ errorType: ['errorMessage'] }) }),
	property('errorObject', 'json', '', { required: true, ...shown({ errorType: ['errorObject'] }) }),
];

export const emailProperties: INodeProperties[] = [
	choice('resource', ['email']),
	choice('operation', ['send']),
	text('fromEmail', { required: true }),
	text('toEmail', { required: true }),
	text('subject'),
	choice('emailFormat', ['html', 'text', 'both']),
	text('text', shown({ emailFormat: ['text', 'both'] })),
	text('html', shown({ emailFormat: ['html', 'both'] })),
	collection('options', [
		flag('appendAttribution', true),
		text('attachments'),
		text('ccEmail'),
		text('bccEmail'),
		flag('allowUnauthorizedCerts'),
		text('replyTo'),
	]),
];

const locator = (name: string, select: string, modes: string[]): INodeProperties =>
	property(
		name,
		'resourceLocator',
		{ mode: 'list', value: '' },
		{
			required: true,
			modes: modes.map((mode) => ({ displayName: mode, name: mode, type: mode === 'list' ? 'list' : 'string' })),
			...shown({ select: [select] }),
		},
	);

export const slackProperties: INodeProperties[] = [
	choice('authentication', ['accessToken', 'oAuth2']),
	choice('resource', ['message']),
	choice('operation', ['post']),
	choice('select', ['channel', 'user']),
	locator('channelId', 'channel', ['list', 'id', 'name', 'url']),
	locator('user', 'user', ['list', 'id', 'username']),
	choice('messageType', ['text', 'block']),
	text('text', { required: true, ...shown({ messageType: ['text', 'block'] }) }),
	text('blocksUi', { required: true, ...shown({ messageType: ['block'] }) }),
	collection('otherOptions', [flag('includeLinkToWorkflow', true), flag('mrkdwn', true), flag('unfurl_links'), flag('unfurl_media', true)]),
];

export const httpProperties: INodeProperties[] = [
	choice('method', ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
	text('url', { required: true }),
	choice('authentication', ['none']),
	flag('sendQuery'),
	choice('specifyQuery', ['keypair'], shown({ sendQuery: [true] })),
	pairs('queryParameters', { sendQuery: [true] }),
	flag('sendHeaders'),
	choice('specifyHeaders', ['keypair'], shown({ sendHeaders: [true] })),
	pairs('headerParameters', { sendHeaders: [true] }),
	flag('sendBody'),
	choice('contentType', ['json'], shown({ sendBody: [true] })),
	choice('specifyBody', ['keypair', 'json'], shown({ sendBody: [true] })),
	pairs('bodyParameters', { sendBody: [true], specifyBody: ['keypair'] }),
	property('jsonBody', 'json', '', shown({ sendBody: [true], specifyBody: ['json'] })),
	collection('options', [number('timeout', 10_000)]),
];
