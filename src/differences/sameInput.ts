/** A sequence of one network, for another network to read. */
import { INPUT, type Network, type NetworkInput, type TokenInput, furtherInputs } from '../model/network';
import { START_OF_FILE } from '../model/problem';
import { Report } from '../model/report';
import type { Sequence, TokenSequence } from '../model/samples';
import type { SequenceReading } from '../model/sequences';
import { joinTokens, sequenceOfTokens, splitText } from '../model/sequences/tokens';
import { say } from '../words/say';

/**
 * What `to` reads where `from` reads `sequence`: the same numbers, or the same text in its own tokens; further inputs by
 * their names. Where it cannot read it, the problems say what it reads instead.
 */
export function sameInput(from: Network, sequence: Sequence, to: Network): SequenceReading {
  const report = Report.within({ about: 'samples' });
  const own = carried(from.input, sequence, to.input, INPUT, report);
  const more = furtherInputs(to).flatMap((layer): [string, Sequence][] => {
    const given = sequence.more?.get(layer.name);
    const source = furtherInputs(from).find(({ name }) => name === layer.name);
    const found = given && source && carried(source.input, given, layer.input, layer.name, report);
    return found ? [[layer.name, found]] : [];
  });
  const { problems, failed } = report;
  if (failed || !own) return { problems };
  const { more: _, ...alone } = own;
  return { sequence: more.length > 0 ? { ...alone, more: new Map(more) } : alone, problems };
}

function carried(
  from: NetworkInput,
  sequence: Sequence,
  to: NetworkInput,
  name: string,
  report: Report,
): Sequence | undefined {
  if (from.kind === 'token' && to.kind === 'token' && sequence.kind === 'token') {
    return retold(from, sequence, to, report);
  }
  if (from.kind === 'vector' && to.kind === 'vector' && from.size === to.size) return sequence;
  const message = say`${name}: expected ${wordsOf(to)} per step, found ${wordsOf(from)}`;
  report.error(START_OF_FILE, 'wrong-input', message);
  return undefined;
}

/** The same text; token by token where both split it alike. */
function retold(
  from: TokenInput,
  sequence: TokenSequence,
  to: TokenInput,
  report: Report,
): TokenSequence | undefined {
  if (sameVocabulary(from, to)) return sequence;
  const tokens = from.split === to.split ? sequence.tokens : splitText(to, joinTokens(from, sequence.tokens));
  return sequenceOfTokens(to, tokens, report, () => START_OF_FILE);
}

function sameVocabulary({ vocabulary: one }: TokenInput, { vocabulary: other }: TokenInput): boolean {
  return one.length === other.length && one.every((token, id) => token === other[id]);
}

function wordsOf(input: NetworkInput): string {
  if (input.kind === 'token') return input.split === 'char' ? say`characters` : say`words`;
  return input.size === 1 ? say`a number` : say`${input.size} numbers`;
}
