/**
 * Reads ml5's charRNN: a manifest.json, the files of weights that it names, and a vocab.json (ml5-library, src/CharRNN
 * and src/utils/checkpointLoader.js). Every cell is TensorFlow 1's BasicLSTMCell, with one kernel (inputs + units, 4 units)
 * and a forget bias of 1 that is not stored.
 */
import { FileError } from '../../../files/folder';
import { say } from '../../../words/say';
import { counted, entries, integer, quote } from '../../json/decode';
import { keysAt } from '../../json/outline';
import type { JsonNode } from '../../json/node';
import { parseJson, withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { inUnits, limitInWords, type Limits } from '../../limits';
import { INPUT, type Layer, type LstmLayer, type Network, type TokenInput } from '../../network';
import { parametersOf } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { unreadable, type TextDialect, type TextSource } from '../dialect';
import { BASIC_LSTM_ORDER, orderedGates, rowsOfGates, transposed } from '../gates';
import { collect, fitsMemory, soleFile } from '../loading';
import { nameOfFile } from '../modelName';
import { vocabularyOf } from '../vocabulary';
import { decodeManifest, hasShape, readVariable, type Variable } from './manifest';

const VOCABULARY = 'vocab.json';
const CELL = /(?:cell|lstm)_(\d+)/i;
const HEAD = /softmax/i;
const TABLE = /(^|\/)embedding$/;
const BIAS = /(^|\/|_)(b|bias|biases)$/i;
/** Of training, not of the model: learning rate, steps, moments. */
const TRAINING = /^Variable|global_step|Adam|beta/;
const MAX_SIZE = 65_536;
/** ml5 takes the output of the cell with this number, whichever is the last. */
const OUTPUT_CELL = 1;

export const ml5: TextDialect = {
  id: 'ml5',
  label: 'ml5 charRNN',
  endings: ['json'],
  gateOrders: { lstm: 'igfo' },

  matches(outline) {
    return [...keysAt(outline)].some(
      ([name, { keys }]) => (CELL.test(name) || HEAD.test(name)) && keys.has('filename') && keys.has('shape'),
    );
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const variables = root && decodeManifest(root, report);
    if (!root || !variables) return unreadable(report.problems);
    const files = [VOCABULARY, ...new Set(variables.map(({ file }) => file))];
    const parts = partsOf(variables, root, report);
    const network = parts && networkOf(parts, await readVocabulary(parts, source, report), source, report);
    const weights = network && (await readWeights(network, parts, source, report.about('weights')));
    return { ...soleFile(network, weights, source, report), files };
  },
};

interface Pair {
  readonly kernel: Variable;
  readonly bias: Variable;
}

/** The variables in their places, their shapes fitting one another. */
interface Parts {
  readonly table?: Variable;
  /** By their numbers, from below. */
  readonly cells: ReadonlyMap<string, Pair>;
  readonly head: Pair;
  /** Entries of the vocabulary. */
  readonly size: number;
}

function partsOf(variables: readonly Variable[], root: JsonNode, report: Report): Parts | undefined {
  const groups = new Map<string, Variable[]>();
  for (const variable of variables) {
    const group = groupOf(variable);
    if (group) groups.set(group, [...(groups.get(group) ?? []), variable]);
    else if (!TRAINING.test(variable.name)) {
      const message = say`the variable ${quote(variable.name)} is no part of a charRNN, and is not used`;
      report.warning(variable.at.file, 'unused-tensor', message);
    }
  }
  const numbers = [...groups.keys()].filter((name) => name.startsWith('cell_'));
  numbers.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  if (numbers.length === 0) {
    report.error(
      root,
      'no-recurrent-layer',
      say`expected variables of cells, such as "cell_0/basic_lstm_cell/kernel"`,
    );
  }
  const cells = new Map<string, Pair>();
  for (const name of numbers) {
    const cell = pairOf(name, groups.get(name) ?? [], root, report);
    if (cell) cells.set(name, cell);
  }
  const head = pairOf('softmax', groups.get('softmax') ?? [], root, report);
  const [table] = groups.get('embedding') ?? [];
  if (!head || report.failed) return undefined;
  const size = head.bias.shape[0];
  return shapesFit({ table, cells, head, size }, report) ? { table, cells, head, size } : undefined;
}

function groupOf({ name }: Variable): string | undefined {
  const [, number] = CELL.exec(name) ?? [];
  if (TRAINING.test(name)) return undefined;
  if (number !== undefined) return `cell_${Number(number)}`;
  return HEAD.test(name) ? 'softmax' : TABLE.test(name) ? 'embedding' : undefined;
}

function pairOf(
  name: string,
  variables: readonly Variable[],
  root: JsonNode,
  report: Report,
): Pair | undefined {
  const biases = variables.filter((variable) => BIAS.test(variable.name));
  const kernels = variables.filter((variable) => !BIAS.test(variable.name));
  if (kernels.length === 1 && biases.length === 1) return { kernel: kernels[0], bias: biases[0] };
  const found = variables.map((variable) => quote(variable.name)).join(', ') || say`none`;
  const message = say`${name}: expected one matrix and one bias${name === 'softmax' ? '' : say`, as of a BasicLSTMCell`}, found ${found}`;
  report.error(variables[0]?.at.file ?? root, variables[0] ? 'unsupported-layer' : 'missing-tensor', message);
  return undefined;
}

function shapesFit({ table, cells, head, size }: Parts, report: Report): boolean {
  const pairs = [...cells.values(), head];
  for (const { at, shape, name } of [
    ...pairs.flatMap(({ kernel, bias }) => [kernel, bias]),
    table ?? [],
  ].flat()) {
    if (shape.every((length) => length <= MAX_SIZE)) continue;
    const message = say`the variable ${quote(name)}: expected at most ${MAX_SIZE} along an axis, found [${shape.join(', ')}]`;
    report.error(at.shape, 'too-large', message);
  }
  if (report.failed) return false;
  if (table && !hasShape(table, [size, table.shape[1] ?? 1], report)) return false;
  let width = table ? table.shape[1] : size;
  for (const { kernel, bias } of cells.values()) {
    const units = Math.max(1, (kernel.shape[0] ?? 0) - width);
    const fits = [hasShape(kernel, [width + units, 4 * units], report), hasShape(bias, [4 * units], report)];
    if (!fits.every(Boolean)) return false;
    width = units;
  }
  return [hasShape(head.kernel, [width, size], report), hasShape(head.bias, [size], report)].every(Boolean);
}

function networkOf(
  { table, cells, size }: Parts,
  vocabulary: readonly string[] | undefined,
  source: TextSource,
  report: Report,
): Network | undefined {
  if (report.failed) return undefined;
  const input: TokenInput = {
    ...{ kind: 'token', lowercase: false, encoding: table ? 'index' : 'one_hot' },
    split: vocabulary ? 'char' : 'word',
    vocabulary: vocabulary ?? vocabularyOf([], size, String),
  };
  const layers: Layer[] = [];
  const below = () => layers.at(-1)?.name ?? INPUT;
  let inputSize = size;
  if (table) {
    const [numEmbeddings, outputSize] = table.shape;
    layers.push({
      type: 'embedding',
      name: 'embedding',
      inputs: [INPUT],
      inputSize: 1,
      numEmbeddings,
      outputSize,
    });
    inputSize = outputSize;
  }
  for (const [name, { bias }] of cells) {
    layers.push(cell(name, below(), inputSize, bias.shape[0] / 4));
    inputSize = bias.shape[0] / 4;
  }
  const sizes = { inputSize, outputSize: size };
  layers.push({
    ...{ name: 'softmax', inputs: [below()], ...sizes, type: 'linear', bias: true, activation: 'softmax' },
  });
  if ([...cells.keys()].at(-1) !== `cell_${OUTPUT_CELL}`) {
    const message = say`ml5 takes the output of cell ${OUTPUT_CELL}, which is not the last of ${counted(cells.size, 'cell')}; that of the last one is taken, as in training`;
    report.warning(START_OF_FILE, 'assumed', message);
  }
  return {
    ...{ name: nameOfFile(source, /\.json$/i), dialect: 'ml5', input, layers },
    conventions: ['ml5 charRNN', 'BasicLSTMCell', 'i, j, f, o', say`forget bias 1 added when running`],
    outputLabels: input.vocabulary,
  };
}

function cell(name: string, below: string, inputSize: number, units: number): LstmLayer {
  return {
    ...{ name, inputs: [below], inputSize, outputSize: units, hiddenSize: units, type: 'lstm' },
    ...({ levels: 1, directions: ['forward'], merge: 'concat', bias: true } as const),
    ...{ returnSequences: true, projSize: 0, forgetBias: 1, fixed: ['bias_hh'] },
  };
}

/** `{character: id}`; undefined where there is none, and with errors where it is faulty. */
async function readVocabulary(
  { size }: Parts,
  { folder, limits }: TextSource,
  report: Report,
): Promise<string[] | undefined> {
  const text = await readText(folder, limits).catch((error: unknown) => {
    if (!FileError.is(error)) throw error;
    const message = say`${error.message}; characters are named by their numbers`;
    report.warning(START_OF_FILE, 'no-vocabulary', message);
    return undefined;
  });
  if (text === undefined) return undefined;
  const within = Report.of(text, { schema: false, about: 'structure' });
  const root = parseJson(text, within, 'jsonc');
  const ids = new Map<string, number>();
  for (const [token, node] of (root && entries(root, within)) ?? []) {
    const id = integer(0, size - 1)(node, within);
    if (id !== undefined) ids.set(token, id);
  }
  for (const { message, place } of within.problems) {
    report.error(START_OF_FILE, 'bad-vocabulary', `${VOCABULARY}:${place.line}:${place.column}: ${message}`);
  }
  const vocabulary = vocabularyOf(ids, size);
  const known = new Set(vocabulary.filter((token) => ids.has(token))).size;
  if (!within.failed && known !== size) {
    const message = say`${VOCABULARY}: expected a character for each of the ids 0 to ${size - 1}, found ${known}; the others are named by their numbers`;
    report.warning(START_OF_FILE, 'bad-vocabulary', message);
  }
  return vocabulary;
}

async function readText(folder: TextSource['folder'], limits: Limits): Promise<string> {
  const size = await folder.size(VOCABULARY);
  if (size > limits.memory) {
    const message = say`${VOCABULARY} has ${inUnits(size)}; the limit is ${limitInWords(limits)}`;
    throw new FileError('unreadable', VOCABULARY, message);
  }
  return withoutByteOrderMark(new TextDecoder().decode(await folder.read(VOCABULARY)));
}

async function readWeights(network: Network, parts: Parts, source: TextSource, report: Report) {
  const parameters = parametersOf(network);
  const kernels = [...parts.cells.values(), parts.head].map(({ kernel }) => kernel);
  const largest = Math.max(...kernels.map(({ shape }) => 8 * shape[0] * shape[1]));
  if (!fitsMemory(parameters, largest, START_OF_FILE, source, report)) return undefined;
  const pair = (layer: string) => parts.cells.get(layer) ?? parts.head;
  const variable = (layer: string, kind: string) =>
    layer === 'embedding' ? parts.table! : kind.startsWith('bias') ? pair(layer).bias : pair(layer).kernel;
  const at = (name: string) => {
    const [layer, kind] = name.split('.');
    return variable(layer, kind).at.file;
  };
  const weights = await collect(parameters, at, source, report, async ({ kind, layer, shape }) => {
    // BasicLSTMCell has one bias: the other stays 0.
    if (kind === 'bias_hh') return new Float32Array(shape[0]);
    const values = await readVariable(variable(layer.name, kind), source, report);
    if (!values || layer.type === 'embedding') return values;
    const { inputSize, outputSize } = layer;
    switch (kind) {
      case 'weight_ih':
        return rowsOfGates(
          values.subarray(0, inputSize * 4 * outputSize),
          inputSize,
          outputSize,
          BASIC_LSTM_ORDER,
        );
      case 'weight_hh':
        return rowsOfGates(
          values.subarray(inputSize * 4 * outputSize),
          outputSize,
          outputSize,
          BASIC_LSTM_ORDER,
        );
      case 'bias_ih':
        return orderedGates(values, outputSize, BASIC_LSTM_ORDER);
      case 'weight':
        return transposed(values, inputSize, outputSize);
      default:
        return values;
    }
  });
  return report.failed ? undefined : weights;
}
