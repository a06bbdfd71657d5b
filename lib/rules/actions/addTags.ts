import type { RuleAction } from './common/action';
import { checkedTags, tags, type TagList, tagsShape } from './common/tags';

/** Adds tags that the order does not have yet. Tags are compared as they stand, as carts do. */
export const addTags: RuleAction<TagList> = {
	option: { name: 'Add Tags', action: 'Add tags', description: 'Later rules can ask for them' },
	shape: tagsShape,
	fields: [tags],
	read: (given) => ({ tags: given.parts('tags') }),
	compile(action) {
		const tags = checkedTags(action.tags);
		return (content) => {
			const missing = tags.filter((tag) => !content.tags.includes(tag));
			return { content: missing.length === 0 ? content : { ...content, tags: [...content.tags, ...missing] } };
		};
	},
};
