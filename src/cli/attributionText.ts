/** An attribution in words: what each step brings, and whether it adds up. */
import type { Attribution, InputAttribution } from '../engine/attribution/attribute';
import { INPUT, type Network, inputOf } from '../model/network';
import { outputNames } from '../model/outputs';
import { outputLayer } from '../model/partial';
import type { Sequence } from '../model/samples';
import { firstText } from './first';
import { oneLine } from './output';
import { targetText } from './outputUnit';
import type { Chosen } from './sequence';
import { short, tableLines } from './table';

/** Steps that are shown of a long sequence: those that bring most. */
const MOST_ROWS = 40;
const MOST_FEATURES = 6;
/** Of more features, the largest. */
const LARGEST = 3;

export function* attributionText(
  network: Network,
  sequence: Sequence,
  attribution: Attribution,
  remarks: readonly string[],
  asked: Pick<Chosen, 'from'> & { readonly unit?: number },
): Generator<string> {
  const { target, logit, method, baseline, points, inputs, completeness } = attribution;
  const { name } = outputLayer(network);
  const how = method === 'gradient' ? 'gradient × input' : `integrated gradients, ${points} points`;
  const of = `${targetText(network, target)} of ${oneLine(name)}${logit ? ', before its activation,' : ''}`;
  yield `${oneLine(network.name)}: ${of} is ${short(target.value)}; ${how}, baseline ${baseline}\n`;
  yield* firstText(asked);
  const classes = outputNames(network)?.length ?? 1;
  if (asked.unit === undefined && classes > 1) {
    yield `no --unit is given, so it is unit ${target.unit} of ${classes}\n`;
  }
  for (const input of inputs) {
    const own = input.layer === INPUT ? sequence : sequence.more!.get(input.layer)!;
    if (input.layer !== INPUT) yield `${oneLine(input.layer)}:\n`;
    yield* inputText(network, own, input);
  }
  const { sum, difference, error } = completeness;
  yield `together ${short(sum)}; the output less that of the baseline is ${short(difference)}: error ${short(error)}\n`;
  for (const remark of remarks) yield `${oneLine(remark)}\n`;
}

function* inputText(
  network: Network,
  sequence: Sequence,
  { layer, rows, features, values }: InputAttribution,
): Generator<string> {
  const own = (row: number) => values.subarray(row * features, (row + 1) * features);
  const size = (row: number) => Math.max(...own(row).map(Math.abs));
  const all = Array.from({ length: rows }, (_, row) => row);
  const shown =
    rows > MOST_ROWS
      ? all
          .sort((a, b) => size(b) - size(a))
          .slice(0, MOST_ROWS)
          .sort((a, b) => a - b)
      : all;
  const input = inputOf(network, layer);
  const names = input.kind === 'vector' ? input.features : undefined;
  const nameOf = (feature: number) =>
    names?.[feature] === undefined ? `x${feature}` : oneLine(names[feature]);
  const cells = shown.map((row) => [
    String(row),
    ...(sequence.kind === 'token' ? [oneLine(JSON.stringify(sequence.tokens[row])), short(own(row)[0])] : []),
    ...(sequence.kind === 'vector' ? featureCells(own(row), nameOf) : []),
  ]);
  const heads =
    sequence.kind === 'token'
      ? ['input', 'brings']
      : features > MOST_FEATURES
        ? ['the largest']
        : Array.from({ length: features }, (_, feature) => nameOf(feature));
  for (const line of tableLines(['step', ...heads], cells)) yield `${line}\n`;
  if (shown.length < rows) {
    yield `… the ${shown.length} of ${rows} steps that bring most; --json has all\n`;
  }
}

function featureCells(values: Float64Array, nameOf: (feature: number) => string): string[] {
  if (values.length <= MOST_FEATURES) return Array.from(values, short);
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  return [
    order
      .slice(0, LARGEST)
      .map((feature) => `${nameOf(feature)} ${short(values[feature])}`)
      .join(', '),
  ];
}
