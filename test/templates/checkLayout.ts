/** Checks that a template can be read on the canvas: nodes apart, notes beside or around them, their text not covered. */
import type { INode } from 'n8n-workflow';
import type { Finding } from './finding';

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Size of a node on n8n's canvas, without its label. */
const NODE = 96;
/** Average width of a letter and height of a line in a note, inside its padding: rather small, so that only clear cases are reported. */
const LETTER = 7;
const LINE = 20;
const PADDING = 16;

export function checkLayout(nodes: INode[], isNote: (node: INode) => boolean): Finding[] {
	const findings: Finding[] = [];
	const report = (box: Box, message: string) => void findings.push({ rule: 'layout', message, node: box.name });
	const boxes = nodes.filter((node) => !isNote(node)).map((node) => boxOf(node, NODE, NODE));
	const notes = nodes.filter(isNote).map((node) => ({ box: boxOf(node, sizeOf(node, 'width', 240), sizeOf(node, 'height', 160)), text: String(node.parameters['content'] ?? '') }));
	boxes.forEach((box, index) => {
		for (const other of boxes.slice(index + 1)) if (overlap(box, other)) report(other, `lies on "${box.name}"`);
		for (const note of notes) {
			if (!overlap(box, note.box)) continue;
			if (!contains(note.box, box)) report(box, `lies across the border of the note "${note.box.name}"`);
			else if (box.top < note.box.top + textHeight(note.text, note.box)) report(box, `covers the text of the note "${note.box.name}"`);
		}
	});
	notes.forEach(({ box }, index) => {
		for (const { box: other } of notes.slice(index + 1)) if (overlap(box, other) && !contains(box, other) && !contains(other, box)) report(other, `lies across the border of the note "${box.name}"`);
	});
	return findings;
}

function boxOf({ name, position: [left, top] }: INode, width: number, height: number): Box {
	return { name, left, top, right: left + width, bottom: top + height };
}

function sizeOf(node: INode, name: 'width' | 'height', fallback: number): number {
	const value = node.parameters[name];
	return typeof value === 'number' ? value : fallback;
}

function overlap(one: Box, other: Box): boolean {
	return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function contains(outer: Box, inner: Box): boolean {
	return outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;
}

function textHeight(text: string, box: Box): number {
	const perLine = Math.max(1, Math.floor((box.right - box.left - 2 * PADDING) / LETTER));
	const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
	return text.trim() === '' ? 0 : PADDING + lines * LINE;
}
