import { createScanner, type NodeType } from 'jsonc-parser';
import { Pauses } from '../pauses';
import type { Report } from '../report';
import { NumberList } from './numberList';
import type { JsonNode } from './node';
import { MAX_DEPTH, parseJson, TOKEN } from './parse';

/** Tokens and numbers between two looks at the clock. */
const PIECE = 4096;

/**
 * As `parseJson` of JSONC, for texts that may be long: in pieces, so that the event loop gets its turn, and with lists
 * of numbers in little memory. Only the faults of a text that is not well-formed are found in one go. Throws if
 * `signal` is aborted.
 */
export async function parseLongJson(
  text: string,
  report: Report,
  signal?: AbortSignal,
): Promise<JsonNode | undefined> {
  return (await new Builder(text, new Pauses(signal)).build()) ?? parseJson(text, report, 'jsonc');
}

interface Container extends JsonNode {
  length: number;
  readonly children: JsonNode[];
}

/** What may come next. */
type State = 'value' | 'key' | 'end';

const LITERALS = new Map<number, NodeType>([
  [TOKEN.string, 'string'],
  [TOKEN.number, 'number'],
  [TOKEN.true, 'boolean'],
  [TOKEN.false, 'boolean'],
  [TOKEN.null, 'null'],
]);
const WORDS = new Map<number, unknown>([
  [TOKEN.true, true],
  [TOKEN.false, false],
  [TOKEN.null, null],
]);

class Builder {
  private readonly scanner: ReturnType<typeof createScanner>;
  private token: number = TOKEN.unknown;
  private root?: JsonNode;
  private readonly open: Container[] = [];
  private done = 0;

  constructor(
    private readonly text: string,
    private readonly pauses: Pauses,
  ) {
    this.scanner = createScanner(text, true);
  }

  /** Undefined for a text that is not well-formed, or too deep. */
  async build(): Promise<JsonNode | undefined> {
    let state: State = 'value';
    this.scan();
    for (;;) {
      if (++this.done >= PIECE) {
        await this.pauses.take();
        this.done = 0;
      }
      if (this.scanner.getTokenError() !== 0) return undefined;
      if (state === 'end' && this.open.length === 0) return this.token === TOKEN.end ? this.root : undefined;
      const next: State | undefined = state === 'end' ? this.after() : await this.within(state);
      if (!next) return undefined;
      state = next;
    }
  }

  private scan(): void {
    this.token = this.scanner.scan();
  }

  /** Behind a value within a container: the next one, or the end of the container. */
  private after(): State | undefined {
    const container = this.open[this.open.length - 1];
    if (this.token === TOKEN.comma) {
      this.scan();
      return container.type === 'object' ? 'key' : 'value';
    }
    return this.close(container);
  }

  /** Where a key or a value is expected; the end of a container may stand there too, after a comma. */
  private async within(state: 'key' | 'value'): Promise<State | undefined> {
    const container = this.open[this.open.length - 1];
    if (container && container.type !== 'property' && this.isClosing(container)) return this.close(container);
    return state === 'key' ? this.key(container) : this.value();
  }

  private key(container: Container): State | undefined {
    if (this.token !== TOKEN.string) return undefined;
    const offset = this.scanner.getTokenOffset();
    const property: Container = { type: 'property', offset, length: -1, parent: container, children: [] };
    this.push({ type: 'string', value: this.scanner.getTokenValue() }, property);
    this.scan();
    if (this.token !== TOKEN.colon) return undefined;
    container.children.push(property);
    this.open.push(property);
    this.scan();
    return 'value';
  }

  private async value(): Promise<State | undefined> {
    const offset = this.scanner.getTokenOffset();
    const parent = this.open[this.open.length - 1];
    if (this.token === TOKEN.openBracket) {
      const list = await NumberList.read(this.text, offset, parent, () => this.pauses.take());
      if (list) {
        this.place(list);
        this.done += list.numbers.length;
        this.scanner.setPosition(offset + list.length);
        this.scan();
        return 'end';
      }
    }
    if (this.token === TOKEN.openBracket || this.token === TOKEN.openBrace) {
      const type = this.token === TOKEN.openBrace ? 'object' : 'array';
      const container: Container = { type, offset, length: -1, parent, children: [] };
      if (this.open.filter((one) => one.type !== 'property').length >= MAX_DEPTH) return undefined;
      this.add(container, parent);
      this.open.push(container);
      this.scan();
      return type === 'object' ? 'key' : 'value';
    }
    const type = LITERALS.get(this.token);
    if (!type) return undefined;
    const text = this.scanner.getTokenValue();
    const value = type === 'string' ? text : type === 'number' ? Number(text) : WORDS.get(this.token);
    if (Number.isNaN(value)) return undefined;
    this.place({ type, value, offset, length: this.scanner.getTokenLength(), parent });
    this.scan();
    return 'end';
  }

  private push({ type, value }: Pick<JsonNode, 'type' | 'value'>, parent: Container): void {
    const [offset, length] = [this.scanner.getTokenOffset(), this.scanner.getTokenLength()];
    parent.children.push({ type, value, offset, length, parent });
  }

  private add(node: JsonNode, parent: Container | undefined): void {
    if (parent) parent.children.push(node);
    else this.root = node;
  }

  /** A whole value; it ends the property that it belongs to. */
  private place(node: JsonNode): void {
    this.add(node, this.open[this.open.length - 1]);
    this.endProperty(node.offset + node.length);
  }

  private endProperty(end: number): void {
    const property = this.open[this.open.length - 1];
    if (property?.type !== 'property') return;
    property.length = end - property.offset;
    this.open.pop();
  }

  private isClosing({ type }: Container): boolean {
    return this.token === (type === 'object' ? TOKEN.closeBrace : TOKEN.closeBracket);
  }

  private close(container: Container): State | undefined {
    if (!this.isClosing(container)) return undefined;
    const end = this.scanner.getTokenOffset() + 1;
    container.length = end - container.offset;
    this.open.pop();
    this.endProperty(end);
    this.scan();
    return 'end';
  }
}
