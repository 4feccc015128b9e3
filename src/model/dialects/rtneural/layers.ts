/**
 * Layers as RTNeural's model_loader.h reads them: types, shapes and weights in Keras's layout. Cells use tanh and
 * sigmoid whatever "activation" says; a convolution is causal, for it runs on a stream.
 */
import { say } from '../../../words/say';
import {
  describe,
  elements,
  numberWithin,
  optionalAt,
  pathOf,
  positiveInteger,
  quote,
  requiredAt,
  string,
  valueAt,
  type Decoder,
} from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Activation, Layer } from '../../network';
import type { Report } from '../../report';
import { nestedShape, nestedValues } from '../../tensors/nested';
import { KERAS_ORDER, orderedGates, rowsOfGates, transposed } from '../gates';
import { sameShape } from '../loading';

/** What a layer of the file becomes. */
export interface Read {
  readonly layer: Layer;
  /** The tensors in the file that its parameters are made of, in the file's order. */
  readonly stored: readonly Stored[];
}

/** A tensor in the file and the parameters that it becomes. */
export interface Stored {
  readonly node: JsonNode;
  readonly shape: readonly number[];
  /** Parameters' names without the layer's, and how their values come out of the tensor's. */
  readonly parameters: Readonly<
    Record<string, (values: Float32Array) => Float32Array | Promise<Float32Array>>
  >;
}

const TYPES = [
  'dense',
  'time-distributed-dense',
  'conv1d',
  'gru',
  'lstm',
  'activation',
  'prelu',
  'batchnorm',
] as const;
const ACTIVATIONS = new Map<string, Activation>([
  ['', 'none'],
  ['linear', 'none'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
  ['sigmoid', 'sigmoid'],
  ['softmax', 'softmax'],
  ['elu', { kind: 'elu', alpha: 1 }],
]);
/** More than any model has, few enough to multiply. */
const MAX_SIZE = 65_536;
const DEFAULT_EPSILON = 1e-3;

/** Undefined, with errors reported, if the layer is faulty, or none that can be run. */
export function readLayer(
  node: JsonNode,
  source: string,
  inputSize: number,
  index: number,
  report: Report,
): Read | undefined {
  const typeNode = requiredAt(node, 'type', itself, report);
  const type = TYPES.find((known) => known === typeNode?.value);
  if (!type) {
    const found = typeNode?.type === 'string' ? quote(typeNode.value) : typeNode && describe(typeNode);
    if (typeNode) {
      const message = say`${pathOf(typeNode)}: expected one of ${TYPES.map((known) => quote(known)).join(', ')}, found ${found}`;
      report.error(typeNode, 'unsupported-layer', message);
    }
    return undefined;
  }
  const outputSize = widthOf(node, report);
  if (outputSize === undefined) return undefined;
  const base = { name: `${type.replaceAll('-', '_')}_${index}`, inputs: [source], inputSize, outputSize };
  switch (type) {
    case 'dense':
    case 'time-distributed-dense':
      return dense(node, base, report);
    case 'conv1d':
      return conv1d(node, base, report);
    case 'gru':
    case 'lstm':
      return recurrent(node, type, base, report);
    case 'activation': {
      const activation = activationOf(node, report);
      return sameWidth(node, base, report) && activation
        ? { layer: { ...base, type, activation }, stored: [] }
        : undefined;
    }
    case 'prelu':
      return sameWidth(node, base, report) ? prelu(node, base, report) : undefined;
    case 'batchnorm':
      return sameWidth(node, base, report) ? batchNorm(node, base, report) : undefined;
  }
}

type Base = Pick<Layer, 'name' | 'inputs' | 'inputSize' | 'outputSize'>;

const itself: Decoder<JsonNode> = (node) => node;
const asIs = (values: Float32Array) => values;

/** The last number of "shape", `[null, null, 8]`. */
export function widthOf(node: JsonNode, report: Report, key = 'shape'): number | undefined {
  const list = requiredAt(node, key, itself, report);
  const last = list && elements(list, report)?.at(-1);
  if (!last || positiveInteger(last, report) === undefined) {
    if (list && !last)
      report.error(list, 'wrong-value', say`${pathOf(list)}: expected the width as its last number`);
    return undefined;
  }
  if (last.value <= MAX_SIZE) return last.value;
  report.error(last, 'too-large', say`${pathOf(last)}: expected at most ${MAX_SIZE}, found ${last.value}`);
  return undefined;
}

function sameWidth(node: JsonNode, { inputSize, outputSize }: Base, report: Report): boolean {
  if (inputSize === outputSize) return true;
  const at = valueAt(node, 'shape') ?? node;
  report.error(
    at,
    'size-mismatch',
    say`${pathOf(at)}: expected the width of the layer before, ${inputSize}, found ${outputSize}`,
  );
  return false;
}

function activationOf(node: JsonNode, report: Report): Activation | undefined {
  const name = optionalAt(node, 'activation', string, report) ?? '';
  const activation = ACTIVATIONS.get(name);
  if (activation) return activation;
  const at = valueAt(node, 'activation') ?? node;
  const known = [...ACTIVATIONS.keys()].map(quote).join(', ');
  report.error(
    at,
    'unsupported-activation',
    say`${pathOf(at)}: expected one of ${known}, found ${quote(name)}`,
  );
  return undefined;
}

/**
 * The tensors of "weights"; undefined, with errors reported, if there are not as many. Other shapes than "shape" asks for are a
 * fault of the weights, which leaves the layer.
 */
function tensorsOf(
  node: JsonNode,
  shapes: readonly (readonly number[])[],
  report: Report,
): readonly JsonNode[] | undefined {
  const list = requiredAt(node, 'weights', itself, report);
  const tensors = list && elements(list, report);
  if (!list || !tensors) return undefined;
  if (tensors.length !== shapes.length) {
    const message = say`${pathOf(list)}: expected ${shapes.length} tensors, found ${tensors.length}`;
    report.error(list, 'wrong-length', message);
    return undefined;
  }
  const found = tensors.map((tensor) => nestedShape(tensor, report));
  if (found.includes(undefined)) return undefined;
  const wrong = tensors.filter((_, k) => !sameShape(found[k], shapes[k]));
  if (wrong.length === 0) return tensors;
  const listed = (all: readonly (readonly number[] | undefined)[]) =>
    all.map((shape) => `[${shape?.join(', ')}]`).join(', ');
  const size = valueAt(node, 'shape') ?? node;
  const message = say`${pathOf(wrong[0])}: by ${pathOf(size)} and what comes in, expected weights of the shapes ${listed(shapes)}, found ${listed(found)}`;
  report.about('weights').error(wrong[0], 'wrong-shape', message);
  return tensors;
}

function dense(node: JsonNode, base: Base, report: Report): Read | undefined {
  const { inputSize, outputSize } = base;
  const shapes = [[inputSize, outputSize], [outputSize]];
  const tensors = tensorsOf(node, shapes, report);
  const activation = activationOf(node, report);
  if (!tensors || !activation) return undefined;
  const turned = (values: Float32Array) => transposed(values, inputSize, outputSize);
  return {
    layer: { ...base, type: 'linear', bias: true, activation },
    stored: stored(tensors, shapes, [{ weight: turned }, { bias: asIs }]),
  };
}

function conv1d(node: JsonNode, base: Base, report: Report): Read | undefined {
  const { inputSize, outputSize } = base;
  const kernelSize = lastNumber(node, 'kernel_size', report);
  const dilation = lastNumber(node, 'dilation', report);
  const groups = optionalAt(node, 'groups', positiveInteger, report) ?? 1;
  if (groups !== 1) {
    const at = valueAt(node, 'groups')!;
    report.error(
      at,
      'unsupported-layer',
      say`${pathOf(at)}: expected 1, since grouped convolutions are not run, found ${groups}`,
    );
  }
  const activation = activationOf(node, report);
  if (!kernelSize || !dilation || !activation || groups !== 1) return undefined;
  const shapes = [[kernelSize, inputSize, outputSize], [outputSize]];
  const tensors = tensorsOf(node, shapes, report);
  if (!tensors) return undefined;
  const turned = (values: Float32Array) => outputsFirst(values, kernelSize, inputSize, outputSize);
  return {
    layer: {
      ...{ ...base, type: 'conv1d', kernelSize, dilation, stride: 1, bias: true, activation },
      padding: 'causal',
    },
    stored: stored(tensors, shapes, [{ weight: turned }, { bias: asIs }]),
  };
}

/** kernel × in × out as out × in × kernel. */
function outputsFirst(values: Float32Array, kernel: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let k = 0; k < kernel; k++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++)
        turned[(o * inputs + i) * kernel + k] = values[(k * inputs + i) * outputs + o];
    }
  }
  return turned;
}

function lastNumber(node: JsonNode, key: string, report: Report): number | undefined {
  return valueAt(node, key)?.type === 'number'
    ? requiredAt(node, key, positiveInteger, report)
    : widthOf(node, report, key);
}

function recurrent(node: JsonNode, type: 'gru' | 'lstm', base: Base, report: Report): Read | undefined {
  const { inputSize, outputSize: units } = base;
  const order = KERAS_ORDER[type];
  const width = order.length * units;
  const shapes = [[inputSize, width], [units, width], type === 'gru' ? [2, width] : [width]];
  const tensors = tensorsOf(node, shapes, report);
  const named = optionalAt(node, 'activation', string, report);
  if (named !== undefined && named !== '' && named !== 'tanh') {
    const at = valueAt(node, 'activation')!;
    report.warning(
      at,
      'ignored',
      say`${pathOf(at)}: RTNeural runs a ${type} with tanh whatever is said here, found ${quote(named)}`,
    );
  }
  if (!tensors) return undefined;
  const rows = (inputs: number) => (values: Float32Array) => rowsOfGates(values, inputs, units, order);
  const half = (from: number) => (values: Float32Array) =>
    orderedGates(values.subarray(from * width, (from + 1) * width), units, order);
  const common = { ...base, hiddenSize: units, levels: 1, bias: true, returnSequences: true };
  const forward = { directions: ['forward'], merge: 'concat' } as const;
  return {
    layer:
      type === 'gru'
        ? { ...common, ...forward, type, resetAfter: true }
        : { ...common, ...forward, type, projSize: 0, fixed: ['bias_hh'] },
    stored: stored(tensors, shapes, [
      { weight_ih_l0: rows(inputSize) },
      { weight_hh_l0: rows(units) },
      type === 'gru'
        ? { bias_ih_l0: half(0), bias_hh_l0: half(1) }
        : { bias_ih_l0: half(0), bias_hh_l0: () => new Float32Array(width) },
    ]),
  };
}

/** αx below 0: run where every unit has the same α. */
function prelu(node: JsonNode, base: Base, report: Report): Read | undefined {
  const { outputSize } = base;
  const single = valueAt(node, 'weights')?.children?.[0]?.children?.[0]?.children?.length === 1;
  const shapes = [[1, single ? 1 : outputSize]];
  const tensors = tensorsOf(node, shapes, report);
  const slopes = tensors && nestedValues(tensors[0], shapes[0], report);
  if (!tensors || !slopes) return undefined;
  const [alpha] = slopes;
  if (slopes.every((slope) => slope === alpha)) {
    return { layer: { ...base, type: 'activation', activation: { kind: 'leaky_relu', alpha } }, stored: [] };
  }
  const message = say`${pathOf(tensors[0])}: expected the same slope for all units, the only PReLU that is run, found ${alpha} and others`;
  report.error(tensors[0], 'unsupported-layer', message);
  return undefined;
}

/** Scale, shift, mean and variance, or mean and variance alone. */
function batchNorm(node: JsonNode, base: Base, report: Report): Read | undefined {
  const { outputSize } = base;
  const epsilon = optionalAt(node, 'epsilon', numberWithin(0, 1), report) ?? DEFAULT_EPSILON;
  const affine = valueAt(node, 'weights')?.children?.length !== 2;
  const shapes = Array.from({ length: affine ? 4 : 2 }, () => [outputSize]);
  const tensors = tensorsOf(node, shapes, report);
  if (!tensors) return undefined;
  const mean: Stored['parameters'] = { running_mean: asIs, ...(affine ? {} : { weight: ones, bias: zeros }) };
  const scale: Stored['parameters'][] = affine ? [{ weight: asIs }, { bias: asIs }] : [];
  return {
    layer: { ...base, type: 'batch_norm', epsilon, ...(!affine && { fixed: ['weight', 'bias'] }) },
    stored: stored(tensors, shapes, [...scale, mean, { running_var: asIs }]),
  };
}

const ones = (values: Float32Array) => new Float32Array(values.length).fill(1);
const zeros = (values: Float32Array) => new Float32Array(values.length);

function stored(
  tensors: readonly JsonNode[],
  shapes: readonly (readonly number[])[],
  parameters: readonly Stored['parameters'][],
): Stored[] {
  return tensors.map((node, k) => ({ node, shape: shapes[k], parameters: parameters[k] }));
}

/** A stored tensor's values; undefined, with errors reported, if they are not all numbers. */
export function valuesOf({ node, shape }: Stored, report: Report): Float32Array | undefined {
  return nestedValues(node, shape, report);
}
