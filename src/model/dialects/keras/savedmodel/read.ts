/** Reads the folders in which TensorFlow keeps models, and checkpoints of TensorFlow alone. */
import { FileError } from '../../../../files/folder';
import { say } from '../../../../words/say';
import { quote, valueAt } from '../../../json/decode';
import type { JsonNode } from '../../../json/node';
import { parseJson } from '../../../json/parse';
import { START_OF_FILE } from '../../../problem';
import { Report } from '../../../report';
import { bytesOf, TensorFileError } from '../../../tensors/bytes';
import { looksLikeIndex, openBundle, type TensorBundle } from '../../../tensors/bundle';
import { unreadable, type BinaryDialect, type BinarySource, type Reading } from '../../dialect';
import { attempt } from '../../loading';
import { attachedWeights } from '../files/attach';
import { arraysIn } from '../files/layerArrays';
import { kerasLayerIds, modelNode } from '../model';
import { readKeras } from '../read';
import { readWeightsAlone } from '../told/read';
import { GRAPH_FILE, INDEX, METADATA_FILE, VARIABLES } from './files';
import { layersOfNames, ObjectGraph } from './graph';
import { modelInGraph, modelInMetadata } from './metadata';

/** A field's number and type as one byte: texts of a SavedMetadata's nodes; a SavedModel's version, and its graphs. */
const NODES = 0x0a;
const VERSION = [0x08, 0x01, 0x12];
const META_INFO = 0x0a;
const NAME = 0x0a;

export const savedModel: BinaryDialect = {
  id: 'keras',
  label: say`TensorFlow SavedModel of Keras`,
  endings: ['pb'],
  gateOrders: { gru: 'zrn' },
  takesWeights: true,

  matches(head) {
    return isMetadata(head) || isSavedModel(head);
  },

  async read(source) {
    const report = Report.within({ about: 'structure' });
    const text = await attempt(source.fileName, START_OF_FILE, report, () => configIn(source));
    if (report.failed) return unreadable(report.problems);
    const root = text === undefined ? undefined : parseJson(text, report, 'json');
    if (report.failed) return unreadable(report.problems);
    return root && modelNode(root)
      ? readModel(root, source, report)
      : readVariables(VARIABLES, whyNoConfig(root, source), source, report);
  },
};

export const checkpoint: BinaryDialect = {
  id: 'keras',
  label: say`TensorFlow checkpoint`,
  endings: ['index'],
  gateOrders: { gru: 'zrn' },

  matches: looksLikeIndex,

  async read(source) {
    const report = Report.within({ about: 'structure' });
    const { fileName } = source;
    if (!fileName.endsWith(INDEX)) {
      const message = say`${quote(fileName)} is the index of a TensorFlow checkpoint: expected a name that ends in "${INDEX}", by which its values are found`;
      report.error(START_OF_FILE, 'unknown-dialect', message);
      return unreadable(report.problems);
    }
    const why =
      fileName === 'variables.index'
        ? say`${quote(fileName)} holds variables alone: open "${GRAPH_FILE}" in the folder above, which may say what the layers are`
        : say`${quote(fileName)} holds variables alone, not what the layers are`;
    return readVariables(fileName.slice(0, -INDEX.length), why, source, report);
  },
};

/** The first node, with a path and an identifier of Keras. */
function isMetadata(head: Uint8Array): boolean {
  if (head[0] !== NODES) return false;
  const text = new TextDecoder('latin1').decode(head.subarray(0, 64));
  return /\x22.?_tf_keras_/s.test(text);
}

/** ONNX begins alike, with a text in the place of what TensorFlow says of the graph; Core ML, with a name in it. */
function isSavedModel(head: Uint8Array): boolean {
  if (!VERSION.every((byte, k) => head[k] === byte)) return false;
  const at = afterLength(head, VERSION.length);
  return head[at] === META_INFO && head[afterLength(head, at + 1)] !== NAME;
}

function afterLength(head: Uint8Array, at: number): number {
  let last = at;
  while (head[last] >= 0x80) last++;
  return last + 1;
}

/** The model's JSON, wherever it is; undefined if there is none. Throws `TensorFileError` or `FileError`. */
async function configIn(source: BinarySource): Promise<string | undefined> {
  const { folder, fileName, bytes, limits } = source;
  const own = await bytes.read(0, Math.min(bytes.size, limits.memory));
  if (isMetadata(own)) return modelInMetadata(own);
  const beside = await optional(() => bytesOf(folder, METADATA_FILE, limits));
  const found = beside && fileName !== METADATA_FILE && modelInMetadata(await beside.read(0, beside.size));
  return found || modelInGraph(own);
}

async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (FileError.is(error) && error.reason === 'missing') return undefined;
    throw error;
  }
}

function whyNoConfig(root: JsonNode | undefined, { fileName }: BinarySource): string {
  const className = valueAt(root, 'class_name')?.value;
  const what =
    root === undefined
      ? say`is a TensorFlow SavedModel without the config of a Keras model`
      : say`is of a Keras model of its own class${typeof className === 'string' ? ` ${quote(className)}` : ''}, which wrote no config`;
  return say`${quote(fileName)} ${what}: what runs is a graph of operations, which is not read; where the model is made, model.save("model.keras") keeps its layers, and python -m tf2onnx.convert --saved-model FOLDER --output model.onnx writes ONNX`;
}

async function readModel(root: JsonNode, source: BinarySource, report: Report): Promise<Reading> {
  const about = report.about('weights');
  const { fileName, folder, limits, weights } = source;
  if (weights) {
    const { arrays } = await attachedWeights(root, source, report);
    return readKeras({ root, ...(arrays && { arrays }) }, source, report);
  }
  let bundle: TensorBundle | undefined;
  const arrays = await attempt(`${VARIABLES}${INDEX}`, START_OF_FILE, about, async () => {
    bundle = await openBundle(folder, VARIABLES, limits);
    const graph = await ObjectGraph.of(bundle);
    if (!graph) throw new TensorFileError(say`it does not say which object a variable belongs to`);
    return arraysIn(graph.arraysFor(kerasLayerIds(root)), `${VARIABLES}${INDEX}`);
  });
  const beside = fileName === METADATA_FILE ? [] : [METADATA_FILE];
  const files = [...beside, `${VARIABLES}${INDEX}`, ...(bundle?.files ?? [])];
  const reading = await readKeras({ root, ...(arrays && { arrays }) }, source, report);
  return { ...reading, files };
}

/** A checkpoint's variables, told by names and shapes; `why` says what is missing. */
async function readVariables(
  prefix: string,
  why: string,
  source: BinarySource,
  report: Report,
): Promise<Reading> {
  const { folder, limits } = source;
  const found = await attempt(`${prefix}${INDEX}`, START_OF_FILE, report, async () => {
    const bundle = await openBundle(folder, prefix, limits);
    const graph = await ObjectGraph.of(bundle);
    return { bundle, stored: graph ? graph.layers() : layersOfNames(bundle) };
  });
  if (!found || found.stored.layers.length === 0) {
    const { problems } = report;
    const nothing = Report.within({ about: 'structure' });
    nothing.error(START_OF_FILE, 'no-config', why);
    return unreadable([...nothing.problems, ...problems]);
  }
  report.warning(START_OF_FILE, 'weights-only', why);
  const { bundle, stored } = found;
  const files = [`${prefix}${INDEX}`, ...bundle.files];
  const reading = await readWeightsAlone(
    { ...stored, form: 'tensorflow', file: `${prefix}${INDEX}`, files },
    source,
    report,
  );
  return { ...reading, files };
}
