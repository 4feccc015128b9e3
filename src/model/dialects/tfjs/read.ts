/** Reads TensorFlow.js's `model.json` of layers, whose weights are in shards beside it. */
import { say } from '../../../words/say';
import { stringAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { Report } from '../../report';
import { unreadable, type Reading, type TextDialect, type TextSource } from '../dialect';
import type { KerasArrays } from '../keras/arrays';
import { kerasLayerIds } from '../keras/model';
import { readKeras } from '../keras/read';
import { attempt } from '../loading';
import { decodeManifest } from './manifest';
import { openShards } from './shards';

const GRAPH = 'graph-model';

export const tfjs: TextDialect = {
  id: 'tfjs',
  label: say`TensorFlow.js layers model`,
  endings: ['json'],
  gateOrders: { gru: 'zrn' },

  matches({ keys }) {
    return keys.get('modelTopology')?.kind === 'object' || keys.get('format')?.string === GRAPH;
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const topology = valueAt(root, 'modelTopology');
    if (!root || !checkLayers(root, topology, report) || !topology) return unreadable(report.problems);
    return readLayers(root, topology, source, report);
  },
};

/** A frozen graph has nodes in place of layers. */
function checkLayers(root: JsonNode, topology: JsonNode | undefined, report: Report): boolean {
  const graph = stringAt(root, 'format') === GRAPH || valueAt(topology, 'node')?.type === 'array';
  if (!graph) return true;
  const message = say`this is a frozen graph ("graph-model"): it holds operations, not layers, so that its recurrent layers cannot be told; convert the Keras model itself with tensorflowjs_converter --input_format=keras, which writes a "layers-model"`;
  report.error(topology ?? root, 'graph-model', message);
  return false;
}

async function readLayers(
  root: JsonNode,
  topology: JsonNode,
  source: TextSource,
  report: Report,
): Promise<Reading> {
  const arrays = await weightsBeside(root, topology, source, report.about('weights'));
  const reading = await readKeras(
    { root: topology, version: stringAt(root, 'keras_version'), dialect: 'tfjs', ...(arrays && { arrays }) },
    source,
    report,
  );
  return { ...reading, files: filesOf(root) };
}

async function weightsBeside(
  root: JsonNode,
  topology: JsonNode,
  source: TextSource,
  report: Report,
): Promise<KerasArrays | undefined> {
  const node = valueAt(root, 'weightsManifest');
  if (!node) return undefined;
  const groups = decodeManifest(node, report);
  return (
    groups &&
    attempt('weightsManifest', node, report, () => openShards(groups, kerasLayerIds(topology), source))
  );
}

/** Those that are missing too: what to watch. */
function filesOf(root: JsonNode): string[] {
  const groups = valueAt(root, 'weightsManifest')?.children ?? [];
  return groups.flatMap((group) =>
    (valueAt(group, 'paths')?.children ?? []).flatMap(({ value }) =>
      typeof value === 'string' ? [value] : [],
    ),
  );
}
