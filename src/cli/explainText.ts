/** A sum in words: its largest terms, the others as one, and what becomes of it. */
import type { Explanation } from '../engine/explain/explain';
import type { Term } from '../engine/explain/term';
import { counted, quote } from '../model/json/decode';
import type { Network } from '../model/network';
import { outputNames } from '../model/outputs';
import { signalText } from '../model/signalText';
import { isToken } from '../picture/why/termNames';
import { appliedTo, equationOf, plainText } from '../unroll/equations';
import { firstText } from './first';
import { oneLine } from './output';
import type { Chosen } from './sequence';
import { short, tableLines } from './table';

/** Terms that are named. */
const NAMED = 16;

export function* explainText(
  network: Network,
  found: Explanation,
  begun: Pick<Chosen, 'from'>,
): Generator<string> {
  const { at, value, sum, terms } = found;
  const layer = network.layers.find(({ name }) => name === at.layer);
  const label = layer === network.layers[network.layers.length - 1] && outputNames(network)?.[at.unit];
  const name = `${signalText(at, layer)}[${at.unit}]${label ? ` (${JSON.stringify(label)})` : ''}`;
  yield `${oneLine(`${network.name}: ${name} at step ${at.step} is ${short(value)} = ${outcome(found)}`)}\n`;
  yield* firstText(begun);
  const equation = equationOf(network, at);
  if (equation) yield `${oneLine(plainText(equation))}\n`;
  for (const remark of remarks(found)) yield `${remark}\n`;
  const order = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const named = order.length > NAMED + 1 ? order.slice(0, NAMED) : order;
  const rest = order.slice(named.length);
  const rows = named.map((term) => [
    short(term.product),
    term.kind,
    oneLine(isToken(network, term.at) ? quote(term.from) : nameOf(term, at.step)),
    term.kind === 'bias' ? '' : factorsOf(term),
  ]);
  if (rest.length > 0) {
    const left = rest.reduce((total, { product }) => total + product, 0);
    rows.push([short(left), '', counted(rest.length, 'other'), '']);
  }
  rows.push([short(sum), '', 'sum', '']);
  for (const line of tableLines(['product', 'kind', 'from', 'value × weight'], rows)) yield `${line}\n`;
}

/** `tanh(c[12])`, `c[12] before`, or what it is from. */
function nameOf({ kind, from, at, as }: Term, step: number): string {
  if (as !== undefined) return ofUnit(as, from);
  return kind === 'cell' && at?.step !== step ? `${from} before` : from;
}

/** `0.86 × 0.68`, and what the weight is called where it is one. */
function factorsOf({ from, value, weight, by }: Term): string {
  const product = `${short(value)} × ${short(weight)}`;
  return by === undefined ? product : `${product} (${ofUnit(by, from)})`;
}

/** With the unit of `from` in its place. */
function ofUnit(name: string, from: string): string {
  return name.replaceAll('{0}', /\[\d+\]$/.exec(from)?.[0] ?? '');
}

/** What makes the value of the sum. */
function outcome({ activation, sum, clip, logSumExp }: Explanation): string {
  const bounded = clip ? `${short(sum)} within ${clip.min ?? '−∞'} … ${clip.max ?? '∞'}` : short(sum);
  if (logSumExp !== undefined) {
    const share = `${bounded} − ${short(logSumExp)}`;
    return activation === 'softmax' ? `exp(${share})` : share;
  }
  return activation === 'none' && !clip ? `the sum ${bounded}` : appliedTo(bounded, activation);
}

function remarks({ at, held, masked, normalised, value }: Explanation): string[] {
  return [
    ...(held ? [`held at ${short(value)}: the sum is the one that it would have had`] : []),
    ...(masked ? [`step ${at.step} is masked: the state before is kept`] : []),
    ...(normalised ? ['the weights and biases are those after the layer normalisation'] : []),
  ];
}
