/** Draws on the page. */
import type { Attributes, Surface } from '../../src/picture/surface';

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Writes attributes and texts, each only if it differs from what was written last. Never reads the page. */
class Page implements Surface<SVGElement> {
  private readonly written = new WeakMap<SVGElement, Map<string, string | null>>();

  append(parent: SVGElement, tag: string, attributes?: Attributes): SVGElement {
    const element = make(tag, attributes);
    parent.append(element);
    return element;
  }

  prepend(parent: SVGElement, tag: string, attributes?: Attributes): SVGElement {
    const element = make(tag, attributes);
    parent.prepend(element);
    return element;
  }

  attribute(element: SVGElement, name: string, value: string | null): void {
    if (!this.differs(element, name, value)) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }

  text(element: SVGElement, value: string): void {
    if (this.differs(element, '#text', value)) element.textContent = value;
  }

  private differs(element: SVGElement, name: string, value: string | null): boolean {
    let written = this.written.get(element);
    if (!written) this.written.set(element, (written = new Map()));
    if (written.get(name) === value) return false;
    written.set(name, value);
    return true;
  }
}

export const page = new Page();

export function make<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes?: Attributes,
): SVGElementTagNameMap[K];
export function make(tag: string, attributes?: Attributes): SVGElement;
export function make(tag: string, attributes: Attributes = {}): SVGElement {
  const element = document.createElementNS(NAMESPACE, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
