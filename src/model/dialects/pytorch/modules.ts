/**
 * Tensors of a state dict grouped into the modules that they belong to. Names and shapes are those of
 * torch/nn/modules/rnn.py (`weight_ih_l{k}[_reverse]`; cells have no `_l{k}`), linear.py and sparse.py.
 */
import { quote } from '../../json/decode';
import { GATES } from '../../parameters';
import type { Shapes } from '../loading';

interface ModuleBase {
  /** What stands before the parameters' names, without the last dot; empty where nothing does. */
  readonly prefix: string;
  /** The names of its tensors. */
  readonly tensors: readonly string[];
}

export interface RecurrentModule extends ModuleBase {
  readonly kind: 'recurrent';
  readonly type: 'rnn' | 'lstm' | 'gru';
  /** A single cell (nn.LSTMCell, …), whose tensors' names have no level. */
  readonly cell: boolean;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize: number;
  readonly levels: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
}

/** A matrix, with a bias or without: nn.Linear, or nn.Embedding. */
export interface MatrixModule extends ModuleBase {
  readonly kind: 'matrix';
  readonly rows: number;
  readonly columns: number;
  readonly bias: boolean;
}

/** Anything else. */
export interface OtherModule extends ModuleBase {
  readonly kind: 'other';
  /** Why it is none of those above. */
  readonly reason: string;
  /** The type of layer that it seems to be, which models of other kinds may have. */
  readonly layer?: 'batch_norm' | 'layer_norm' | 'conv1d';
}

export type Module = RecurrentModule | MatrixModule | OtherModule;

const RECURRENT = /^(?:(.*)\.)?((?:weight_(?:ih|hh|hr)|bias_(?:ih|hh))(?:_l(\d{1,4})(_reverse)?)?)$/s;
const PARAMETER = /^(?:(.*)\.)?([^.]*)$/s;
/** More than anyone stacks, few enough to list. */
const MAX_LEVELS = 1000;

/** Whether a tensor's name is one of a recurrent module's. */
export function isRecurrentName(name: string): boolean {
  return RECURRENT.test(name);
}

/** In the order in which their first tensors stand in `shapes`. */
export function modulesOf(shapes: Shapes): Module[] {
  const groups = new Map<
    string,
    { prefix: string; suffixes: Map<string, readonly number[]>; cell?: boolean }
  >();
  for (const [name, shape] of shapes) {
    const recurrent = RECURRENT.exec(name);
    const [, prefix = '', suffix] = recurrent ?? PARAMETER.exec(name) ?? ['', '', name];
    const cell = recurrent ? recurrent[3] === undefined : undefined;
    const key = JSON.stringify([prefix, cell ?? null]);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { prefix, suffixes: new Map(), cell }));
    group.suffixes.set(suffix, shape);
  }
  return [...groups.values()].map(({ prefix, suffixes, cell }) => {
    const tensors = [...suffixes.keys()].map((suffix) => (prefix ? `${prefix}.${suffix}` : suffix));
    const module = cell === undefined ? matrix(suffixes) : recurrent(suffixes, cell);
    return { prefix, tensors, ...module };
  });
}

type Found<T> = T extends Module ? Omit<T, keyof ModuleBase> : never;

function recurrent(
  shapes: ReadonlyMap<string, readonly number[]>,
  cell: boolean,
): Found<RecurrentModule> | Found<OtherModule> {
  const first = cell ? '' : '_l0';
  const [ih, hh] = [shapes.get(`weight_ih${first}`), shapes.get(`weight_hh${first}`)];
  if (ih?.length !== 2 || hh?.length !== 2) {
    return other(`expected matrices ${quote(`weight_ih${first}`)} and ${quote(`weight_hh${first}`)}`);
  }
  const hr = shapes.get(`weight_hr${first}`);
  if (hr && (hr.length !== 2 || hr[0] !== hh[1])) {
    return other(`expected "weight_hr${first}" to be [${hh[1]}, H], found [${hr.join(', ')}]`);
  }
  const hiddenSize = hr ? hr[1] : hh[1];
  const type = (Object.keys(GATES) as (keyof typeof GATES)[]).find(
    (kind) => hh[0] === GATES[kind] * hiddenSize,
  );
  if (
    !type ||
    hiddenSize < 1 ||
    ih[0] !== hh[0] ||
    ih[1] < 1 ||
    (hr && (type !== 'lstm' || hr[0] >= hr[1]))
  ) {
    const expected = hr ? '4 (LSTM)' : '4 (LSTM), 3 (GRU) or 1 (RNN)';
    return other(
      `expected ${expected} × ${hiddenSize} rows, found "weight_ih${first}" [${ih.join(', ')}] and "weight_hh${first}" [${hh.join(', ')}]`,
    );
  }
  const levels = Math.max(...[...shapes.keys()].map((name) => Number(/_l(\d+)/.exec(name)?.[1] ?? 0))) + 1;
  if (levels > MAX_LEVELS) return other(`expected at most ${MAX_LEVELS} levels, found ${levels}`);
  const names = [...shapes.keys()];
  return {
    kind: 'recurrent',
    ...{ type, cell, hiddenSize, levels, inputSize: ih[1], projSize: hr ? hr[0] : 0 },
    bidirectional: names.some((name) => name.endsWith('_reverse')),
    bias: names.some((name) => name.startsWith('bias_')),
  };
}

function matrix(shapes: ReadonlyMap<string, readonly number[]>): Found<MatrixModule> | Found<OtherModule> {
  const weight = shapes.get('weight');
  const bias = shapes.get('bias');
  const others = [...shapes.keys()].filter((name) => name !== 'weight' && name !== 'bias');
  const sound = weight?.length === 2 && weight[0] > 0 && weight[1] > 0 && others.length === 0;
  if (sound && (!bias || (bias.length === 1 && bias[0] === weight[0]))) {
    return { kind: 'matrix', rows: weight[0], columns: weight[1], bias: bias !== undefined };
  }
  const found = [...shapes].slice(0, 6).map(([name, shape]) => `${quote(name)} [${shape.join(', ')}]`);
  const layer = layerType(shapes);
  const kind = layer ? `${KINDS[layer]}: ` : shapes.has('in_proj_weight') ? 'an attention: ' : '';
  return { ...other(`${kind}found ${found.join(', ')}`), ...(layer && { layer }) };
}

const KINDS = {
  batch_norm: 'a batch normalisation',
  layer_norm: 'a normalisation',
  conv1d: 'a convolution',
} as const;

function layerType(shapes: ReadonlyMap<string, readonly number[]>): OtherModule['layer'] {
  if (shapes.has('running_mean')) return 'batch_norm';
  const weight = shapes.get('weight');
  if (weight?.length === 3) return 'conv1d';
  return weight?.length === 1 ? 'layer_norm' : undefined;
}

function other(reason: string): Found<OtherModule> {
  return { kind: 'other', reason };
}

/** What a module is called in messages. */
export function titleOf({ prefix }: Module): string {
  return prefix === '' ? 'the module without a name' : quote(prefix);
}
