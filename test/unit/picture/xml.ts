/** A strict reader of the XML that pictures are written in: elements, attributes in double quotes, texts, five entities. */
import assert from 'node:assert/strict';

export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const PART = /<\/([\w:-]+)>|<([\w:-]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/y;

/** Fails for whatever is not well-formed. */
export function parseXml(source: string): XmlElement {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  assert.ok(source.startsWith(declaration), 'the declaration');
  assert.doesNotMatch(source, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
  const root = { tag: '', attributes: {}, children: [] as XmlElement[], text: '' };
  const open = [root];
  PART.lastIndex = declaration.length;
  while (PART.lastIndex < source.length) {
    const at = PART.lastIndex;
    const found = PART.exec(source);
    assert.ok(found, `no XML: ${source.slice(at, at + 60)}`);
    const [, closed, tag, attributes = '', empty, text] = found;
    const parent = open[open.length - 1];
    if (text !== undefined) {
      if (parent !== root) parent.text += decoded(text);
      else assert.equal(text.trim(), '');
    } else if (tag === undefined) {
      assert.equal(open.pop()!.tag, closed);
    } else {
      const element = { tag, attributes: attributesIn(attributes), children: [] as XmlElement[], text: '' };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  assert.deepEqual([open.length, root.children.length], [1, 1], 'one element, closed');
  return root.children[0];
}

function attributesIn(source: string): Record<string, string> {
  const all = [...source.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, decoded(value)]);
  const attributes = Object.fromEntries(all);
  assert.equal(Object.keys(attributes).length, all.length, `twice the same attribute: ${source}`);
  return attributes;
}

function decoded(text: string): string {
  return text.replace(/&(?:(\w+);)?/g, (whole, name: string | undefined) => {
    assert.ok(name && name in ENTITIES, `no entity: ${whole}`);
    return ENTITIES[name];
  });
}

export function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    yield child;
    yield* descendants(child);
  }
}

/** What must not be in a picture that is opened anywhere: it does nothing, and takes nothing from elsewhere. */
export function assertStandalone(svg: XmlElement): void {
  assert.equal(svg.tag, 'svg');
  assert.equal(svg.attributes.xmlns, 'http://www.w3.org/2000/svg');
  for (const { tag, attributes, text } of [svg, ...descendants(svg)]) {
    assert.ok(!['script', 'foreignObject', 'a', 'use', 'iframe', 'animate', 'set'].includes(tag), tag);
    for (const [name, value] of Object.entries(attributes)) {
      assert.doesNotMatch(name, /^on/i);
      if (/href$/i.test(name)) assert.match(value, /^data:image\/png;base64,/);
      if (!name.startsWith('data-') && name !== 'aria-label')
        assert.doesNotMatch(value, /url\((?!#)|javascript:/);
    }
    if (tag === 'style') assert.doesNotMatch(text, /url\(|@import|@font-face/);
  }
}
