/** Builds SVG. Text goes in as text nodes only. */
const NAMESPACE = 'http://www.w3.org/2000/svg';

export function appendSvg<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent.append(element);
  return element;
}

/** A text by its baseline. */
export function appendText(parent: Element, style: string, x: number, y: number, text = ''): SVGTextElement {
  const element = appendSvg(parent, 'text', { class: style, x, y });
  element.textContent = text;
  return element;
}
