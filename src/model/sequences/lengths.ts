/** How long sequences in text and JSON files are: told in one pass, a block at a time, before anything is parsed. */
import type { ByteSource } from '../../files/folder';
import { withoutByteOrderMark } from '../json/parse';
import { INPUT, type Network, type NetworkInput, type TokenInput } from '../network';
import { possibleInputs, type Lengths } from '../partial';
import { Pauses } from '../pauses';
import { splitText } from './tokens';

const BLOCK_BYTES = 1 << 20;
/** Longer keys than any input's name are not looked at. */
const MOST_KEY_CHARACTERS = 1000;
const WORD = /\P{White_Space}+/gu;
const SPACE = /\p{White_Space}/u;
/**
 * Begins a character of its own, whatever stands before it: neither a mark, nor half of a surrogate pair, nor one of the
 * letters that NFC composes with the one before (Hangul's vowels and finals, U+1100 – 11FF, and some beyond U+FFFF).
 */
const STARTER = /(?!\p{M})[\0-\u10ff\u1200-\ud7a3]/u;
const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Tokens that `splitText` makes of all of a file. Throws what `bytes` throws. */
export async function lengthOfText(input: TokenInput, bytes: ByteSource): Promise<number> {
  const counter = new TokenCounter(input);
  // What ends the file may be a line break, which is no token unless the vocabulary has it.
  let held = '';
  for await (const block of textBlocks(bytes)) {
    const text = held + block;
    held = text.slice(-2);
    counter.add(text.slice(0, -2));
  }
  counter.add(textIn(input, held));
  return counter.end();
}

/** Text without the line break that ends a text file, unless it is a token. */
export function textIn(input: NetworkInput, text: string): string {
  return input.kind === 'token' && input.vocabulary.includes('\n') ? text : text.replace(/\r?\n$/, '');
}

/**
 * Of a JSON file: the elements of its list, or the tokens of its string; of an object, those of each input of the network.
 * Where the file is not as it should be, the numbers are those of what was recognised. Throws what `bytes` throws.
 */
export async function lengthsOfJson(network: Network, bytes: ByteSource): Promise<Lengths> {
  const counter = new JsonCounter(network);
  for await (const block of textBlocks(bytes)) counter.add(block);
  const others = [...counter.found].filter(([name]) => name !== INPUT);
  return {
    steps: counter.found.get(INPUT) ?? 0,
    more: new Map(others.map(([name, steps]) => [name, { steps }])),
  };
}

async function* textBlocks(bytes: ByteSource): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const pauses = new Pauses();
  for (let at = 0; at < bytes.size; at += BLOCK_BYTES) {
    const block = await bytes.read(at, Math.min(at + BLOCK_BYTES, bytes.size));
    const text = decoder.decode(block, { stream: true });
    yield at === 0 ? withoutByteOrderMark(text) : text;
    await pauses.take();
  }
  yield decoder.decode();
}

/** Takes text piece by piece. */
interface Reader {
  add(text: string): void;
}

/** Counts tokens as `splitText` makes them, of text cut anywhere. */
class TokenCounter implements Reader {
  private count: number;
  /** What the next piece may go on with. */
  private rest = '';

  constructor(private readonly input: TokenInput) {
    this.count = splitText(input, '').length;
  }

  add(text: string): void {
    const cut = lastIndex(text, this.input.split === 'char' ? STARTER : SPACE);
    if (cut >= 0) this.count += this.tokensOf(this.rest + text.slice(0, cut));
    this.rest = cut < 0 ? this.rest + text : text.slice(cut);
  }

  end(): number {
    return this.count + this.tokensOf(this.rest);
  }

  private tokensOf(text: string): number {
    if (this.input.split !== 'char') return text.match(WORD)?.length ?? 0;
    const composed = (this.input.lowercase ? text.toLowerCase() : text).normalize('NFC');
    return composed.length - (composed.match(SURROGATE_PAIR)?.length ?? 0);
  }
}

/** The last place of `text` whose character matches. */
function lastIndex(text: string, pattern: RegExp): number {
  for (let at = text.length - 1; at >= 0; at--) if (pattern.test(text[at])) return at;
  return -1;
}

class KeyReader implements Reader {
  key = '';

  add(text: string): void {
    if (this.key.length <= MOST_KEY_CHARACTERS) this.key += text.slice(0, MOST_KEY_CHARACTERS + 1);
  }
}

/** Of JSON with comments, cut anywhere: counts the elements of the lists that may be sequences. */
class JsonCounter {
  /** By the names of inputs. */
  readonly found = new Map<string, number>();
  private readonly inputs: ReadonlyMap<string, NetworkInput>;
  private mode: 'between' | 'string' | 'slash' | 'line comment' | 'block comment' = 'between';
  private depth = 0;
  private inObject = false;
  private atKey = false;
  /** The input whose value is read. */
  private name = INPUT;
  /** Of the elements that are counted; 0 outside of a list of steps. */
  private listDepth = 0;
  private atElement = false;
  /** Takes the string that is read. */
  private reader?: Reader;
  /** The escape that is read: a backslash and what follows. */
  private escape = '';
  private previous = '';

  constructor(network: Network) {
    const further = possibleInputs(network).map(({ name, input }) => [name, input] as const);
    this.inputs = new Map<string, NetworkInput>([...further, [INPUT, network.input]]);
  }

  add(text: string): void {
    for (let at = 0; at < text.length; at++) {
      if (this.mode === 'between') this.between(text[at]);
      else if (this.mode === 'string') at = this.inString(text, at);
      else this.inComment(text[at]);
    }
  }

  private between(character: string): void {
    switch (character) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        return;
      case '/':
        this.mode = 'slash';
        return;
      case ',':
        this.atElement = this.depth === this.listDepth;
        this.atKey = this.inObject && this.depth === 1;
        return;
      case ':':
        if (this.depth === 1) this.atKey = false;
        return;
      case ']':
      case '}':
        if (this.depth === this.listDepth) this.listDepth = 0;
        this.depth--;
        return;
      case '"':
        this.beginElement();
        this.mode = 'string';
        this.reader = this.readerHere();
        return;
      case '[':
      case '{':
        this.beginElement();
        return this.open(character);
      default:
        this.beginElement();
    }
  }

  private beginElement(): void {
    if (!this.atElement || this.depth !== this.listDepth) return;
    this.atElement = false;
    this.found.set(this.name, this.found.get(this.name)! + 1);
  }

  private open(bracket: string): void {
    const isValue = this.depth === 0 || this.isValueOfRoot();
    this.depth++;
    if (bracket === '[' && isValue && this.inputs.has(this.name)) {
      this.listDepth = this.depth;
      this.atElement = true;
      this.found.set(this.name, 0);
    } else if (this.depth === 1) {
      this.inObject = this.atKey = bracket === '{';
    }
  }

  private isValueOfRoot(): boolean {
    return this.inObject && this.depth === 1 && !this.atKey;
  }

  private readerHere(): Reader | undefined {
    if (this.inObject && this.depth === 1 && this.atKey) return new KeyReader();
    const input = this.depth === 0 || this.isValueOfRoot() ? this.inputs.get(this.name) : undefined;
    return input?.kind === 'token' ? new TokenCounter(input) : undefined;
  }

  /** Gives the place of the last character that was taken. */
  private inString(text: string, from: number): number {
    if (this.escape !== '') {
      this.escape += text[from];
      const isWhole = this.escape.length === (this.escape[1] === 'u' ? 6 : 2);
      if (isWhole) this.endEscape();
      return from;
    }
    let at = from;
    while (at < text.length && text[at] !== '"' && text[at] !== '\\') at++;
    if (at > from) this.reader?.add(text.slice(from, at));
    if (text[at] === '\\') this.escape = '\\';
    else if (text[at] === '"') this.endString();
    return at;
  }

  private endEscape(): void {
    try {
      this.reader?.add(JSON.parse(`"${this.escape}"`) as string);
    } catch {
      // no escape of JSON's, which the parser says
    }
    this.escape = '';
  }

  private endString(): void {
    const { reader } = this;
    if (reader instanceof KeyReader) this.name = reader.key;
    else if (reader instanceof TokenCounter) this.found.set(this.name, reader.end());
    this.reader = undefined;
    this.mode = 'between';
  }

  private inComment(character: string): void {
    const { previous } = this;
    this.previous = character;
    if (this.mode === 'slash') {
      this.mode = character === '/' ? 'line comment' : character === '*' ? 'block comment' : 'between';
      this.previous = '';
    } else if (
      this.mode === 'line comment' ? /[\r\n]/.test(character) : previous === '*' && character === '/'
    ) {
      this.mode = 'between';
    }
  }
}
