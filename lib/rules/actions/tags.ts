import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Adds tags that the order does not have yet. Tags are compared as they stand, as carts do. */
export const addTags: ActionDefinition<ActionOf<'addTags'>> = {
	compile(action) {
		const tags = checkedTags(action.tags);
		return (content) => {
			const missing = tags.filter((tag) => !content.tags.includes(tag));
			return { content: missing.length === 0 ? content : { ...content, tags: [...content.tags, ...missing] } };
		};
	},
};

export const removeTags: ActionDefinition<ActionOf<'removeTags'>> = {
	compile(action) {
		const tags = checkedTags(action.tags);
		return (content) => {
			const left = content.tags.filter((tag) => !tags.includes(tag));
			return { content: left.length === content.tags.length ? content : { ...content, tags: left } };
		};
	},
};

function checkedTags(given: unknown): string[] {
	const tags = Array.isArray(given) ? given.filter((tag): tag is string => typeof tag === 'string').map((tag) => tag.trim()) : [];
	const named = [...new Set(tags.filter((tag) => tag !== ''))];
	if (named.length === 0) throw ruleProblem('The action names no tag.', 'Enter one or more tags.');
	return named;
}
