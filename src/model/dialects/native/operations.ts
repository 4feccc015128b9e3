/** Layers without state or tokens: their keys, and what they say. */
import { say } from '../../../words/say';
import {
  boolean,
  integer,
  listOf,
  numberWithin,
  oneOf,
  pathOf,
  positiveInteger,
  string,
  type Decoder,
  type Fields,
} from '../../json/decode';
import {
  PADDING_MODES,
  type ElementFunction,
  type Extent,
  type MergeMode,
  type OperationLayer,
  type RowsAround,
} from '../../network';
import { DEFAULT_EPSILON, epsilon } from './cellOptions';
import { activation, MAX_FACTOR } from './activations';

/** What a layer says of itself, without its wiring and sizes. */
type Own<L> = L extends OperationLayer ? Omit<L, 'name' | 'inputs' | 'inputSize' | 'outputSize'> : never;

export type OperationOptions = Own<OperationLayer> & {
  /** Width of the output, of layers that say it. */
  readonly outFeatures?: number;
  /** Steps of the sequence, of a layer that flattens them. */
  readonly steps?: number;
};

export const OPERATION_KEYS: Record<OperationLayer['type'], readonly string[]> = {
  masking: ['mask_value'],
  layer_norm: ['epsilon', 'bias', 'fixed'],
  rms_norm: ['epsilon', 'fixed'],
  group_norm: ['groups', 'epsilon', 'bias', 'fixed'],
  batch_norm: ['epsilon', 'fixed'],
  activation: ['activation'],
  elementwise: ['function'],
  power: ['exponent'],
  clip: ['min', 'max'],
  merge: ['mode', 'masked'],
  flatten: ['steps'],
  reshape: ['out_features'],
  repeat_vector: ['count'],
  conv1d: [
    'out_channels',
    'kernel_size',
    'stride',
    'padding',
    'padding_mode',
    'dilation',
    'bias',
    'activation',
    'fixed',
  ],
  pool1d: ['mode', 'size', 'stride', 'padding'],
  conv2d: [
    ...['channels', 'out_channels', 'kernel_height', 'kernel_steps', 'dilation_height', 'dilation_steps'],
    ...[
      'groups',
      'bias',
      'activation',
      ...['stride_height', 'stride_steps', 'padding_top', 'padding_bottom'],
    ],
    ...['padding_before', 'padding_after'],
  ],
  pool2d: [
    ...['channels', 'mode', 'height', 'steps', 'stride_height', 'stride_steps', 'padding_top'],
    ...['padding_bottom', 'padding_before', 'padding_after'],
  ],
  global_pool: ['mode', 'masked'],
  select: ['step'],
  slice: ['from', 'to', 'stride'],
  attention: ['scale', 'heads', 'causal'],
};

const ELEMENT_FUNCTIONS: readonly ElementFunction[] = [
  ...(['abs', 'exp', 'log', 'sqrt', 'reciprocal', 'sin', 'cos', 'erf'] as const),
  ...(['gelu', 'gelu_tanh', 'silu', 'mish', 'hard_swish'] as const),
];

/** Few enough to list, as levels of a stack are; more than any window or kernel has. */
const MAX_COUNT = 1_000_000;
/** Files have values far from all data. */
const MAX_MASK_VALUE = 1e30;
const count = integer(1, MAX_COUNT);

/** The sources of a layer that reads several: the key `input`, a list. */
export const severalInputs: Record<'merge' | 'attention', Decoder<string[]>> = {
  merge: listOf(string, 2),
  attention: (node, report) => {
    const names = listOf(string, 2)(node, report);
    if (!names || names.length <= 3) return names;
    const message = say`${pathOf(node)}: expected query, value and at most a key, found ${names.length} layers`;
    report.schemaError(node, 'wrong-value', message);
    return undefined;
  },
};

/** Undefined, with errors reported, if a required key is missing or faulty. */
export function decodeOperation(fields: Fields, type: OperationLayer['type']): OperationOptions | undefined {
  switch (type) {
    case 'masking':
      return {
        type,
        maskValue: fields.optional('mask_value', numberWithin(-MAX_MASK_VALUE, MAX_MASK_VALUE)) ?? 0,
      };
    case 'layer_norm': {
      const bias = fields.optional('bias', boolean) ?? true;
      return { type, epsilon: fields.optional('epsilon', epsilon) ?? DEFAULT_EPSILON, bias };
    }
    case 'group_norm': {
      const groups = fields.required('groups', count);
      const bias = fields.optional('bias', boolean) ?? true;
      const added = fields.optional('epsilon', epsilon) ?? DEFAULT_EPSILON;
      return groups ? { type, groups, epsilon: added, bias } : undefined;
    }
    case 'rms_norm':
    case 'batch_norm':
      return { type, epsilon: fields.optional('epsilon', epsilon) ?? DEFAULT_EPSILON };
    case 'activation': {
      const applied = fields.required('activation', activation);
      return applied && { type, activation: applied };
    }
    case 'elementwise': {
      const applied = fields.required('function', oneOf<ElementFunction>(...ELEMENT_FUNCTIONS));
      return applied && { type, function: applied };
    }
    case 'power': {
      const exponent = fields.required('exponent', numberWithin(-MAX_FACTOR, MAX_FACTOR));
      return exponent === undefined ? undefined : { type, exponent };
    }
    case 'clip': {
      const bound = numberWithin(-MAX_MASK_VALUE, MAX_MASK_VALUE);
      const [min, max] = [fields.optional('min', bound), fields.optional('max', bound)];
      return { type, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    }
    case 'merge': {
      const mode = fields.required('mode', oneOf<MergeMode>('add', 'multiply', 'average', 'concatenate'));
      const masked = fields.optional('masked', oneOf('any', 'every', 'none')) ?? 'any';
      return mode && { type, mode, ...(masked !== 'any' && { masked }) };
    }
    case 'flatten': {
      const steps = fields.required('steps', count);
      return steps === undefined ? undefined : { type, steps };
    }
    case 'reshape': {
      const outFeatures = fields.required('out_features', positiveInteger);
      return outFeatures === undefined ? undefined : { type, outFeatures };
    }
    case 'repeat_vector': {
      const times = fields.required('count', count);
      return times === undefined ? undefined : { type, count: times };
    }
    case 'conv1d':
      return decodeConv1d(fields);
    case 'pool1d': {
      const mode = fields.required('mode', oneOf('max', 'average'));
      const size = fields.required('size', count);
      const stride = fields.optional('stride', count);
      const padding = fields.optional('padding', rowsAround('valid', 'same')) ?? 'valid';
      return mode && size ? { type, mode, size, stride: stride ?? size, padding } : undefined;
    }
    case 'conv2d':
      return decodeConv2d(fields);
    case 'pool2d': {
      const mode = fields.required('mode', oneOf('max', 'average'));
      const kernel = extent(fields, 'height', 'steps');
      const channels = fields.required('channels', count);
      const rest = windowOf(fields);
      return mode && kernel && channels
        ? { type, mode, channels, kernel, ...rest, dilation: { height: 1, steps: 1 } }
        : undefined;
    }
    case 'global_pool': {
      const mode = fields.required('mode', oneOf('max', 'average', 'sum'));
      const masked = fields.optional('masked', oneOf('left_out', 'counted')) ?? 'left_out';
      return mode && { type, mode, ...(masked === 'counted' && { masked }) };
    }
    case 'select': {
      const step = fields.required('step', integer(-MAX_COUNT, MAX_COUNT));
      return step === undefined ? undefined : { type, step };
    }
    case 'slice': {
      const place = integer(-MAX_COUNT, MAX_COUNT);
      const to = fields.optional('to', place);
      const stride = fields.optional('stride', count) ?? 1;
      return { type, from: fields.optional('from', place) ?? 0, ...(to !== undefined && { to }), stride };
    }
    case 'attention': {
      const scale = fields.optional('scale', numberWithin(-MAX_FACTOR, MAX_FACTOR));
      const heads = fields.optional('heads', count) ?? 1;
      const causal = fields.optional('causal', boolean) ?? false;
      return {
        ...{ type, ...(scale !== undefined && { scale }), ...(heads > 1 && { heads }) },
        ...(causal && { causal }),
      };
    }
  }
}

function extent(fields: Fields, height: string, steps: string): Extent | undefined {
  const [h, s] = [fields.required(height, count), fields.required(steps, count)];
  return h && s ? { height: h, steps: s } : undefined;
}

function windowOf(fields: Fields) {
  const one = (key: string) => fields.optional(key, count) ?? 1;
  const none = (key: string) => fields.optional(key, integer(0, MAX_COUNT)) ?? 0;
  return {
    stride: { height: one('stride_height'), steps: one('stride_steps') },
    padding: {
      ...{ top: none('padding_top'), bottom: none('padding_bottom') },
      ...{ before: none('padding_before'), after: none('padding_after') },
    },
  };
}

function decodeConv2d(fields: Fields): OperationOptions | undefined {
  const channels = fields.required('channels', count);
  const outChannels = fields.required('out_channels', count);
  const kernel = extent(fields, 'kernel_height', 'kernel_steps');
  const one = (key: string) => fields.optional(key, count) ?? 1;
  const options = {
    ...windowOf(fields),
    dilation: { height: one('dilation_height'), steps: one('dilation_steps') },
    groups: one('groups'),
    bias: fields.optional('bias', boolean) ?? true,
    activation: fields.optional('activation', activation) ?? 'none',
  } as const;
  return channels && outChannels && kernel
    ? { type: 'conv2d', channels, outChannels, kernel, ...options }
    : undefined;
}

/** One of the names, or rows before and after. */
function rowsAround<T extends string>(...names: readonly T[]): Decoder<T | RowsAround> {
  return (node, report) => {
    if (node.type !== 'array') return oneOf(...names)(node, report);
    const rows = listOf(integer(0, MAX_COUNT), 2)(node, report);
    if (!rows) return undefined;
    const [before, after] = rows;
    if (rows.length === 2) return { before, after };
    const message = say`${pathOf(node)}: expected rows before and after, found ${rows.length} numbers`;
    report.schemaError(node, 'wrong-value', message);
    return undefined;
  };
}

function decodeConv1d(fields: Fields): OperationOptions | undefined {
  const outFeatures = fields.required('out_channels', positiveInteger);
  const kernelSize = fields.required('kernel_size', count);
  const options = {
    stride: fields.optional('stride', count) ?? 1,
    padding: fields.optional('padding', rowsAround('valid', 'same', 'causal')) ?? 'valid',
    dilation: fields.optional('dilation', count) ?? 1,
    bias: fields.optional('bias', boolean) ?? true,
    activation: fields.optional('activation', activation) ?? 'none',
  } as const;
  const mode = fields.optional('padding_mode', oneOf('zeros', ...PADDING_MODES)) ?? 'zeros';
  if (outFeatures === undefined || kernelSize === undefined) return undefined;
  const around = mode === 'zeros' ? {} : { paddingMode: mode };
  return { type: 'conv1d', outFeatures, kernelSize, ...options, ...around };
}
