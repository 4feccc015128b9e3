/**
 * Reads what `toJSON()` of brain.js's recurrent networks gives: RNN, LSTM and GRU, which read characters, and
 * RNNTimeStep, LSTMTimeStep and GRUTimeStep, which read numbers (versions 1 and 2, src/recurrent).
 */
import { say } from '../../../words/say';
import { describe, elements, entries, pathOf, quote, requiredAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import type { Layer, Network, NetworkInput } from '../../network';
import { parametersOf } from '../../parameters';
import { Report } from '../../report';
import type { TextDialect, TextSource } from '../dialect';
import { collect, fitsMemory, soleFile } from '../loading';
import { nameOfFile } from '../modelName';
import { CELL_TYPES, cellTypeOf, readCell, readHead, readTable, type CellType, type Read } from './layers';
import { matrixValues } from './matrices';
import { tokensOf } from './tokens';

const MAX_LAYERS = 1000;

const CONVENTIONS: Record<CellType, readonly string[]> = {
  rnn: ['relu'],
  lstm: [
    say`not the textbook LSTM: the forget gate multiplies the previous output, no cell state of its own`,
  ],
  gru: [say`z keeps the old state`, say`reset before`],
};

export const brainjs: TextDialect = {
  id: 'brainjs',
  label: 'brain.js',
  endings: ['json'],

  matches({ keys }) {
    return keys.has('outputConnector') && (keys.has('hiddenLayers') || keys.has('hiddenSizes'));
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const read = root && readLayers(root, report);
    const network = read && networkOf(root, read, source, report);
    const weights = network && (await readWeights(network, read, root, source, report.about('weights')));
    return soleFile(network, weights, source, report);
  },
};

/** The table of characters, where there is one, the hidden layers and the head. */
function readLayers(root: JsonNode, report: Report): readonly Read[] | undefined {
  const list = valueAt(root, 'hiddenLayers') ?? valueAt(root, 'hiddenSizes');
  const nodes = list && elements(list, report);
  const connector = requiredAt(root, 'outputConnector', itself, report);
  const output = requiredAt(root, 'output', itself, report);
  if (!nodes || !connector || !output) return undefined;
  if (nodes.length === 0 || nodes.length > MAX_LAYERS) {
    const message = say`${pathOf(list)}: expected 1 to ${MAX_LAYERS} layers, found ${nodes.length}`;
    report.error(list, 'wrong-length', message);
    return undefined;
  }
  const type = cellTypeOf(nodes[0], report);
  if (!type) return undefined;
  const table = tableNode(root);
  checkType(root, type, table !== undefined, report);
  checkSizes(root, nodes.length, report);
  const read: Read[] = [];
  const add = (found: Read | undefined) => found !== undefined && read.push(found) > 0;
  if (table && !add(readTable(table, report))) return undefined;
  for (const [k, node] of nodes.entries()) {
    if (!add(readCell(node, type, read.at(-1)?.layer, `hidden_${k + 1}`, report))) return undefined;
  }
  const activation = table ? 'softmax' : 'none';
  return add(readHead(connector, output, read[read.length - 1].layer, activation, report)) ? read : undefined;
}

const itself = (node: JsonNode) => node;

function tableNode(root: JsonNode): JsonNode | undefined {
  const node = valueAt(root, 'input');
  return node?.type === 'null' ? undefined : node;
}

/** "type" is the name of a class, which a bundler may have shortened; the matrices tell. */
function checkType(root: JsonNode, type: CellType, characters: boolean, report: Report): void {
  const node = valueAt(root, 'type');
  const found = `${type.toUpperCase()}${characters ? '' : 'TimeStep'}`;
  if (!node || node.value === found) return;
  const known = CELL_TYPES.flatMap((name) => [name.toUpperCase(), `${name.toUpperCase()}TimeStep`]);
  const message = say`type: ${node.type === 'string' ? quote(node.value) : describe(node)}`;
  if (known.includes(node.value as string)) {
    report.error(node, 'type-mismatch', say`${message}, but the matrices are those of ${found}`);
  } else {
    report.warning(
      node,
      'assumed',
      say`${message} is no network of brain.js; taken for ${found} by its matrices`,
    );
  }
}

/** brain.js itself makes its states by "options", the products by the matrices. */
function checkSizes(root: JsonNode, layers: number, report: Report): void {
  const options = valueAt(root, 'options');
  const said = valueAt(options, 'hiddenLayers') ?? valueAt(options, 'hiddenSizes');
  if (said?.type !== 'array' || said.children?.length === layers) return;
  const message = say`${pathOf(said)}: has ${said.children?.length ?? 0} layers, but there are matrices for ${layers}; the matrices are taken`;
  report.warning(said, 'size-mismatch', message);
}

function networkOf(
  root: JsonNode,
  read: readonly Read[],
  source: TextSource,
  report: Report,
): Network | undefined {
  const layers = read.map(({ layer }) => layer);
  const cell = layers.find(({ type }) => type !== 'embedding')!;
  const head = layers[layers.length - 1];
  const [first] = layers;
  const tokens =
    first.type === 'embedding'
      ? tokensOf(valueAt(valueAt(root, 'options'), 'dataFormatter'), first.numEmbeddings, report)
      : undefined;
  if (report.failed || (first.type === 'embedding' && !tokens)) return undefined;
  const input: NetworkInput = tokens ?? vectors(root, first.inputSize, report);
  const labels = tokens
    ? head.outputSize === tokens.vocabulary.length && tokens.vocabulary
    : head.outputSize > 1 && namesOf(root, 'outputLookup', head.outputSize, report);
  const conventions = [
    ...['brain.js', ...CONVENTIONS[cell.type as CellType]],
    ...(tokens ? [say`softmax over all characters`, say`starts with row 0`] : keysAsSteps(root, cell)),
  ];
  return {
    ...{ name: nameOfFile(source, /\.json$/i), dialect: 'brainjs', conventions },
    ...{ input, layers },
    ...(labels && { outputLabels: labels }),
  };
}

function vectors(root: JsonNode, size: number, report: Report): NetworkInput {
  const features = size > 1 ? namesOf(root, 'inputLookup', size, report) : undefined;
  return { kind: 'vector', size, ...(features && { features }) };
}

/** A network of one number reads an object's values one after the other. */
function keysAsSteps(root: JsonNode, { inputSize }: Layer): string[] {
  const lookup = valueAt(root, 'inputLookup');
  const keys = lookup?.type === 'object' && inputSize === 1 ? (lookup.children ?? []) : [];
  return keys.length > 0 ? [say`the keys of an object are steps (${keys.length} of them)`] : [];
}

/** The names of a table `{name: index}` in the order of their indices; undefined, with a warning, if it has not `size`. */
function namesOf(root: JsonNode, key: string, size: number, report: Report): string[] | undefined {
  const lookup = valueAt(root, key);
  if (lookup?.type !== 'object') return undefined;
  const names = new Map<number, string>();
  for (const [name, node] of entries(lookup, report) ?? []) {
    if (Number.isInteger(node.value) && node.value >= 0 && node.value < size) names.set(node.value, name);
  }
  if (names.size === size) return Array.from({ length: size }, (_, index) => names.get(index)!);
  const message = say`${key}: expected a name for each of the numbers 0 to ${size - 1}, found ${names.size}; the names are not used`;
  report.warning(lookup, 'size-mismatch', message);
  return undefined;
}

async function readWeights(
  network: Network,
  read: readonly Read[],
  root: JsonNode,
  source: TextSource,
  report: Report,
) {
  const parameters = parametersOf(network);
  const stored = new Map(read.flatMap(({ parameters: matrices }) => [...matrices]));
  if (!fitsMemory(parameters, 0, root, source, report)) return undefined;
  const at = (name: string) => stored.get(name)?.[0].node ?? root;
  const weights = await collect(parameters, at, source, report, async ({ name, shape }) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    let filled = 0;
    // brain.js has one bias: the other stays 0.
    for (const matrix of stored.get(name) ?? []) {
      const part = matrixValues(matrix, report);
      if (part) values.set(part, filled);
      filled += matrix.rows * matrix.columns;
    }
    return values;
  });
  return report.failed ? undefined : weights;
}
