/** Reads RTNeural's JSON: layers with their weights, one after the other. */
import { say } from '../../../words/say';
import {
  elements,
  float32,
  integer,
  listOf,
  numberWithin,
  optionalAt,
  requiredAt,
  valueAt,
} from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { withoutByteOrderMark } from '../../json/parse';
import { parseLongJson } from '../../json/parseLong';
import { INPUT, isRecurrent, type Layer, type LinearLayer, type Network } from '../../network';
import { parametersOf } from '../../parameters';
import { Report, type At } from '../../report';
import { elementCount } from '../../weights';
import type { Sample, Sequence } from '../../samples';
import { unreadable, type TextDialect, type TextSource } from '../dialect';
import { collect, fitsMemory, soleFile } from '../loading';
import { nameOfFile } from '../modelName';
import { PICK, pickedWeight, withSkip } from '../skip';
import { readLayer, valuesOf, widthOf, type Read } from './layers';

const MAX_LAYERS = 1000;

export const rtneural: TextDialect = {
  id: 'rtneural',
  label: 'RTNeural',
  endings: ['json', 'aidax'],
  gateOrders: { gru: 'zrn' },

  matches({ keys }) {
    return keys.has('in_shape') && keys.get('layers')?.kind === 'array';
  },

  async read(source) {
    const text = withoutByteOrderMark(source.text);
    const report = Report.of(text, { schema: false, about: 'structure' });
    const root = await parseLongJson(text, report, source.signal);
    const inputSize = root && widthOf(root, report, 'in_shape');
    const nodes = root && requiredAt(root, 'layers', elements, report);
    if (!root || !inputSize || !nodes) return unreadable(report.problems);
    const gains = decodeGains(root, report);
    const read = readLayers(nodes, inputSize, gains.before === undefined ? INPUT : 'in_gain', root, report);
    if (!read) return unreadable(report.problems);
    if (!checkGains(gains, read[read.length - 1].layer.outputSize, root, report)) {
      return unreadable(report.problems);
    }
    const network = networkOf(read, inputSize, gains, root, source);
    const weights = await readWeights(network, read, gains, root, source, report.about('weights'));
    const reading = soleFile(network, weights, source, report);
    const batch = inputSize === 1 && reading.network ? batchOf(root, report.about('samples')) : undefined;
    if (!batch) return { ...reading, problems: report.problems };
    const samples = [batch, ...reading.samples];
    return {
      ...reading,
      samples,
      declaredSamples: samples.map(({ name }) => name),
      problems: report.problems,
    };
  },
};

const BATCH = 'input_batch';

/** What AIDA-X checks a model with when it loads one: audio, and what the model gave for it when it was trained. */
function batchOf(root: JsonNode, report: Report): Sample | undefined {
  const [input, output] = [BATCH, 'output_batch'].map((key) => valueAt(root, key));
  if (input?.type !== 'array') return undefined;
  const numbers = listOf(float32, 1);
  const audio = numbers(input, report);
  const known = output && numbers(output, report);
  if (!audio) return undefined;
  const steps = audio.length;
  const sequence: Sequence = { kind: 'vector', steps, size: 1, values: Float32Array.from(audio) };
  if (!known) return { name: BATCH, sequence };
  if (known.length === steps) {
    return { name: BATCH, sequence, expected: { rows: steps, units: 1, values: Float32Array.from(known) } };
  }
  const message = say`output_batch: expected ${steps} numbers, as many as ${BATCH} has, found ${known.length}; they are not used`;
  report.warning(output, 'wrong-length', message);
  return { name: BATCH, sequence };
}

/**
 * What AIDA-X does around the layers: y = (net(in_gain x) + in_gain x) · out_gain, the middle term with "in_skip" alone,
 * the gains in decibels. Of several inputs only the first is audio; the others are knobs, neither scaled nor added
 * (aidadsp-plugin.cpp, `applyModel`).
 */
interface Gains {
  readonly before?: number;
  readonly after?: number;
  readonly skip: boolean;
}

/** Below, AIDA-X is silent. */
const SILENCE_DECIBELS = -90;

function decodeGains(root: JsonNode, report: Report): Gains {
  const factor = (key: string) => {
    const decibels = isNumber(root, key) ? (optionalAt(root, key, numberWithin(-1000, 200), report) ?? 0) : 0;
    if (decibels === 0) return undefined;
    return decibels > SILENCE_DECIBELS ? 10 ** (decibels / 20) : 0;
  };
  const skip = isNumber(root, 'in_skip') && optionalAt(root, 'in_skip', integer(0, 1), report) === 1;
  return { before: factor('in_gain'), after: factor('out_gain'), skip };
}

/** AIDA-X takes anything else, such as null, for no value. */
function isNumber(root: JsonNode, key: string): boolean {
  return valueAt(root, key)?.type === 'number';
}

function checkGains(
  { before, after, skip }: Gains,
  outputs: number,
  root: JsonNode,
  report: Report,
): boolean {
  if (outputs === 1 || (before === undefined && after === undefined && !skip)) return true;
  const message = say`"in_skip", "in_gain" and "out_gain" are for one output, found ${outputs}`;
  report.error(root, 'unsupported-skip', message);
  return false;
}

function readLayers(
  nodes: readonly JsonNode[],
  inputSize: number,
  source: string,
  root: JsonNode,
  report: Report,
): Read[] | undefined {
  if (nodes.length === 0 || nodes.length > MAX_LAYERS) {
    report.error(
      root,
      'wrong-length',
      say`layers: expected 1 to ${MAX_LAYERS} layers, found ${nodes.length}`,
    );
    return undefined;
  }
  const read: Read[] = [];
  for (const [k, node] of nodes.entries()) {
    const last = read.at(-1)?.layer;
    const found = readLayer(node, last?.name ?? source, last?.outputSize ?? inputSize, k + 1, report);
    if (!found) return undefined;
    read.push(found);
  }
  if (!read.some(({ layer }) => isRecurrent(layer))) {
    report.error(
      root,
      'no-recurrent-layer',
      say`layers: expected at least one of type "lstm" or "gru", found none`,
    );
  }
  return report.failed ? undefined : read;
}

function networkOf(
  read: readonly Read[],
  inputSize: number,
  gains: Gains,
  root: JsonNode,
  source: TextSource,
): Network {
  const main = read.map(({ layer }) => layer);
  const rate = rateOf(root);
  const layers: Layer[] = gains.before === undefined ? main : [gain('in_gain', INPUT, inputSize), ...main];
  const width = main[main.length - 1].outputSize;
  const added = gains.skip
    ? withSkip(layers, inputSize, width, layers[0].name === 'in_gain' ? 'in_gain' : INPUT)
    : layers;
  return {
    name: nameOfFile(source, /\.(json|aidax)$/i),
    dialect: 'rtneural',
    conventions: [...conventionsOf(main, gains), ...(rate === undefined ? [] : [`${rate} Hz`])],
    ...(rate !== undefined && { sampleRate: rate }),
    input: { kind: 'vector', size: inputSize },
    layers:
      gains.after === undefined ? added : [...added, gain('out_gain', added[added.length - 1].name, width)],
  };
}

function gain(name: string, source: string, size: number): LinearLayer {
  const sizes = { inputSize: size, outputSize: size };
  return {
    name,
    inputs: [source],
    ...sizes,
    type: 'linear',
    bias: false,
    activation: 'none',
    fixed: ['weight'],
  };
}

/** AIDA-X writes it beside the layers or into the metadata. */
function rateOf(root: JsonNode): number | undefined {
  const rates = [valueAt(valueAt(root, 'metadata'), 'samplerate'), valueAt(root, 'samplerate')];
  const found = rates.map((node) => String(node?.value)).find((text) => /^\d+(\.\d+)?$/.test(text));
  return found === undefined ? undefined : Number(found);
}

function conventionsOf(layers: readonly Layer[], { skip }: Gains): string[] {
  const ofLayers = layers.flatMap(({ type }) =>
    type === 'lstm' ? ['i, f, c, o'] : type === 'gru' ? [say`z, r, h · reset after`] : [],
  );
  return [
    'RTNeural',
    ...new Set(ofLayers),
    say`sigmoid gates`,
    ...(skip ? [say`skip: input added to output`] : []),
  ];
}

async function readWeights(
  network: Network,
  read: readonly Read[],
  gains: Gains,
  root: JsonNode,
  source: TextSource,
  report: Report,
) {
  if (report.failed) return undefined;
  const parameters = parametersOf(network);
  const largest = Math.max(
    ...read.flatMap(({ stored }) => stored.map(({ shape }) => 4 * elementCount(shape))),
  );
  if (!fitsMemory(parameters, largest, root, source, report)) return undefined;
  const values = new Map<string, { readonly at: At; readonly data: Float32Array }>();
  for (const { layer, stored } of read) {
    for (const tensor of stored) {
      const found = valuesOf(tensor, report);
      for (const [name, from] of Object.entries(tensor.parameters)) {
        if (found) values.set(`${layer.name}.${name}`, { at: tensor.node, data: await from(found) });
      }
    }
  }
  if (report.failed) return undefined;
  for (const [name, factor] of [
    ['in_gain', gains.before],
    ['out_gain', gains.after],
  ] as const) {
    const parameter = parameters.find((one) => one.name === `${name}.weight`);
    if (factor === undefined || !parameter) continue;
    const data = pickedWeight(parameter.shape[1], parameter.shape[0]);
    data[0] = factor;
    values.set(parameter.name, { at: root, data });
  }
  for (const { name, shape, layer } of parameters) {
    if (layer.name === PICK) values.set(name, { at: root, data: pickedWeight(shape[1], shape[0]) });
  }
  const at = (name: string) => values.get(name)?.at ?? root;
  return collect(parameters, at, source, report, async ({ name }) => values.get(name)?.data);
}
