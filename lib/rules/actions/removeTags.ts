import type { RuleAction } from './common/action';
import { checkedTags, tags, type TagList, tagsShape } from './common/tags';

/** Removes tags. Those that the order does not have are no problem. */
export const removeTags: RuleAction<TagList> = {
	option: { name: 'Remove Tags', action: 'Remove tags', description: 'Tags that the order does not have are ignored' },
	shape: tagsShape,
	fields: [tags],
	read: (given) => ({ tags: given.parts('tags') }),
	compile(action) {
		const tags = checkedTags(action.tags);
		return (content) => {
			const left = content.tags.filter((tag) => !tags.includes(tag));
			return { content: left.length === content.tags.length ? content : { ...content, tags: left } };
		};
	},
};
