/**
 * What a JSON text holds near its top, found in one pass and without building a tree: enough to tell formats apart,
 * even where the text is broken further down.
 */
export interface Outline {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'word' | 'none';
  /** Of a string. */
  readonly string?: string;
  /** Of an object, as deep as the outline goes; the first of a key that is given twice. */
  readonly keys: ReadonlyMap<string, Outline>;
  /** The first element of a list, as deep as the outline goes. */
  readonly first?: Outline;
}

const NONE: Outline = { kind: 'none', keys: new Map() };
/** Levels of objects and lists that are looked into. */
const DEPTH = 4;
const MAX_KEYS = 5000;
const MAX_STRING = 1000;
/** What neither opens nor closes anything: a long list of numbers is passed over by the engine's own code. */
const PLAIN = /[^"[\]{}/]+/y;

export function outlineOf(text: string): Outline {
  return new OutlineReader(text).value(DEPTH) ?? NONE;
}

/** The keys of the object that `outline` is or that a path of keys leads to; empty if there is none. */
export function keysAt(outline: Outline, ...path: readonly string[]): ReadonlyMap<string, Outline> {
  let at: Outline | undefined = outline;
  for (const key of path) at = at?.keys.get(key);
  return at?.keys ?? NONE.keys;
}

class OutlineReader {
  private at = 0;

  constructor(private readonly text: string) {
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  /** The next value; undefined at the end of the text or of the enclosing list or object. */
  value(depth: number): Outline | undefined {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return depth > 0 ? this.object(depth) : this.skipContainer('object');
      case '[':
        return depth > 0 ? this.array(depth) : this.skipContainer('array');
      case '"':
        return { kind: 'string', string: this.string(), keys: NONE.keys };
      case undefined:
      case '}':
      case ']':
        return undefined;
      default:
        return this.word();
    }
  }

  private object(depth: number): Outline {
    const keys = new Map<string, Outline>();
    this.at++;
    for (;;) {
      this.skipSpace();
      const sign = this.text[this.at];
      if (sign === ',') this.at++;
      else if (sign === '"') {
        const key = this.string();
        this.skipSpace();
        if (this.text[this.at] === ':') this.at++;
        const value = this.value(depth - 1) ?? NONE;
        if (!keys.has(key) && keys.size < MAX_KEYS) keys.set(key, value);
      } else {
        if (sign === '}') this.at++;
        return { kind: 'object', keys };
      }
    }
  }

  private array(depth: number): Outline {
    this.at++;
    const first = this.value(depth - 1);
    this.skipRest();
    return { kind: 'array', keys: NONE.keys, ...(first && { first }) };
  }

  private skipContainer(kind: 'object' | 'array'): Outline {
    this.at++;
    this.skipRest();
    return { kind, keys: NONE.keys };
  }

  /** Goes behind the bracket that closes what is open. */
  private skipRest(): void {
    let open = 1;
    while (open > 0 && this.at < this.text.length) {
      PLAIN.lastIndex = this.at;
      if (PLAIN.test(this.text)) this.at = PLAIN.lastIndex;
      const sign = this.text.charCodeAt(this.at);
      if (sign === 0x22) {
        this.skipString();
        continue;
      }
      if (sign === 0x2f) {
        const before = this.at;
        this.skipSpace();
        if (this.at > before) continue;
      }
      if (sign === 0x7b || sign === 0x5b) open++;
      else if (sign === 0x7d || sign === 0x5d) open--;
      this.at++;
    }
  }

  private string(): string {
    const start = this.at;
    this.skipString();
    const raw = this.text.slice(start, Math.min(this.at, start + MAX_STRING));
    try {
      return JSON.parse(raw) as string;
    } catch {
      return raw.slice(1);
    }
  }

  private skipString(): void {
    this.at++;
    while (this.at < this.text.length) {
      const sign = this.text.charCodeAt(this.at++);
      if (sign === 0x5c) this.at++;
      else if (sign === 0x22) return;
    }
  }

  private word(): Outline {
    const start = this.at;
    while (this.at < this.text.length && !' \t\n\r,:{}[]"'.includes(this.text[this.at])) this.at++;
    if (this.at === start) this.at++;
    return { kind: /[-\d]/.test(this.text[start]) ? 'number' : 'word', keys: NONE.keys };
  }

  /** White space, and the comments that JSONC allows. */
  private skipSpace(): void {
    for (;;) {
      while (' \t\n\r'.includes(this.text[this.at] ?? '-')) this.at++;
      const ends = this.text.startsWith('//', this.at)
        ? '\n'
        : this.text.startsWith('/*', this.at)
          ? '*/'
          : '';
      if (!ends) return;
      const end = this.text.indexOf(ends, this.at + 2);
      this.at = end < 0 ? this.text.length : end + ends.length;
    }
  }
}
