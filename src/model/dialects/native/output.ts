import { say } from '../../../words/say';
import { counted, Fields, listOf, quote, string } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Layer, NetworkInput } from '../../network';
import type { Report } from '../../report';

/** Stands for the input's own vocabulary where names of output units are expected. */
const SAME_AS_INPUT = 'vocabulary';

/** Names of the last layer's units, as many as it has. */
export function decodeOutput(
  node: JsonNode,
  input: NetworkInput,
  last: Layer,
  report: Report,
): readonly string[] | undefined {
  if (node.value === SAME_AS_INPUT)
    return checkCount(inputVocabulary(input, node, report), node, last, report);
  const fields = Fields.of(node, report, ['labels', 'vocabulary']);
  const key = fields?.exactlyOne(['labels', 'vocabulary']);
  if (!fields || !key) return undefined;
  return checkCount(fields.required(key, listOf(string)), fields.at(key), last, report);
}

function inputVocabulary(input: NetworkInput, node: JsonNode, report: Report): readonly string[] | undefined {
  if (input.kind === 'token') return input.vocabulary;
  report.error(
    node,
    'wrong-value',
    say`output: "${SAME_AS_INPUT}" stands for the input's vocabulary, but the input is vectors`,
  );
  return undefined;
}

function checkCount(
  labels: readonly string[] | undefined,
  at: JsonNode,
  { name, outputSize }: Layer,
  report: Report,
): readonly string[] | undefined {
  if (!labels || labels.length === outputSize) return labels;
  const message = say`output: expected ${counted(outputSize, 'name')}, one per unit of the last layer, ${quote(name)}, found ${labels.length}`;
  report.error(at, 'wrong-length', message);
  return undefined;
}
