/** Text and token lists to token sequences. */
import { say } from '../../words/say';
import { quote } from '../json/decode';
import { readsIdsAlone, type TokenInput } from '../network';
import type { At, Report } from '../report';
import type { TokenSequence } from '../samples';

/** Faults listed by name in one message. */
const MAX_LISTED = 5;

/**
 * Splits text, in NFC, into code points or at Unicode white space, between the input's prefix and suffix; punctuation
 * stays attached to words.
 */
export function splitText(
  { lowercase, split, prefix = [], suffix = [] }: TokenInput,
  text: string,
): string[] {
  const composed = (lowercase ? text.toLowerCase() : text).normalize('NFC');
  const tokens =
    split === 'char'
      ? Array.from(composed)
      : composed.split(/\p{White_Space}+/u).filter((word) => word !== '');
  return [...prefix, ...tokens, ...suffix];
}

/** Tokens as the text that they make up, without those that stand before and after every text. */
export function joinTokens(input: TokenInput, tokens: readonly string[]): string {
  const markers = markersOf(input);
  return tokens.filter((token) => !markers.has(token)).join(input.split === 'char' ? '' : ' ');
}

/** The tokens of the input's prefix and suffix: where they stand, a text begins or ends. A space is text anywhere. */
export function markersOf({ prefix = [], suffix = [] }: TokenInput): ReadonlySet<string> {
  return new Set([...prefix, ...suffix].filter((token) => token !== ' '));
}

/**
 * The ids of `tokens`; a token that the vocabulary has not becomes `unknown`, with a warning, or is an error where
 * there is no `unknown`. `at` gives the place to report a step at.
 */
export function sequenceOfTokens(
  input: TokenInput,
  tokens: readonly string[],
  report: Report,
  at: (step: number) => At,
): TokenSequence | undefined {
  const vocabulary = indexOf(input);
  const unknown = input.unknown === undefined ? undefined : vocabulary.get(input.unknown.normalize('NFC'));
  const ids = new Int32Array(tokens.length);
  const strange: number[] = [];
  for (let step = 0; step < tokens.length; step++) {
    const id = lookUp(vocabulary, tokens[step], input.lowercase);
    if (id === undefined) strange.push(step);
    ids[step] = id ?? unknown ?? -1;
  }
  if (strange.length > 0) reportStrange(input, tokens, strange, report, at(strange[0]));
  return strange.length > 0 && unknown === undefined ? undefined : tokenSequence(tokens, ids);
}

/** The tokens of `ids`; an id that the vocabulary has not is an error. */
export function sequenceOfIds(
  input: TokenInput,
  ids: readonly number[],
  report: Report,
  at: (step: number) => At,
): TokenSequence | undefined {
  const size = input.vocabulary.length;
  const step = ids.findIndex((id) => id >= size);
  if (step >= 0) {
    const message = say`id ${ids[step]} ${atStep(step)}: expected 0 … ${size - 1}, since the vocabulary has ${size} entries`;
    report.error(at(step), 'id-out-of-range', message);
    return undefined;
  }
  return tokenSequence(
    ids.map((id) => input.vocabulary[id]),
    Int32Array.from(ids),
  );
}

function tokenSequence(tokens: readonly string[], ids: Int32Array): TokenSequence {
  return { kind: 'token', steps: ids.length, ids, tokens };
}

/** Vocabularies are looked up for every sample, and at every key typed. */
const INDICES = new WeakMap<TokenInput, ReadonlyMap<string, number>>();

function indexOf(input: TokenInput): ReadonlyMap<string, number> {
  let index = INDICES.get(input);
  if (!index) {
    index = new Map(input.vocabulary.map((token, id) => [token.normalize('NFC'), id]));
    INDICES.set(input, index);
  }
  return index;
}

function lookUp(
  vocabulary: ReadonlyMap<string, number>,
  token: string,
  lowercase: boolean,
): number | undefined {
  const composed = token.normalize('NFC');
  return vocabulary.get(composed) ?? (lowercase ? vocabulary.get(composed.toLowerCase()) : undefined);
}

function reportStrange(
  input: TokenInput,
  tokens: readonly string[],
  strange: readonly number[],
  report: Report,
  at: At,
): void {
  const first = new Map<string, number>();
  for (const step of strange) if (!first.has(tokens[step])) first.set(tokens[step], step);
  const firsts = [...first.values()];
  const listed = firsts.slice(0, MAX_LISTED).map((step) => `${quote(tokens[step])} ${atStep(step)}`);
  const more = firsts.length > MAX_LISTED ? say` and ${firsts.length - MAX_LISTED} more` : '';
  const found = `${listed.join(', ')}${more}`;
  const one = firsts.length === 1;
  const fault = one ? say`${found} is not in the vocabulary` : say`${found} are not in the vocabulary`;
  if (readsIdsAlone(input)) {
    const last = input.vocabulary.length - 1;
    const noId = one ? say`${found} is no id` : say`${found} are no id`;
    const message = say`${noId}: the model's file has no vocabulary, and its tokens are the ids 0 to ${last}; expected ids, in a text with spaces between them or in a JSON list`;
    report.error(at, 'unknown-token', message);
  } else if (input.unknown === undefined) {
    report.error(at, 'unknown-token', say`${fault}, and the input names no "unknown" entry to stand in`);
  } else {
    report.warning(at, 'unknown-token', say`${fault}; ${quote(input.unknown)} stands in`);
  }
}

/** As people count, and as the panel numbers its steps. */
function atStep(step: number): string {
  return say`at position ${step + 1}`;
}
