/** Reads ONNX models: the recurrent nodes of a graph, and the operators around them, as layers. */
import { say } from '../../../words/say';
import { counted, quote } from '../../json/decode';
import { furtherInputs, INPUT, inputOf, type DialectId, type Layer, type Network } from '../../network';
import { parametersOf } from '../../parameters';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import { TensorFileError } from '../../tensors/bytes';
import { elementCount, type Weights } from '../../weights';
import { unreadable, type BinaryDialect, type BinarySource, type Reading } from '../dialect';
import { begunBehind } from '../../partial';
import { attempt, collect, fitsMemory, soleFile, warnOfNotRun } from '../loading';
import { nameOfFile } from '../modelName';
import type { Constant } from './constant';
import { conventionsOf } from './conventions';
import { looksLikeOnnx } from './detect';
import { readOnnxFile, type OnnxFile } from './file';
import { inlined } from './functions';
import { everyNode, isOwnDomain, isRecurrentNode, type InputView } from './inputs';
import type { Walk } from './interpret';
import { lower, type Lowered } from './lower';
import { chooseOutput, type Chosen } from './output';
import { nameOf } from './node';
import { bestWalk } from './search';
import type { GraphProto, ModelProto } from './schema/onnx_pb';
import { settled } from './settings';
import { locationOf, shapeOnly, TensorFiles } from './tensors';
import { Unsupported } from './unsupported';

const MAX_NODES = 50_000;
const MAX_LAYERS = 1000;

export const onnx: BinaryDialect = {
  id: 'onnx',
  label: 'ONNX',
  endings: ['onnx'],
  gateOrders: { lstm: 'iofg', gru: 'zrn' },

  matches(head) {
    return looksLikeOnnx(head);
  },

  async read(source) {
    const report = Report.of('', { schema: false, about: 'structure' });
    const { bytes, fileName, limits } = source;
    const file = await attempt(fileName, START_OF_FILE, report, () => readOnnxFile(bytes, limits));
    if (!file) return unreadable(report.problems);
    const files = new TensorFiles(bytes, source);
    const constants = await constantsOf(file, files, source, report.about('weights'));
    const { graph, notes } = inlined(file.graph, file.model, MAX_NODES);
    for (const note of notes) report.warning(START_OF_FILE, 'assumed', note);
    const reading = await readGraph(graphModel({ ...file, graph }, constants, source), source, report);
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
  const locations = new Set(initializers.map(({ tensor }) => locationOf(tensor)));
  const there = new Set<string | undefined>([undefined]);
  for (const location of locations) {
    if (location === undefined) continue;
    if (await attempt(fileName, START_OF_FILE, report, () => files.open(location))) there.add(location);
  }
  for (const initializer of initializers) {
    const { tensor } = initializer;
    const read = () => attempt(fileName, START_OF_FILE, report, () => files.constantOf(initializer));
    const value = (there.has(locationOf(tensor)) ? await read() : undefined) ?? shapeOnly(tensor);
    if (value) constants.set(tensor.name, value);
  }
  return constants;
}

function graphModel(
  { model, graph }: OnnxFile,
  constants: ReadonlyMap<string, Constant>,
  source: BinarySource,
): GraphModel {
  const opset = opsetOf(model);
  return {
    ...{ graph, constants, opset, dialect: 'onnx', name: nameOfFile(source, /\.onnx$/i) },
    conventionsOf: (layers, view) => conventionsOf(model, opset, layers, view),
    nothingRecurrent: () => say`expected a node of type RNN, LSTM or GRU, found ${typesIn(graph)}`,
  };
}

/** A graph of ONNX's operators, of whatever file. */
export interface GraphModel {
  readonly graph: GraphProto;
  readonly constants: ReadonlyMap<string, Constant>;
  readonly opset: number;
  readonly dialect: DialectId;
  readonly name: string;
  conventionsOf(layers: readonly Layer[], view: InputView): string[];
  /** What is said of a graph without a recurrent node. */
  nothingRecurrent(): string;
}

/** The recurrent nodes of a graph, and what is around them; what is wrong is reported. */
export async function readGraph(model: GraphModel, source: BinarySource, report: Report): Promise<Reading> {
  const { graph, constants, opset } = model;
  if (graph.node.length > MAX_NODES) {
    const message = say`expected at most ${MAX_NODES} nodes, found ${graph.node.length}`;
    report.error(START_OF_FILE, 'too-many-nodes', message);
    return unreadable(report.problems);
  }
  const { found, notes, choices } = await settled(graph, constants, source.choices ?? [], (known) =>
    bestWalk(graph, known, opset, { chosen: source.choices, signal: source.signal }),
  );
  const chosen = found && chooseOutput(graph, found);
  if (!found || !chosen) {
    report.error(START_OF_FILE, 'no-recurrent-layer', nothingShown(model, found));
    return unreadable(report.problems);
  }
  const lowered = lower(chosen.flow, found.views[0], chosen.beside);
  if (lowered.layers.length > MAX_LAYERS) {
    const message = say`expected at most ${MAX_LAYERS} layers, found ${lowered.layers.length}`;
    report.error(START_OF_FILE, 'too-many-layers', message);
  }
  reportFindings(found, { ...chosen, notes: [...notes, ...chosen.notes] }, report);
  const begun = begunBehind({
    name: model.name,
    dialect: model.dialect,
    conventions: model.conventionsOf(lowered.layers, found.views[0]),
    input: lowered.input,
    layers: lowered.layers,
  });
  const lengths = lengthsOf(found, begun);
  const fixedSteps = lengths.get(INPUT);
  const network: Network = { ...begun, ...(fixedSteps !== undefined && { fixedSteps }) };
  // Tensors that could not be read, which was reported, may be all that is wrong.
  if (!report.about('weights').failed) warnOfNotRun(network, () => START_OF_FILE, report);
  checkTokens(network, report);
  if (report.failed) return unreadable(report.problems);
  const weights = await readWeights(network, lowered, source, report.about('weights'));
  const reading = soleFile(network, weights, source, report, lengths);
  return { ...reading, ...(choices.length > 0 && { choices }) };
}

function opsetOf({ opsetImport }: ModelProto): number {
  return Number(opsetImport.find(({ domain }) => isOwnDomain(domain))?.version ?? 1n);
}

const MAX_LISTED = 8;

function nothingShown(model: GraphModel, found: Walk | undefined): string {
  const recurrent = everyNode(model.graph).filter(isRecurrentNode);
  const missed = found?.missed ?? [];
  const unknown = [...(found?.outputs.values() ?? [])].find((value) => value.kind === 'unknown');
  if (recurrent.length === 0 && missed.length > 0)
    return say`expected a recurrent layer, found none: ${missed.join('; ')}`;
  if (recurrent.length === 0) {
    const why = unknown && say`; cells in basic operators are looked for too, but ${unknown.reason}`;
    return model.nothingRecurrent() + (why ?? '');
  }
  const reason = unknown?.reason ?? say`the graph has no input that could be a sequence`;
  return say`the graph has ${counted(recurrent.length, 'recurrent node')}, but none that can be shown: ${reason}`;
}

function typesIn(graph: GraphProto): string {
  return mostOf(graph.node.map(({ opType }) => opType)) || say`no nodes`;
}

/** `"Conv" × 3, "Relu" × 2, …`. */
export function mostOf(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const listed = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([type, count]) => `${quote(type)} × ${count}`);
  return listed.slice(0, MAX_LISTED).join(', ') + (listed.length > MAX_LISTED ? ', …' : '');
}

function reportFindings(
  { views, lengths, notes, eightBits }: Walk,
  { notes: more, flow }: Chosen,
  report: Report,
): void {
  const warn = (message: string) => report.warning(START_OF_FILE, 'assumed', message);
  for (const note of [...notes, ...more]) warn(note);
  if (eightBits) {
    const message = say`the file computes with numbers of 8 bits: the weights are taken times their scales, and what the sequence gives is not rounded here, so outputs differ in the second or third digit`;
    report.warning(START_OF_FILE, 'eight-bits', message);
  }
  for (const { name, batch } of views) {
    if (batch !== undefined)
      warn(say`the input ${quote(name)} is fixed to ${batch} sequences at once: one is run`);
  }
  if (views[0].half)
    warn(
      say`the model computes in half precision, which is not done here: numbers differ in the third digit`,
    );
  if (flow.reversed)
    warn(say`the output is shown in the order of the steps; the model gives the last step first`);
  for (const name of lengths)
    warn(say`the input ${quote(name)} is taken to be the number of all steps: one sequence is run, in full`);
}

/** Steps that the file fixes, by the names of the inputs. */
function lengthsOf({ views }: Walk, { input }: Network): ReadonlyMap<string, number> {
  if (input.kind === 'vector' && input.standsFor) return new Map();
  return new Map(
    views.flatMap(({ name, rows }, k) =>
      typeof rows?.size === 'number' ? [[k === 0 ? INPUT : nameOf(name), rows.size]] : [],
    ),
  );
}

/** An input is read as tokens or as numbers, not as both. */
function checkTokens(network: Network, report: Report): void {
  const names = [INPUT, ...furtherInputs(network).map(({ name }) => name)];
  for (const name of names.filter((one) => inputOf(network, one).kind === 'token')) {
    const other = network.layers.find(({ type, inputs }) => type !== 'embedding' && inputs.includes(name));
    if (!other) continue;
    const message = say`the input ${quote(name)} is read both as tokens and, by ${quote(other.name)}, as numbers; expected one`;
    report.error(START_OF_FILE, 'unsupported-input', message);
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
      say`expected ${count} numbers for ${quote(name)}, found ${values?.length ?? say`none`}`,
    );
  } catch (error) {
    if (error instanceof Unsupported) throw new TensorFileError(`${quote(name)}: ${error.message}`);
    throw error;
  }
}
