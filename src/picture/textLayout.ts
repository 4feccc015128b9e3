/** Where the tokens of a text stand: lines of letters of one width. */
import type { NetworkInput } from '../model/network';
import { visible } from '../unroll/mermaid';
import { textWidth, tokenText } from './text';

export interface TextLayout {
  /** Of each token: its line, where in the line it begins, and its width, in letters. */
  readonly line: Int32Array;
  readonly x: Int32Array;
  readonly width: Int32Array;
  readonly lines: number;
  /** The first token of each line. */
  readonly first: Int32Array;
}

/** A token as it is written. */
export function written(token: string): string {
  return token === '\n' ? '⏎' : visible(tokenText(token));
}

/** Whether tokens are words, which have blanks between them. */
export function areWords(input: NetworkInput, tokens: readonly string[]): boolean {
  if (input.kind === 'token') return input.split === 'word';
  return tokens.some((token) => token.length > 1);
}

/**
 * @param room letters in a line.
 * @param apart whether there is a blank between tokens: words have one, characters bring theirs.
 */
export function layoutText(tokens: readonly string[], room: number, apart: boolean): TextLayout {
  const count = tokens.length;
  const line = new Int32Array(count);
  const x = new Int32Array(count);
  const widths = new Map<string, number>();
  for (const token of new Set(tokens)) widths.set(token, Math.max(1, textWidth(written(token))));
  const width = Int32Array.from(tokens, (token) => widths.get(token)!);
  const starts: number[] = count > 0 ? [0] : [];
  const gap = apart ? 1 : 0;
  let [at, begun, word] = [0, 0, 0];
  const breakAt = (token: number) => {
    starts.push(token);
    begun = token;
    at = 0;
  };
  for (let token = 0; token < count; token++) {
    if (!apart && token > 0 && tokens[token - 1] === ' ') word = token;
    if (at > 0 && at + width[token] > room) {
      // A word of letters moves on as a whole, unless it is longer than a line.
      const whole = !apart && word > begun;
      breakAt(whole ? word : token);
      for (let moved = begun; moved < token; moved++) {
        line[moved] = starts.length - 1;
        x[moved] = at;
        at += width[moved];
      }
    }
    line[token] = starts.length - 1;
    x[token] = at;
    at += width[token] + gap;
    if (tokens[token] === '\n' && token + 1 < count) breakAt(token + 1);
  }
  return { line, x, width, lines: starts.length, first: Int32Array.from(starts) };
}

/** The token at a place of a line; −1 where there is none. */
export function tokenAt({ first, lines, x, width }: TextLayout, line: number, letter: number): number {
  if (line < 0 || line >= lines) return -1;
  const end = line + 1 < lines ? first[line + 1] : x.length;
  for (let token = first[line]; token < end; token++) {
    if (letter >= x[token] && letter < x[token] + width[token]) return token;
  }
  return -1;
}
