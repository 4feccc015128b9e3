/** Changes of a JSON text that leave the rest of it, its comments and its layout as they are. */
import { findNodeAtOffset, parseTree } from 'jsonc-parser';
import type { Change, Json } from '../fix';
import type { JsonNode } from './node';
import { jsonText } from './text';

/** `length` code units at `offset` give way to `text`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The edits that make the changes of a well-formed text. Those whose place is not as it should be are left out. */
export function editsOf(text: string, changes: readonly Change[]): TextEdit[] {
  const root = changes.some(({ kind }) => kind !== 'replace') ? parseTree(text) : undefined;
  return changes.flatMap((change) => {
    if (change.kind === 'replace') {
      const { offset, length, value } = change;
      return [{ offset, length, text: jsonText(value) }];
    }
    const node = root && nodeAt(root, change.offset);
    if (!node) return [];
    return change.kind === 'add'
      ? addition(text, node, change)
      : removal(text, node.parent?.type === 'property' ? node.parent : node);
  });
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const fromTheEnd = edits
    .map((edit, k) => ({ ...edit, k }))
    .sort((a, b) => b.offset - a.offset || b.k - a.k);
  return fromTheEnd.reduce(
    (before, { offset, length, text: put }) => before.slice(0, offset) + put + before.slice(offset + length),
    text,
  );
}

/** The value that begins there. */
function nodeAt(root: JsonNode, offset: number): JsonNode | undefined {
  const found = findNodeAtOffset(root, offset, true);
  const node = found?.type === 'property' ? found.children?.[0] : found;
  return node?.offset === offset ? node : undefined;
}

/** Behind the last child: on its line where that is the way of its siblings, else on a line of its own. */
function addition(
  text: string,
  container: JsonNode,
  { key, value }: { readonly key?: string; readonly value: Json },
): TextEdit[] {
  if (container.type !== 'object' && container.type !== 'array') return [];
  const added = key === undefined ? jsonText(value) : `${JSON.stringify(key)}: ${jsonText(value)}`;
  const last = container.children?.at(-1);
  if (!last) {
    const padded = container.type === 'object' ? ` ${added} ` : added;
    const inside = text.slice(container.offset + 1, container.offset + container.length - 1);
    const blank = inside.trim() === '' ? inside.length : 0;
    return [{ offset: container.offset + 1, length: blank, text: padded }];
  }
  const end = last.offset + last.length;
  const before = container.children!.at(-2);
  const from = before ? before.offset + before.length : container.offset;
  const gap = /(\r\n|\n|\r)[^\S\r\n]*$/.exec(text.slice(from, last.offset));
  return [{ offset: end, length: 0, text: gap ? `,${gap[0]}${added}` : `, ${added}` }];
}

/** With the comma that parts it from its neighbours. */
function removal(text: string, child: JsonNode): TextEdit[] {
  const siblings = child.parent?.children ?? [];
  const at = siblings.indexOf(child);
  if (!child.parent || at < 0) return [];
  const [before, after] = [siblings[at - 1], siblings[at + 1]];
  const end = child.offset + child.length;
  if (after) return [{ offset: child.offset, length: after.offset - child.offset, text: '' }];
  if (before) {
    const from = before.offset + before.length;
    return [{ offset: from, length: end - from, text: '' }];
  }
  const rest = text.slice(end, child.parent.offset + child.parent.length - 1);
  const comma = /^\s*,/.exec(rest)?.[0].length ?? 0;
  return [{ offset: child.offset, length: child.length + comma, text: '' }];
}
