/** What pictures are drawn on: a page, or a text. Texts go in as texts only. */

export type Attributes = Readonly<Record<string, string | number>>;

/** Makes the elements of an SVG, and writes on them. */
export interface Surface<E> {
  /** A new last child. */
  append(parent: E, tag: string, attributes?: Attributes): E;
  /** A new first child. */
  prepend(parent: E, tag: string, attributes?: Attributes): E;
  /** Null removes the attribute. */
  attribute(element: E, name: string, value: string | null): void;
  text(element: E, value: string): void;
}

/** A text by its baseline. */
export function appendText<E>(
  surface: Surface<E>,
  parent: E,
  style: string,
  x: number,
  y: number,
  text = '',
): E {
  const element = surface.append(parent, 'text', { class: style, x, y });
  if (text !== '') surface.text(element, text);
  return element;
}
