/** Writes attributes and texts, each only if it differs from what was written last. Never reads the page. */
export class Writer {
  private readonly written = new WeakMap<Element, Map<string, string | null>>();

  /** Null removes the attribute. */
  attribute(element: Element, name: string, value: string | null): void {
    if (!this.differs(element, name, value)) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }

  text(element: Element, value: string): void {
    if (this.differs(element, '#text', value)) element.textContent = value;
  }

  private differs(element: Element, name: string, value: string | null): boolean {
    let written = this.written.get(element);
    if (!written) this.written.set(element, (written = new Map()));
    if (written.get(name) === value) return false;
    written.set(name, value);
    return true;
  }
}
