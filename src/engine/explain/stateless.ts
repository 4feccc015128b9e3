/** The sums of layers without state. */
import type {
  EmbeddingLayer,
  FinalStateLayer,
  InputLayer,
  Layer,
  LinearLayer,
  RecurrentLayer,
} from '../../model/network';
import { notRun } from '../../model/partial';
import { signalText } from '../../model/signalText';
import { addressOf } from '../../model/states';
import { stepOfRow } from '../../model/time';
import { say } from '../../words/say';
import { type Edge, dense, writtenOut } from '../edge';
import { lastRowOf } from '../handed';
import { operation } from '../operations/all';
import { type InputTerm, type OperationTerms, type SumFunction, asItIs } from '../operations/operation';
import { signalAt } from '../statistics';
import type { Explained } from './explained';
import { type Origin, type Piece, piecesOf } from './sources';
import { type SumOfTerms, type Term, biasTerms, inputTerms, productsWith } from './term';

export function statelessSum(
  ran: Explained,
  layer: Exclude<Layer, RecurrentLayer | InputLayer>,
  inputs: readonly Edge[],
  row: number,
  unit: number,
): SumOfTerms {
  switch (layer.type) {
    case 'not_run':
      throw new RangeError(notRun(layer));
    case 'embedding':
      return embeddingSum(ran, layer, inputs[0], row, unit);
    case 'linear':
      return linearSum(ran, layer, inputs[0], row, unit);
    case 'final_state':
      return finalStateSum(ran, layer, unit);
    case 'dropout':
      return operationSum(ran, layer, inputs, asItIs(row, unit));
    default: {
      const terms = operation(layer, inputs.map(dense), ran.weights).terms(row, unit);
      const found = operationSum(ran, layer, inputs, terms);
      const [input] = inputs;
      const sums = () => writtenOut(input).subarray(row * input.width, (row + 1) * input.width);
      return { ...found, ...sharing(found.activation, layer.type === 'activation' ? sums : () => []) };
    }
  }
}

/** A row of the table: the whole of it is of the token. */
function embeddingSum(
  ran: Explained,
  { name, inputs: [input], outputSize }: EmbeddingLayer,
  edge: Edge,
  row: number,
  unit: number,
): SumOfTerms {
  if (edge.kind !== 'ids') throw new TypeError(say`${name}: an embedding needs token ids`);
  const [{ token }] = piecesOf(ran, input);
  const weight = ran.weights.get(`${name}.weight`)!.data[edge.ids[row] * outputSize + unit];
  const term: Term = { kind: 'input', ...token!(row), weight, value: 1, product: weight };
  return { activation: 'none', terms: [term] };
}

function linearSum(
  ran: Explained,
  { name, inputs: [input], activation, outputSize }: LinearLayer,
  edge: Edge,
  row: number,
  unit: number,
): SumOfTerms {
  const weight = ran.weights.get(`${name}.weight`)!.data;
  const bias = ran.weights.get(`${name}.bias`)?.data;
  const width = weight.length / outputSize;
  const own = weight.subarray(unit * width, (unit + 1) * width);
  const sums = () => productsWith(weight, edge, row).map((sum, k) => sum + (bias?.[k] ?? 0));
  return {
    activation,
    terms: [
      ...biasTerms(bias && [{ name: 'bias', weight: bias[unit] }]),
      ...inputTerms(own, edge, row, piecesOf(ran, input)),
    ],
    ...sharing(activation, sums),
  };
}

/** What softmax and its logarithm need of all units' sums. */
function sharing(activation: SumFunction, sums: () => ArrayLike<number>): Pick<SumOfTerms, 'logSumExp'> {
  if (activation !== 'softmax' && activation !== 'log_softmax') return {};
  const all = Array.from(sums());
  const largest = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return { logSumExp: largest + Math.log(all.reduce((sum, one) => sum + Math.exp(one - largest), 0)) };
}

function finalStateSum({ network, trace }: Explained, layer: FinalStateLayer, unit: number): SumOfTerms {
  const address = addressOf(layer);
  const signal = signalAt(trace, address);
  const row = lastRowOf(address.direction, signal.rows);
  const value = signal.values[row * signal.units + unit];
  const name = signalText(
    address,
    network.layers.find((one) => one.name === address.layer),
  );
  const at = { ...address, unit, step: stepOfRow(trace, signal, row) };
  const term: Term = { kind: 'input', from: `${name}[${unit}]`, weight: 1, value, product: value, at };
  return { activation: 'none', terms: [term] };
}

function operationSum(
  ran: Explained,
  layer: Layer,
  edges: readonly Edge[],
  { activation = 'none', bounds, biases, inputs }: OperationTerms,
): SumOfTerms {
  const pieces = layer.inputs.map((name) => piecesOf(ran, name));
  const several = inputs.some(({ row }) => row !== inputs[0].row);
  const termOf = ({ input, row, unit, weight }: InputTerm): Term => {
    const edge = edges[input];
    const value = edge.kind === 'ids' ? Number(edge.ids[row] === unit) : edge.values[row * edge.width + unit];
    const { from, at } = originOf(pieces[input], row, unit);
    const name = several && at ? `${from}@${at.step}` : from;
    return { kind: 'input', from: name, weight, value, product: weight * value, at };
  };
  return {
    activation,
    terms: [...biasTerms(biases), ...inputs.map(termOf)],
    ...(bounds && { clip: bounds }),
  };
}

/** Of one number of a row, whatever stands beside it. */
function originOf(pieces: readonly Piece[], row: number, column: number): Origin {
  let first = 0;
  for (const { width, unit } of pieces) {
    if (column < first + width) return unit(column - first, row);
    first += width;
  }
  throw new RangeError(say`expected a column below ${first}, found ${column}`);
}
