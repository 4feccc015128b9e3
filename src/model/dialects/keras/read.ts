/** Reads Keras's JSON: a model's layers, its weights in a file beside it or nowhere. */
import { say } from '../../../words/say';
import { quote, stringAt, valueAt } from '../../json/decode';
import type { Outline } from '../../json/outline';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { madeUpSamples } from '../../madeUp';
import type { Network } from '../../network';
import { START_OF_FILE } from '../../problem';
import { Report } from '../../report';
import type { Weights } from '../../weights';
import { unreadable, type Reading, type Source, type TextDialect, type TextSource } from '../dialect';
import { begunBehind } from '../../partial';
import { attempt, warnOfNotRun } from '../loading';
import type { KerasArrays } from './arrays';
import { assemble, conventionsIn, nameOf, type Assembled } from './assemble';
import { attachedWeights, openArrays } from './files/attach';
import { callModel, firstShape } from './graph';
import { untrainedWeights } from './initialisers';
import { isRecurrentClass } from './layers';
import { lintCompiledLoss } from './losses';
import { decodeModel, formOf, modelNode, type KerasLayer, type KerasModel } from './model';
import { NetworkBuilder } from './site';
import { widthsBehind } from './widths';
import { conventionsOf, conventionsOfTensorflowJs, type Form } from './version';
import { readWeights } from './weights';

/** A model's config and what is known of it from elsewhere. */
export interface KerasFile {
  /** The object with "class_name" and "config". */
  readonly root: JsonNode;
  /** Where the config does not say it itself: `keras_version` of an HDF5 file or of `metadata.json`. */
  readonly version?: string;
  readonly backend?: string;
  /** What it was compiled with, where that stands apart: an HDF5 file's `training_config`. */
  readonly training?: JsonNode;
  /** What tells the version where no number does, if it is not the config's own form. */
  readonly form?: Form;
  /** The weights; without, the model is untrained, or, if the report has errors about weights, has none. */
  readonly arrays?: KerasArrays;
  readonly dialect?: 'keras' | 'tfjs';
}

export const keras: TextDialect = {
  id: 'keras',
  label: 'Keras',
  endings: ['json'],
  gateOrders: { gru: 'zrn' },
  takesWeights: true,

  matches(outline) {
    return isModel(outline) || isModel(outline.first) || isQuoted(outline);
  },

  async read(source) {
    return readText(withoutByteOrderMark(source.text), source);
  },
};

async function readText(text: string, source: TextSource): Promise<Reading> {
  const report = Report.of(text, { schema: false, about: 'structure' });
  const root = await parseLongJson(text, report, source.signal);
  if (root?.type === 'string') return unquoted(await readText(root.value as string, source));
  if (!root) return unreadable(report.problems);
  const { files, candidates, ...weights } = await attachedWeights(root, source, report);
  const fitting = await readFitting(candidates, root, text, source);
  if (fitting.length === 1) return { ...fitting[0].reading, files };
  const names = fitting.length > 0 ? fitting.map(({ path }) => path) : candidates;
  if (names.length > 0) warnOfCandidates(names, fitting.length > 0, root, report.about('weights'));
  return { ...(await readKeras({ root, ...weights }, source, report)), files };
}

/** Files that are tried, and that are named. */
const MOST_TRIED = 8;

/** The model with each of the files whose layers are its own, one for one. */
async function readFitting(
  candidates: readonly string[],
  root: JsonNode,
  text: string,
  source: TextSource,
): Promise<{ readonly path: string; readonly reading: Reading }[]> {
  const fitting: { path: string; reading: Reading }[] = [];
  for (const path of candidates.slice(0, MOST_TRIED)) {
    const report = Report.of(text, { schema: false, about: 'structure' });
    const found = await openArrays({ folder: source.folder, path }, root, source, report.about('weights'));
    if (!found.arrays) continue;
    const message = say`no file is named like the model; ${quote(path)} has its layers, and is taken for its weights`;
    report.about('weights').warning(root, 'assumed', message);
    const reading = await readKeras({ root, ...found }, source, report);
    const doubts = reading.problems.some(
      ({ code }) => code === 'layers-in-order' || code === 'unused-tensor',
    );
    if (reading.weights && !doubts) fitting.push({ path, reading });
  }
  return fitting;
}

function warnOfCandidates(names: readonly string[], fit: boolean, root: JsonNode, report: Report): void {
  const listed = names.slice(0, MOST_TRIED).map(quote).join(', ');
  const more = names.length > MOST_TRIED ? say` and ${names.length - MOST_TRIED} more` : '';
  const what = fit
    ? say`each has its layers, so that none is taken`
    : say`none has its layers, one for one, and none is taken`;
  const message = say`no file beside the model is named like it; found ${listed}${more}: ${what}; attach the one that holds its weights (on the command line: --weights FILE)`;
  report.warning(root, 'candidate-weights', message);
}

/** `json.dump(model.to_json(), file)` writes a string that holds the JSON; places in it are none of the file. */
function isQuoted({ string }: Outline): boolean {
  return string?.trimStart().startsWith('{') === true && string.includes('class_name');
}

function unquoted(reading: Reading): Reading {
  return { ...reading, problems: reading.problems.map((problem) => ({ ...problem, place: START_OF_FILE })) };
}

/** A layer has these two, a model too; its config may stand alone. */
function isModel(outline: Outline | undefined): boolean {
  if (!outline) return false;
  const { keys } = outline;
  const layers = keys.get('layers')?.first?.keys;
  return (
    (keys.has('class_name') && keys.has('config')) || (!!layers?.has('class_name') && layers.has('config'))
  );
}

/** The reading of a model, of whichever file its config is the text. Rejects only if `source.signal` is aborted. */
export async function readKeras(file: KerasFile, source: Source, report: Report): Promise<Reading> {
  const node = modelNode(file.root);
  if (!node) {
    const found = stringAt(file.root, 'class_name');
    const message = say`expected a Keras model: "class_name" and "config" with its layers, found ${found === undefined ? say`no "class_name"` : quote(found)}`;
    report.error(file.root, 'unknown-dialect', message);
    return unreadable(report.problems);
  }
  const model = decodeModel(node, report);
  if (!model || !checkRecurrent(model, report)) return unreadable(report.problems);
  const version = stringAt(file.root, 'keras_version') ?? file.version;
  const backend = stringAt(file.root, 'backend') ?? file.backend;
  const conventions =
    file.dialect === 'tfjs'
      ? conventionsOfTensorflowJs(version)
      : conventionsOf(version, file.form ?? formOf(node), backend);
  const width = file.arrays && (await widthInArrays(model, file.arrays, report));
  const context = { conventions, limits: source.limits };
  const widths = file.arrays && (await widthsBehind(model, width, context, file.arrays));
  const built = new NetworkBuilder(widths);
  const values = callModel(model, width, { ...context, network: built, report });
  const assembled = values && assemble(model, built, values, report);
  if (!assembled || report.failed) return unreadable(report.problems);
  const network = begunBehind({
    ...assembled,
    name: nameOf(model, source),
    dialect: file.dialect ?? 'keras',
    conventions: conventionsIn(built.layers, conventions, model),
  });
  warnOfNotRun(network, placesOf(model, built), report);
  lintCompiledLoss(lossIn(file, node), network, report);
  const weights = await weightsOf({ network, built, model, file }, source, report.about('weights'));
  const lengths = network.input === assembled.input ? assembled.lengths : undefined;
  return readingOf(network, lengths, weights, file, report);
}

/** Keras 3 has it beside the model's config, Keras 2 beside the model. */
function lossIn({ root, training }: KerasFile, node: JsonNode): JsonNode | undefined {
  const compiled = [valueAt(node, 'compile_config'), valueAt(root, 'training_config'), training];
  return compiled.map((config) => valueAt(config, 'loss')).find((loss) => loss !== undefined);
}

/** Where the file has the layers that are not run. */
function placesOf(model: KerasModel, { notRun }: NetworkBuilder): (layer: string) => JsonNode {
  const paths = new Map([...notRun].map(([path, { name }]) => [name, path]));
  const nodes = new Map(nodesIn(model, ''));
  return (layer) => nodes.get(paths.get(layer) ?? layer) ?? model.at;
}

function nodesIn({ layers }: KerasModel, prefix: string): [string, JsonNode][] {
  return layers.flatMap(({ name, at, model }): [string, JsonNode][] => [
    [prefix + name, at],
    ...(model ? nodesIn(model, `${prefix}${name}/`) : []),
  ]);
}

function checkRecurrent(model: KerasModel, report: Report): boolean {
  const classes = classesIn(model.layers);
  if (classes.some(isRecurrentClass)) return true;
  const found = [...new Set(classes)].slice(0, 8).map(quote).join(', ');
  const message = say`expected a recurrent layer, such as "LSTM", "GRU" or "SimpleRNN", found ${found}`;
  report.error(model.at, 'no-recurrent-layer', message);
  return false;
}

function classesIn(layers: readonly KerasLayer[]): string[] {
  return layers.flatMap(({ className, model, branches = [] }) => {
    const inside = model ? [model] : branches;
    return inside.length > 0 ? inside.flatMap((one) => classesIn(one.layers)) : [className];
  });
}

/** The width of an input that the file does not say, as the first layer's kernel has it. */
async function widthInArrays(
  model: KerasModel,
  arrays: KerasArrays,
  report: Report,
): Promise<number | undefined> {
  if (!model.sequential || firstShape(model, report)) return undefined;
  const [first] = model.layers.filter(({ className }) => className !== 'InputLayer');
  const found = await attempt(arrays.file, first.at, report.about('weights'), () => arrays.of(first.name));
  const shape = found?.[0]?.shape;
  return shape && shape[first.className.startsWith('Conv') ? shape.length - 2 : 0];
}

/** A file's network, and what it was built of. */
interface Built {
  readonly network: Network;
  readonly built: NetworkBuilder;
  readonly model: KerasModel;
  readonly file: KerasFile;
}

async function weightsOf(
  { network, built, model: { at }, file: { arrays } }: Built,
  source: Source,
  report: Report,
): Promise<Weights | undefined> {
  if (report.failed) return undefined;
  const { bindings: all, notRun } = built;
  const bindings = all.filter(({ layer }) => network.layers.some(({ name }) => name === layer.name));
  const weights = arrays
    ? await readWeights({ network, bindings, unread: [...notRun.keys()], arrays, at }, source, report)
    : await untrainedWeights(network, bindings, at, source, report);
  return report.failed ? undefined : weights;
}

function readingOf(
  network: Network,
  lengths: Assembled['lengths'] | undefined,
  weights: Weights | undefined,
  { arrays }: KerasFile,
  report: Report,
): Reading {
  const samples = madeUpSamples(network, lengths);
  return {
    network,
    weights,
    trained: arrays !== undefined,
    samples,
    declaredSamples: samples.map(({ name }) => name),
    problems: report.problems,
    files: arrays?.files ?? [],
    ...(arrays && { weightsFile: arrays.file }),
  };
}
