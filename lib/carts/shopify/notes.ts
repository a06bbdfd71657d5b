/** Our lines in the note of an order: marked, so that they are found again and never come back as a change of the order. */
const MARK = '[warehouse] ';

/** One line of the note. */
const ourNote = (text: string): string => `${MARK}${text.replace(/\s+/g, ' ').trim()}`;

export const hasOurNote = (note: string | null, text: string): boolean => (note ?? '').split(/\r?\n/).includes(ourNote(text));

export const withOurNote = (note: string | null, text: string): string =>
	[...((note ?? '').trimEnd() === '' ? [] : [(note ?? '').trimEnd()]), ourNote(text)].join('\n');

export const withoutOurNotes = (note: string | null): string =>
	(note ?? '')
		.split(/\r?\n/)
		.filter((line) => !line.startsWith(MARK))
		.join('\n')
		.trim();
