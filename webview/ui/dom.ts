/** Builds DOM. Text goes in as text nodes only, so nothing from a file can become markup. */

type Attributes = Readonly<Record<string, string | number | boolean>>;
type Child = Node | string | false | null;

/** A new element; attributes that are false are left out, those that are true are empty. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[K];
export function h<E extends HTMLElement>(tag: string, attributes?: Attributes, ...children: Child[]): E;
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter(present));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 16 × 16 icon of one path, drawn in the colour of the text around it. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  setAttributes(svg, { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' });
  const shape = document.createElementNS(SVG, 'path');
  setAttributes(shape, { d: path, fill: 'currentColor' });
  svg.append(shape);
  return svg;
}

/** Sets a text only where it differs: rendering often must not cost layout. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets, or with null removes, an attribute, only where it differs. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
}

function present(child: Child): child is Node | string {
  return child !== null && child !== false;
}
