/** What the actions on tags share. */
import { ruleProblem } from '../../problem';
import { list, object, text, type Shape } from '../../ruleSet/shape';
import type { Field } from './field';

export interface TagList {
	tags: string[];
}

export const tagsShape: Shape<TagList> = object<TagList>({ tags: list(text({ least: 1 }), { most: 100 }) });

export const tags: Field = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: '',
	placeholder: 'vip, fragile',
	description: 'One or more, with commas between them',
};

/** Throws FulfillmentError when none is left. */
export function checkedTags(given: unknown): string[] {
	const tags = Array.isArray(given) ? given.filter((tag): tag is string => typeof tag === 'string').map((tag) => tag.trim()) : [];
	const named = [...new Set(tags.filter((tag) => tag !== ''))];
	if (named.length === 0) throw ruleProblem('The action names no tag.', 'Enter one or more tags.');
	return named;
}
