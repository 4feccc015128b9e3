/** Keras's weight arrays as tensors under PyTorch's names, in PyTorch's layout and gate order. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { CommonLayer } from '../../commonCells';
import type { Layer, Network } from '../../network';
import { layerParameters, parametersOf } from '../../parameters';
import type { Report } from '../../report';
import { elementCount, type Weights } from '../../weights';
import type { Source } from '../dialect';
import { KERAS_ORDER, orderedGates, rowsOfGates, transposed } from '../gates';
import { attempt, collect, fitsMemory, sameShape } from '../loading';
import type { KerasArray, KerasArrays } from './arrays';
import type { Config } from './config';
import type { Conventions } from './version';

/** A layer of the network, or one direction of it, and the layer of the file that has its weights. */
export interface Binding {
  readonly layer: Layer;
  /** What `KerasArrays.of` takes. */
  readonly path: string;
  /** The file's layer in words. */
  readonly title: string;
  readonly at: JsonNode;
  /** Where the initialisers are: the layer's config, or its cell's. */
  readonly config: Config;
  readonly conventions: Conventions;
  readonly form: Form;
}

/** What a layer keeps in Keras. */
export type Form =
  | { readonly kind: 'embedding' | 'dense' | 'conv1d' }
  | { readonly kind: 'norm'; readonly scale: boolean; readonly center: boolean }
  | CellForm;

export interface CellForm {
  readonly kind: 'cell';
  /** `_l0` or `_l0_reverse`. */
  readonly suffix: string;
  /** Which half of the layer's arrays it is, inside a Bidirectional. */
  readonly half?: 0 | 1;
  /** How many arrays each cell of the layer has, and which one this is, where there are several. */
  readonly stack?: { readonly counts: readonly number[]; readonly index: number };
}

/** An array that a layer should have, and the parameters that it becomes. */
interface Piece {
  readonly what: string;
  /** Any of these. */
  readonly shapes: readonly (readonly number[])[];
  /** Values by parameters' names without the layer's. */
  to(values: Float32Array, shape: readonly number[]): Parameters | Promise<Parameters>;
}

type Parameters = Record<string, Float32Array>;
type Values = Map<string, { readonly at: JsonNode; readonly data: Float32Array }>;

/** What is read from where. */
export interface WeightsToRead {
  readonly network: Network;
  readonly bindings: readonly Binding[];
  /** Layers whose arrays do not count. */
  readonly unread: readonly string[];
  readonly arrays: KerasArrays;
  /** The model in the file. */
  readonly at: JsonNode;
}

/** Undefined, with errors reported, if any array is missing or has another shape. */
export async function readWeights(
  { network, bindings, unread, arrays, at }: WeightsToRead,
  source: Source,
  report: Report,
): Promise<Weights | undefined> {
  const parameters = parametersOf(network);
  const largest = Math.max(0, ...parameters.map(({ shape }) => 4 * elementCount(shape)));
  if (!fitsMemory(parameters, largest, at, source, report)) return undefined;
  const values: Values = new Map();
  const faulty = new Set<string>();
  for (const binding of bindings) {
    source.signal?.throwIfAborted();
    if (faulty.has(binding.path)) continue;
    const before = report.problems.length;
    await attempt(arrays.file, binding.at, report, () => readBinding(binding, arrays, values, report));
    if (report.problems.length > before) faulty.add(binding.path);
  }
  warnOfUnused([...bindings.map(({ path }) => path), ...unread], arrays, at, report);
  if (report.failed) return undefined;
  return collect(
    parameters,
    (name) => values.get(name)?.at ?? at,
    source,
    report,
    async ({ name }) => values.get(name)?.data,
  );
}

async function readBinding(
  binding: Binding,
  arrays: KerasArrays,
  values: Values,
  report: Report,
): Promise<void> {
  const { layer, path, title, at, form } = binding;
  const all = await arraysOf(path, arrays);
  const found = all ? shareOf(form, all) : [];
  const pieces = piecesOf(binding, found ?? []);
  const expected = pieces.map(({ what, shapes }) => `${what} [${shapes[0].join(', ')}]`).join(', ');
  if (!all && pieces.length > 0) {
    report.error(
      at,
      'missing-tensor',
      say`${title}: ${quote(arrays.file)} has no arrays for it; expected ${expected}`,
    );
    return;
  }
  if (found?.length !== pieces.length) {
    const names =
      (all ?? []).map(({ name, shape }) => `${quote(name)} [${shape.join(', ')}]`).join(', ') || say`none`;
    const of = form.kind === 'cell' && (form.half !== undefined || form.stack) ? say` for each cell` : '';
    report.error(at, 'wrong-arrays', say`${title}: expected the arrays ${expected}${of}, found ${names}`);
    return;
  }
  for (const [k, { what, shapes, to }] of pieces.entries()) {
    const array = found[k];
    if (!shapes.some((shape) => sameShape(array.shape, shape))) {
      const wanted = shapes.map((shape) => `[${shape.join(', ')}]`).join(say` or `);
      const message = say`${title}: expected ${what} ${wanted}, found ${quote(array.name)} [${array.shape.join(', ')}]`;
      report.error(at, 'wrong-shape', message);
      continue;
    }
    for (const [name, data] of Object.entries(await to(await array.read(), array.shape))) {
      values.set(`${layer.name}.${name}`, { at, data });
    }
  }
  for (const { name, shape } of layerParameters(layer)) {
    const constant = form.kind === 'norm' && constantOf(form, name.slice(layer.name.length + 1));
    if (typeof constant === 'number') {
      values.set(name, { at, data: new Float32Array(elementCount(shape)).fill(constant) });
    }
  }
}

/** What a normalisation multiplies by and adds where Keras keeps no array for it. */
function constantOf(
  { scale, center }: Extract<Form, { kind: 'norm' }>,
  parameter: string,
): number | undefined {
  if (parameter === 'weight' && !scale) return 1;
  return parameter === 'bias' && !center ? 0 : undefined;
}

/** A nested model's arrays may be in one list, each named after its layer. */
async function arraysOf(path: string, arrays: KerasArrays): Promise<readonly KerasArray[] | undefined> {
  const own = await arrays.of(path);
  if (own) return own;
  const parts = path.split('/');
  for (let length = parts.length - 1; length > 0; length--) {
    const list = await arrays.of(parts.slice(0, length).join('/'));
    const mine = list?.filter(({ name }) => name.split('/').includes(parts[parts.length - 1]));
    if (mine && mine.length > 0) return mine;
  }
  return undefined;
}

function shareOf(form: Form, all: readonly KerasArray[]): readonly KerasArray[] | undefined {
  if (form.kind !== 'cell') return all;
  const { half, stack } = form;
  const middle = all.length / 2;
  const mine = half === undefined ? all : all.slice(half * middle, (half + 1) * middle);
  if (!stack) return mine;
  const { counts, index } = stack;
  const from = sum(counts.slice(0, index));
  return mine.length === sum(counts) ? mine.slice(from, from + counts[index]) : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const asIs = (values: Float32Array) => values;

function piecesOf({ layer, form, conventions }: Binding, found: readonly KerasArray[]): Piece[] {
  switch (layer.type) {
    case 'embedding':
      return [
        {
          what: 'embeddings',
          shapes: [[layer.numEmbeddings, layer.outputSize]],
          to: (weight) => ({ weight }),
        },
      ];
    case 'linear': {
      const { inputSize, outputSize } = layer;
      const kernel: Piece = {
        what: 'kernel',
        shapes: [[inputSize, outputSize]],
        to: async (values) => ({ weight: await transposed(values, inputSize, outputSize) }),
      };
      return [kernel, ...biasPiece(layer)];
    }
    case 'conv1d': {
      const { kernelSize, inputSize, outputSize } = layer;
      const theirs = [kernelSize, inputSize, outputSize];
      const kernel: Piece = {
        what: 'kernel',
        shapes: [theirs, [kernelSize, 1, inputSize, outputSize], [outputSize, inputSize, kernelSize, 1]],
        to: (values, shape) => ({
          weight: convolutionKernel(values, shape, theirs, conventions.flippedKernels),
        }),
      };
      return [kernel, ...biasPiece(layer)];
    }
    case 'layer_norm':
    case 'batch_norm': {
      const { scale, center } = form as Extract<Form, { kind: 'norm' }>;
      const vector = (what: string, name: string): Piece => ({
        what,
        shapes: [[layer.inputSize]],
        to: (values) => ({ [name]: asIs(values) }),
      });
      return [
        ...(scale ? [vector('gamma', 'weight')] : []),
        ...(center ? [vector('beta', 'bias')] : []),
        ...(layer.type === 'batch_norm'
          ? [vector('moving_mean', 'running_mean'), vector('moving_variance', 'running_var')]
          : []),
      ];
    }
    case 'rnn':
    case 'lstm':
    case 'gru':
      return cellPieces(layer, (form as CellForm).suffix, found);
    default:
      return [];
  }
}

function biasPiece({ bias, outputSize }: { readonly bias: boolean; readonly outputSize: number }): Piece[] {
  return bias ? [{ what: 'bias', shapes: [[outputSize]], to: (values) => ({ bias: values }) }] : [];
}

/** kernel × in × out, with an axis of 1 in Keras 1, or its older out × in × kernel × 1, as out × in × kernel. */
function convolutionKernel(
  values: Float32Array,
  shape: readonly number[],
  [kernel, inputs, outputs]: readonly number[],
  flipped: boolean,
): Float32Array {
  const outputsFirst = shape.length === 4 && !(shape[0] === kernel && shape[1] === 1 && shape[3] === outputs);
  const turned = new Float32Array(values.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < kernel; k++) {
        const at = flipped ? kernel - 1 - k : k;
        turned[(o * inputs + i) * kernel + k] =
          values[outputsFirst ? (o * inputs + i) * kernel + at : (at * inputs + i) * outputs + o];
      }
    }
  }
  return turned;
}

/** Keras 1's order of the gates' arrays (`legacy_weight_loader` of keras 2: i, c, f, o), as places among PyTorch's. */
const PER_GATE = { rnn: [0], lstm: [0, 2, 1, 3], gru: [1, 0, 2] } as const;
const GATE_NAMES = { rnn: [''], lstm: ['_i', '_c', '_f', '_o'], gru: ['_z', '_r', '_h'] } as const;

function cellPieces(layer: CommonLayer, suffix: string, found: readonly KerasArray[]): Piece[] {
  const order = KERAS_ORDER[layer.type];
  if (layer.type !== 'rnn' && layer.bias && found.length === 3 * order.length)
    return piecesPerGate(layer, suffix);
  const { inputSize, hiddenSize: units, bias } = layer;
  const width = order.length * units;
  const double = sameShape(found[2]?.shape, [2 * width]);
  const rows = (inputs: number) => (values: Float32Array) =>
    double ? cudnnRows(values, inputs, units, order) : rowsOfGates(values, inputs, units, order);
  const matrix = (what: string, name: string, inputs: number): Piece => ({
    what,
    shapes: [[inputs, width]],
    to: async (values) => ({ [name + suffix]: await rows(inputs)(values) }),
  });
  return [
    matrix('kernel', 'weight_ih', inputSize),
    matrix('recurrent_kernel', 'weight_hh', units),
    ...(bias ? [cellBias(layer, suffix, width, order)] : []),
  ];
}

/** One bias, or, of `reset_after` and cuDNN's layers, one for the input and one for the state. */
function cellBias(layer: CommonLayer, suffix: string, width: number, order: readonly number[]): Piece {
  const { hiddenSize: units } = layer;
  const single = layer.type === 'gru' && layer.resetAfter ? [] : [[width]];
  const double =
    layer.type === 'lstm' ? [[2 * width]] : layer.type === 'gru' ? [[2, width], [2 * width]] : [];
  const shapes = layer.type === 'gru' && !layer.resetAfter ? single : [...single, ...double];
  return {
    what: 'bias',
    shapes,
    to: (values) => ({
      [`bias_ih${suffix}`]: orderedGates(values.subarray(0, width), units, order),
      [`bias_hh${suffix}`]:
        values.length > width ? orderedGates(values.subarray(width), units, order) : new Float32Array(width),
    }),
  };
}

/**
 * CuDNNLSTM and CuDNNGRU hand each gate's kernel (inputs × units) to cuDNN as it lies in memory, and cuDNN takes it for
 * units × inputs (keras 2.2.4, layers/cudnn_recurrent.py and engine/saving.py): gates side by side as rows of gates.
 */
function cudnnRows(
  values: Float32Array,
  inputs: number,
  units: number,
  order: readonly number[],
): Float32Array {
  const width = order.length * units;
  const rows = new Float32Array(values.length);
  for (const [gate, place] of order.entries()) {
    for (let input = 0; input < inputs; input++) {
      const from = input * width + place * units;
      rows.set(values.subarray(from, from + units), (gate * inputs + input) * units);
    }
  }
  return rows;
}

/** Keras 1 keeps W, U and b of each gate apart. */
function piecesPerGate(layer: CommonLayer, suffix: string): Piece[] {
  const { type, inputSize, hiddenSize: units } = layer;
  const whole = new Map<string, Float32Array>();
  const into = (name: string, size: number, place: number, values: Float32Array) => {
    const data = whole.get(name) ?? new Float32Array(GATE_NAMES[type].length * size);
    data.set(values, place * size);
    whole.set(name, data);
    return { [name + suffix]: data };
  };
  return GATE_NAMES[type].flatMap((gate, k): Piece[] => {
    const place = PER_GATE[type][k];
    const matrix = (what: string, name: string, inputs: number): Piece => ({
      what: what + gate,
      shapes: [[inputs, units]],
      to: async (values) => into(name, inputs * units, place, await transposed(values, inputs, units)),
    });
    return [
      matrix('W', 'weight_ih', inputSize),
      matrix('U', 'weight_hh', units),
      {
        what: `b${gate}`,
        shapes: [[units]],
        to: (values) => ({
          ...into('bias_ih', units, place, values),
          [`bias_hh${suffix}`]: new Float32Array(GATE_NAMES[type].length * units),
        }),
      },
    ];
  });
}

function warnOfUnused(
  read: readonly string[],
  { layers, file }: KerasArrays,
  at: JsonNode,
  report: Report,
): void {
  for (const layer of layers) {
    if (read.some((path) => path === layer || path.startsWith(`${layer}/`))) continue;
    report.warning(
      at,
      'unused-tensor',
      say`${quote(file)} has arrays for ${quote(layer)}, which no layer uses`,
    );
  }
}
