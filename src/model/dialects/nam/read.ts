/**
 * Reads the LSTM models of Neural Amp Modeler, `.nam`. The weights are one flat list, as nam/models/recurrent.py exports
 * it: for every level W (4H × (in + H), the columns of the input first, gates i, f, g, o), b (4H, PyTorch's two biases
 * summed), the initial h (H) and c (H); then the head's w (out × H) and b (out).
 */
import { say } from '../../../words/say';
import { integer, optionalAt, quote, requiredAt, string, stringAt, valueAt } from '../../json/decode';
import { listLength } from '../../json/numberList';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { INPUT, type Network } from '../../network';
import { parametersOf, type Parameter } from '../../parameters';
import { Report } from '../../report';
import { nestedValues } from '../../tensors/nested';
import { unreadable, type TextDialect, type TextSource } from '../dialect';
import { collect, fitsMemory, soleFile } from '../loading';
import { nameOfFile } from '../modelName';

const CORE = 'lstm';
const HEAD = 'head';
const MAX_LEVELS = 1000;
const MAX_SIZE = 65_536;

export const nam: TextDialect = {
  id: 'nam',
  label: 'Neural Amp Modeler',
  endings: ['nam'],

  matches({ keys }) {
    return keys.get('architecture')?.kind === 'string' && keys.has('config') && keys.has('weights');
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const sizes = root && decodeSizes(root, report);
    const node = root && requiredAt(root, 'weights', (found) => found, report);
    if (!sizes || !node) return unreadable(report.problems);
    const network = networkOf(sizes, root, source);
    const weights = await readWeights(network, sizes, node, source, report.about('weights'));
    return soleFile(network, weights, source, report);
  },
};

interface Sizes {
  readonly inputs: number;
  readonly units: number;
  readonly levels: number;
  readonly outputs: number;
}

function decodeSizes(root: JsonNode, report: Report): Sizes | undefined {
  const architecture = requiredAt(root, 'architecture', string, report);
  if (architecture !== undefined && architecture !== 'LSTM') {
    const message = say`architecture: expected "LSTM", the recurrent one, found ${quote(architecture)}`;
    report.error(valueAt(root, 'architecture')!, 'unsupported-model', message);
  }
  const config = requiredAt(root, 'config', (node) => node, report);
  if (!config || report.failed) return undefined;
  const inputs = requiredAt(config, 'input_size', integer(1, MAX_SIZE), report);
  const units = requiredAt(config, 'hidden_size', integer(1, MAX_SIZE), report);
  const levels = requiredAt(config, 'num_layers', integer(1, MAX_LEVELS), report);
  const outputs = optionalAt(config, 'out_channels', integer(1, MAX_SIZE), report) ?? 1;
  return inputs && units && levels && !report.failed ? { inputs, units, levels, outputs } : undefined;
}

function networkOf({ inputs, units, levels, outputs }: Sizes, root: JsonNode, source: TextSource): Network {
  const rate = valueAt(root, 'sample_rate')?.value as unknown;
  return {
    name: ownName(root) ?? nameOfFile(source, /\.(nam|json)$/i),
    dialect: 'nam',
    conventions: [
      'NAM',
      'i, f, g, o',
      say`biases summed`,
      say`initial state from the file`,
      ...(typeof rate === 'number' ? [`${rate} Hz`] : []),
    ],
    ...(typeof rate === 'number' && { sampleRate: rate }),
    input: { kind: 'vector', size: inputs },
    layers: [
      {
        ...({ type: 'lstm', name: CORE, inputs: [INPUT], inputSize: inputs, outputSize: units } as const),
        ...({ hiddenSize: units, levels, directions: ['forward'], merge: 'concat', bias: true } as const),
        ...({ returnSequences: true, projSize: 0, initialState: { kind: 'learned' } } as const),
        fixed: ['bias_hh'],
      },
      {
        ...({ type: 'linear', name: HEAD, inputs: [CORE], inputSize: units, outputSize: outputs } as const),
        ...({ bias: true, activation: 'none' } as const),
      },
    ],
  };
}

/** What whoever trained it called it. */
function ownName(root: JsonNode): string | undefined {
  const name = stringAt(valueAt(root, 'metadata'), 'name')?.trim();
  return name === '' ? undefined : name;
}

/** Where a level's numbers begin in the list, and how many columns its matrix has. */
function levelStart(
  { inputs, units }: Sizes,
  level: number,
): { readonly start: number; readonly columns: number } {
  const size = (columns: number) => 4 * units * columns + 4 * units + 2 * units;
  const columns = (level === 0 ? inputs : units) + units;
  return { start: level === 0 ? 0 : size(inputs + units) + (level - 1) * size(2 * units), columns };
}

function countOf(sizes: Sizes): number {
  const { units, levels, outputs } = sizes;
  return levelStart(sizes, levels).start + outputs * units + outputs;
}

async function readWeights(
  network: Network,
  sizes: Sizes,
  node: JsonNode,
  source: TextSource,
  report: Report,
) {
  const expected = countOf(sizes);
  if (node.type === 'array' && listLength(node) !== expected) {
    const { inputs, units, levels } = sizes;
    const message = say`weights: expected ${expected} numbers for input_size ${inputs}, hidden_size ${units} and num_layers ${levels}, found ${listLength(node)}`;
    report.error(node, 'wrong-length', message);
  }
  const parameters = parametersOf(network);
  if (report.failed || !fitsMemory(parameters, 4 * expected, node, source, report)) return undefined;
  const numbers = nestedValues(node, [expected], report);
  if (!numbers) return undefined;
  return collect(
    parameters,
    () => node,
    source,
    report,
    async (parameter) => valuesOf(parameter, sizes, numbers),
  );
}

function valuesOf({ kind, name, shape }: Parameter, sizes: Sizes, numbers: Float32Array): Float32Array {
  const { units, levels, outputs } = sizes;
  const level = Number(/_l(\d+)$/.exec(name)?.[1] ?? levels);
  const { start, columns } = levelStart(sizes, level);
  const bias = start + 4 * units * columns;
  switch (kind) {
    case 'weight_ih':
      return block(numbers, start, columns, 0, shape);
    case 'weight_hh':
      return block(numbers, start, columns, columns - units, shape);
    case 'bias_ih':
      return numbers.slice(bias, bias + 4 * units);
    case 'h0':
      return numbers.slice(bias + 4 * units, bias + 5 * units);
    case 'c0':
      return numbers.slice(bias + 5 * units, bias + 6 * units);
    case 'weight':
      return numbers.slice(start, start + outputs * units);
    case 'bias':
      return numbers.slice(start + outputs * units, start + outputs * units + outputs);
    default:
      return new Float32Array(shape[0]);
  }
}

/** Some columns of a matrix that begins at `start`, as a matrix of `shape`. */
function block(
  numbers: Float32Array,
  start: number,
  columns: number,
  from: number,
  [rows, width]: readonly number[],
): Float32Array {
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const at = start + row * columns + from;
    values.set(numbers.subarray(at, at + width), row * width);
  }
  return values;
}
