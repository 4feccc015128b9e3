/** Reads ONNX models: the recurrent nodes of a graph, and the operators around them, as layers. */
import { counted, quote } from '../../json/decode';
import { INPUT, type Layer, type Network, type NetworkInput } from '../../network';
import { parametersOf } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { TensorFileError } from '../../tensors/bytes';
import { elementCount, type Weights } from '../../weights';
import { unreadable, type BinaryDialect, type BinarySource, type Reading } from '../dialect';
import { attempt, collect, fitsMemory, soleFile } from '../loading';
import type { Constant } from './constant';
import { conventionsOf } from './conventions';
import { looksLikeOnnx } from './detect';
import { readOnnxFile, type OnnxFile } from './file';
import { inputViews, isOwnDomain, isRecurrentNode } from './inputs';
import { walk, type Walk } from './interpret';
import { lower, type Lowered } from './lower';
import { chooseOutput, type Chosen } from './output';
import type { GraphProto, ModelProto } from './schema/onnx_pb';
import { shapeOnly, TensorFiles } from './tensors';
import { Unsupported } from './value';

const MAX_NODES = 100_000;
const MAX_LAYERS = 1000;
const MAX_VOCABULARY = 1_000_000;

export const onnx: BinaryDialect = {
  id: 'onnx',
  sign: 'the first fields of an ONNX ModelProto',
  label: 'ONNX',

  matches(head) {
    return looksLikeOnnx(head);
  },

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const { bytes, fileName, limits } = source;
    const file = await attempt(fileName, START_OF_FILE, report, () => readOnnxFile(bytes, limits.memory));
    if (!file) return unreadable(report.problems);
    const files = new TensorFiles(bytes, source);
    const constants = await constantsOf(file, files, source, report.about('weights'));
    const reading = await readGraph(file, constants, source, report);
    return { ...reading, files: files.names };
  },
};

/** The initialisers by name; what cannot be read of them is reported, and their shapes are kept. */
async function constantsOf(
  { initializers }: OnnxFile,
  files: TensorFiles,
  { fileName }: BinarySource,
  report: Report,
): Promise<ReadonlyMap<string, Constant>> {
  const constants = new Map<string, Constant>();
  for (const initializer of initializers) {
    const { tensor } = initializer;
    const read = () => attempt(fileName, START_OF_FILE, report, () => files.constantOf(initializer));
    const value = (await read()) ?? shapeOnly(tensor);
    if (value) constants.set(tensor.name, value);
  }
  return constants;
}

async function readGraph(
  { model, graph }: OnnxFile,
  constants: ReadonlyMap<string, Constant>,
  source: BinarySource,
  report: Report,
): Promise<Reading> {
  if (graph.node.length > MAX_NODES) {
    const message = `expected at most ${MAX_NODES} nodes, found ${graph.node.length}`;
    report.error(START_OF_FILE, 'too-many-nodes', message);
    return unreadable(report.problems);
  }
  const opset = opsetOf(model);
  const found = bestWalk(graph, constants, opset);
  const chosen = found && chooseOutput(graph, found);
  if (!found || !chosen) {
    report.error(START_OF_FILE, 'no-recurrent-layer', nothingRecurrent(graph, found));
    return unreadable(report.problems);
  }
  const lowered = lower(chosen.flow, chosen.beside);
  const input = inputOf(found, lowered.layers, report);
  if (lowered.layers.length > MAX_LAYERS) {
    const message = `expected at most ${MAX_LAYERS} layers, found ${lowered.layers.length}`;
    report.error(START_OF_FILE, 'too-many-layers', message);
  }
  if (!input || report.failed) return unreadable(report.problems);
  reportFindings(found, chosen, report);
  const network: Network = {
    name: source.fileName.replace(/\.onnx$/i, '') || source.fileName,
    dialect: 'onnx',
    conventions: conventionsOf(model, opset, lowered.layers, found.view),
    input,
    layers: lowered.layers,
  };
  const weights = await readWeights(network, lowered, source, report.about('weights'));
  const { size } = found.view.rows;
  const lengths = typeof size === 'number' ? new Map([[INPUT, size]]) : undefined;
  return soleFile(network, weights, source, report, lengths);
}

function opsetOf({ opsetImport }: ModelProto): number {
  return Number(opsetImport.find(({ domain }) => isOwnDomain(domain))?.version ?? 1n);
}

/** The walk that reaches the most recurrent nodes, of all ways to see the graph's inputs. */
function bestWalk(
  graph: GraphProto,
  constants: ReadonlyMap<string, Constant>,
  opset: number,
): Walk | undefined {
  const nodes = graph.node.filter(isRecurrentNode);
  const width = constants.get(nodes[0]?.input[1])?.shape[2];
  let best: Walk | undefined;
  for (const view of inputViews(graph, new Set(constants.keys()), width)) {
    const found = walk(graph, constants, view, opset);
    if (found.reached === nodes.length && found.faults.length === 0) return found;
    const better =
      !best ||
      found.reached > best.reached ||
      (found.reached === best.reached && found.faults.length < best.faults.length);
    if (better) best = found;
  }
  return best;
}

const MAX_LISTED = 8;

function nothingRecurrent(graph: GraphProto, found: Walk | undefined): string {
  const recurrent = graph.node.filter(isRecurrentNode);
  if (recurrent.length > 0) {
    const unknown = [...(found?.outputs.values() ?? [])].find((value) => value.kind === 'unknown');
    const reason =
      unknown?.kind === 'unknown' ? unknown.reason : 'the graph has no input that could be a sequence';
    return `the graph has ${counted(recurrent.length, 'recurrent node')}, but none that can be shown: ${reason}`;
  }
  const counts = new Map<string, number>();
  for (const { opType } of graph.node) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  const listed = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([type, count]) => `${quote(type)} × ${count}`);
  const some = listed.slice(0, MAX_LISTED).join(', ') + (listed.length > MAX_LISTED ? ', …' : '');
  return `expected a node of type RNN, LSTM or GRU, found ${some || 'no nodes'}`;
}

/** Tokens where an embedding reads the input: the file knows no words, so they are called by their ids. */
function inputOf({ view }: Walk, layers: readonly Layer[], report: Report): NetworkInput | undefined {
  const readers = layers.filter(({ inputs }) => inputs.includes(INPUT));
  const tables = readers.flatMap((layer) => (layer.type === 'embedding' ? [layer.numEmbeddings] : []));
  if (tables.length === 0) return { kind: 'vector', size: view.width };
  const size = Math.min(...tables);
  if (tables.length < readers.length || !(size >= 1 && size <= MAX_VOCABULARY)) {
    const message = `the input ${quote(view.name)} is read both as tokens, of which there are ${size}, and as numbers; expected one, and at most ${MAX_VOCABULARY} tokens`;
    report.error(START_OF_FILE, 'unsupported-input', message);
    return undefined;
  }
  const vocabulary = Array.from({ length: size }, (_, id) => String(id));
  return { kind: 'token', vocabulary, split: 'word', lowercase: false, encoding: 'index' };
}

function reportFindings(
  { view, notes, faults }: Walk,
  { fault, notes: more, flow }: Chosen,
  report: Report,
): void {
  const warn = (message: string) => report.warning(START_OF_FILE, 'assumed', message);
  if (view.batch !== undefined)
    warn(`the input ${quote(view.name)} is fixed to ${view.batch} sequences at once: one is run`);
  if (flow.reversed)
    warn('the output is shown in the order of the steps; the model gives the last step first');
  for (const note of [...notes, ...more]) warn(note);
  const weights = report.about('weights');
  const reasons = new Set([...faults, ...(fault !== undefined ? [fault] : [])]);
  for (const reason of reasons) {
    weights.error(
      START_OF_FILE,
      'unsupported-node',
      `${reason}; the model is shown as far as it is known, and does not run`,
    );
  }
}

async function readWeights(
  network: Network,
  { tensors }: Lowered,
  source: BinarySource,
  report: Report,
): Promise<Weights | undefined> {
  const parameters = parametersOf(network);
  const largest = Math.max(0, ...parameters.map(({ shape }) => elementCount(shape)));
  if (report.failed || !fitsMemory(parameters, 4 * largest, START_OF_FILE, source, report)) return undefined;
  const weights = await collect(
    parameters,
    () => START_OF_FILE,
    source,
    report,
    ({ name, shape }) =>
      attempt(source.fileName, START_OF_FILE, report, () => valuesOf(name, elementCount(shape), tensors)),
  );
  return report.failed ? undefined : weights;
}

async function valuesOf(name: string, count: number, tensors: Lowered['tensors']): Promise<Float32Array> {
  const read = tensors.get(name);
  try {
    const values = await read?.();
    if (values?.length === count) return values;
    throw new TensorFileError(
      `expected ${count} numbers for ${quote(name)}, found ${values?.length ?? 'none'}`,
    );
  } catch (error) {
    if (error instanceof Unsupported) throw new TensorFileError(`${quote(name)}: ${error.message}`);
    throw error;
  }
}
