/**
 * Tensors of a state dict grouped into the modules that they belong to. Names and shapes are those of
 * torch/nn/modules/rnn.py (`weight_ih_l{k}[_reverse]`; cells have no `_l{k}`), linear.py and sparse.py; of Flax's Dense and
 * Embed (flax/linen/linear.py: `kernel` is in × out) and Haiku's Linear (`w`, `b`).
 */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { COMMON_CELLS } from '../../commonCells';
import { GATES } from '../../parameters';
import type { Shapes } from '../loading';
import { cellsIn } from './cells';
import type { CellModule } from './cellModule';
import { kindsIn, type Kind } from './kinds';
import { plainName } from './names';
import type { Origin } from './sources';

interface ModuleBase {
  /** What stands before the parameters' names, without the last separator; empty where nothing does. */
  readonly prefix: string;
  /** The names of its tensors. */
  readonly tensors: readonly string[];
}

export interface RecurrentModule extends ModuleBase {
  readonly kind: 'recurrent';
  readonly type: 'rnn' | 'lstm' | 'gru';
  /** The cells of a form that is not PyTorch's: one, or one a direction. */
  readonly cells?: readonly CellModule[];
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize: number;
  readonly levels: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  /** Of an RNN, where the file says, or it was chosen. */
  readonly nonlinearity?: 'tanh' | 'relu' | 'none';
  /** Where a parameter of its layer comes from, by the name that PyTorch gives it there; not of `cells`. */
  readonly origin: (parameter: string) => string;
}

/** A matrix, with a bias or without: nn.Linear, or nn.Embedding. */
export interface MatrixModule extends ModuleBase {
  readonly kind: 'matrix';
  readonly rows: number;
  readonly columns: number;
  readonly bias: boolean;
  /** The only role that it can have, where its names say. */
  readonly role?: 'embedding' | 'linear';
  readonly origin: (parameter: string) => Origin;
}

/** Of each unit over time, or of the units of a step. */
export interface NormModule extends ModuleBase {
  readonly kind: 'norm';
  readonly type: 'batch_norm' | 'layer_norm';
  readonly size: number;
  /** Of its program, where the code does not say otherwise. */
  readonly epsilon: number;
  readonly origin: (parameter: string) => string;
}

/** Anything else. */
export interface OtherModule extends ModuleBase {
  readonly kind: 'other';
  /** Why it is none of those above. */
  readonly reason: string;
  /** Axes of its weight, if it has one: a convolution's are three and more. */
  readonly axes?: number;
  /** Of a convolution, or a part of a cell: the channels that it gives. */
  readonly channels?: number;
  /** Of a convolution: the channels that it reads. */
  readonly reads?: number;
  readonly attention?: boolean;
  /** The kind of sequence model that it is a part of. */
  readonly model?: Kind;
  /** Whether it seems to be a cell that was written by hand. */
  readonly byHand?: boolean;
}

export type Module = RecurrentModule | MatrixModule | NormModule | OtherModule;

const RECURRENT = /^(?:(.*)[./])?((?:weight_(?:ih|hh|hr)|bias_(?:ih|hh))(?:_l(\d{1,4})(_reverse)?)?)$/s;
const PARAMETER = /^(?:(.*)[./])?([^./]*)$/s;
/** More than anyone stacks, few enough to list. */
const MAX_LEVELS = 1000;

/** Whether a tensor's name is one of a recurrent module's. */
export function isRecurrentName(name: string): boolean {
  return RECURRENT.test(name);
}

/** In the order in which their first tensors stand in `shapes`. */
export function modulesOf(shapes: Shapes): Module[] {
  const left = new Map(shapes);
  const take = (names: readonly string[]) => names.forEach((name) => left.delete(name));
  const modules: Module[] = kindsIn(left).map(({ kind, prefix, tensors }) => {
    take(tensors);
    return { ...other(say`a part of ${kind.name}`), prefix, tensors, model: kind };
  });
  const { cells, unclear, beside } = cellsIn(left);
  for (const { cell, prefix, tensors } of cells) {
    take(tensors);
    modules.push(cellModule(cell, prefix, tensors));
  }
  for (const { reason, prefix, tensors } of unclear) {
    take(tensors);
    modules.push({ ...other(say`a cell written by hand: ${reason}`), byHand: true, prefix, tensors });
  }
  for (const { reason, prefix, tensors, width } of beside) {
    take(tensors);
    modules.push({ ...other(reason), prefix, tensors, channels: width });
  }
  modules.push(...withOwnParts(plainModules(left)));
  const places = new Map([...shapes.keys()].map((name, place) => [name, place]));
  return modules.toSorted((a, b) => places.get(a.tensors[0])! - places.get(b.tensors[0])!);
}

/** PyTorch's attention has its output projection as a module of its own. */
function withOwnParts(modules: readonly Module[]): readonly Module[] {
  const projections = new Map<string, Module>();
  const attentions = modules.filter((module) => module.kind === 'other' && module.attention);
  if (attentions.length === 0) return modules;
  const names = new Set(attentions.map(({ prefix }) => (prefix === '' ? '' : `${prefix}.`) + 'out_proj'));
  for (const module of modules) if (names.has(module.prefix)) projections.set(module.prefix, module);
  return modules
    .filter(({ prefix }) => !projections.has(prefix))
    .map((module) => {
      const own = projections.get((module.prefix === '' ? '' : `${module.prefix}.`) + 'out_proj');
      return own && attentions.includes(module)
        ? { ...module, tensors: [...module.tensors, ...own.tensors] }
        : module;
    });
}

function cellModule(cell: CellModule, prefix: string, tensors: readonly string[]): RecurrentModule {
  const { type, inputSize, hiddenSize, bias } = cell;
  return {
    kind: 'recurrent',
    ...{ type, inputSize, hiddenSize, bias, prefix, tensors },
    ...{ cells: [cell], projSize: 0, levels: 1, bidirectional: false },
    origin: (parameter) => parameter,
  };
}

type Members = ReadonlyMap<string, { readonly name: string; readonly shape: readonly number[] }>;

/** Tensors whose names differ in the last part alone. */
function plainModules(shapes: Shapes): Module[] {
  const groups = new Map<
    string,
    {
      prefix: string;
      separator: string;
      members: Map<string, { name: string; shape: readonly number[] }>;
      cell?: boolean;
    }
  >();
  for (const [name, shape] of shapes) {
    const plain = plainName(name);
    const recurrent = RECURRENT.exec(plain);
    const [, prefix = '', suffix] = recurrent ?? PARAMETER.exec(plain) ?? ['', '', plain];
    const cell = recurrent ? recurrent[3] === undefined : undefined;
    const key = JSON.stringify([prefix, cell ?? null]);
    let group = groups.get(key);
    const separator = prefix === '' ? '' : plain[prefix.length];
    if (!group) groups.set(key, (group = { prefix, separator, members: new Map(), cell }));
    group.members.set(suffix, { name, shape });
  }
  return [...groups.values()].map(({ prefix, separator, members, cell }) => {
    const tensors = [...members.values()].map(({ name }) => name);
    const origin = (parameter: string) => members.get(parameter)?.name ?? prefix + separator + parameter;
    const module = cell === undefined ? matrix(members, origin) : recurrent(members, cell, origin);
    return { prefix, tensors, ...module };
  });
}

type Found<T> = T extends Module ? Omit<T, keyof ModuleBase> : never;

function recurrent(
  members: Members,
  cell: boolean,
  origin: (parameter: string) => string,
): Found<RecurrentModule> | Found<OtherModule> {
  const shapes = shapesOf(members);
  const first = cell ? '' : '_l0';
  const [ih, hh] = [shapes.get(`weight_ih${first}`), shapes.get(`weight_hh${first}`)];
  if (ih?.length !== 2 || hh?.length !== 2) {
    return other(say`expected matrices ${quote(`weight_ih${first}`)} and ${quote(`weight_hh${first}`)}`);
  }
  const hr = shapes.get(`weight_hr${first}`);
  if (hr && (hr.length !== 2 || hr[0] !== hh[1])) {
    return other(say`expected "weight_hr${first}" to be [${hh[1]}, H], found [${hr.join(', ')}]`);
  }
  const hiddenSize = hr ? hr[1] : hh[1];
  const type = COMMON_CELLS.find((kind) => hh[0] === GATES[kind] * hiddenSize);
  if (
    !type ||
    hiddenSize < 1 ||
    ih[0] !== hh[0] ||
    ih[1] < 1 ||
    (hr && (type !== 'lstm' || hr[0] >= hr[1]))
  ) {
    const expected = hr ? '4 (LSTM)' : say`4 (LSTM), 3 (GRU) or 1 (RNN)`;
    return other(
      say`expected ${expected} × ${hiddenSize} rows, found "weight_ih${first}" [${ih.join(', ')}] and "weight_hh${first}" [${hh.join(', ')}]`,
    );
  }
  const levels = Math.max(...[...shapes.keys()].map((name) => Number(/_l(\d+)/.exec(name)?.[1] ?? 0))) + 1;
  if (levels > MAX_LEVELS) return other(say`expected at most ${MAX_LEVELS} levels, found ${levels}`);
  const names = [...shapes.keys()];
  return {
    kind: 'recurrent',
    ...{ type, hiddenSize, levels, inputSize: ih[1], projSize: hr ? hr[0] : 0 },
    bidirectional: names.some((name) => name.endsWith('_reverse')),
    bias: names.some((name) => name.startsWith('bias_')),
    origin: (parameter) => origin(cell ? parameter.replace(/_l0$/, '') : parameter),
  };
}

function shapesOf(members: Members): Map<string, readonly number[]> {
  return new Map([...members].map(([suffix, { shape }]) => [suffix, shape]));
}

function matrix(
  members: Members,
  origin: (parameter: string) => string,
): Found<MatrixModule> | Found<NormModule> | Found<OtherModule> {
  const shapes = shapesOf(members);
  const [first] = MATRICES.filter(({ weight, bias }) => {
    const others = [...shapes.keys()].filter((name) => name !== weight && name !== bias);
    const shape = shapes.get(weight);
    return others.length === 0 && shape?.length === 2 && shape[0] > 0 && shape[1] > 0;
  });
  if (first) {
    const { transposed, role } = first;
    const weight = shapes.get(first.weight)!;
    const [rows, columns] = transposed ? [weight[1], weight[0]] : weight;
    const bias = first.bias === undefined ? undefined : shapes.get(first.bias);
    if (!bias || (bias.length === 1 && bias[0] === rows)) {
      const turned = transposed && [{ tensor: origin(first.weight), shape: weight, transposed }];
      return {
        kind: 'matrix',
        ...{ rows, columns, bias: bias !== undefined, ...(role && { role }) },
        origin: (parameter) =>
          parameter === 'bias' ? origin(first.bias ?? parameter) : turned || origin(first.weight),
      };
    }
  }
  const norm = normOf(shapes, origin);
  if (norm) return norm;
  const found = [...shapes].slice(0, 6).map(([name, shape]) => `${quote(name)} [${shape.join(', ')}]`);
  const [weight, kernel] = [shapes.get('weight'), shapes.get('kernel')];
  const axes = (weight ?? kernel)?.length;
  return {
    ...other(say`found ${found.join(', ')}`),
    ...(axes !== undefined && {
      ...{ axes, channels: weight ? weight[0] : kernel!.at(-1) },
      reads: weight ? weight[1] : kernel!.at(-2),
    }),
    ...(shapes.has('in_proj_weight') && { attention: true }),
  };
}

/** PyTorch's names and Flax's, by PyTorch's, and the epsilon that each has by default. */
const NORMS: readonly {
  readonly type: NormModule['type'];
  readonly names: Readonly<Record<string, string>>;
  readonly epsilon: number;
}[] = [
  {
    type: 'batch_norm',
    names: { weight: 'weight', bias: 'bias', running_mean: 'running_mean', running_var: 'running_var' },
    epsilon: 1e-5,
  },
  { type: 'layer_norm', names: { weight: 'weight', bias: 'bias' }, epsilon: 1e-5 },
  {
    type: 'batch_norm',
    names: { weight: 'scale', bias: 'bias', running_mean: 'mean', running_var: 'var' },
    epsilon: 1e-5,
  },
  { type: 'layer_norm', names: { weight: 'scale', bias: 'bias' }, epsilon: 1e-6 },
];

function normOf(
  shapes: ReadonlyMap<string, readonly number[]>,
  origin: (parameter: string) => string,
): Found<NormModule> | undefined {
  const [[, first]] = shapes;
  const vectors =
    first.length === 1 &&
    first[0] > 0 &&
    [...shapes.values()].every((shape) => shape.join() === first.join());
  const norm = NORMS.find(({ names }) => {
    const wanted = Object.values(names);
    return wanted.length === shapes.size && wanted.every((name) => shapes.has(name));
  });
  if (!vectors || !norm) return undefined;
  const { type, names, epsilon } = norm;
  return { kind: 'norm', type, size: first[0], epsilon, origin: (parameter) => origin(names[parameter]) };
}

/** PyTorch's Linear and Embedding, Flax's Dense and Embed, Haiku's Linear and Embed. */
const MATRICES: readonly {
  readonly weight: string;
  readonly bias?: string;
  readonly transposed?: boolean;
  readonly role?: MatrixModule['role'];
}[] = [
  { weight: 'weight', bias: 'bias' },
  { weight: 'kernel', bias: 'bias', transposed: true, role: 'linear' },
  { weight: 'embedding', role: 'embedding' },
  { weight: 'w', bias: 'b', transposed: true, role: 'linear' },
  { weight: 'embeddings', role: 'embedding' },
];

function other(reason: string): Found<OtherModule> {
  return { kind: 'other', reason };
}

/** What a module is called in messages. */
export function titleOf({ prefix }: Module): string {
  return prefix === '' ? say`the module without a name` : quote(prefix);
}

/** As `titleOf`, with what it is. */
export function longTitleOf(module: Module): string {
  return module.prefix === '' ? titleOf(module) : say`the module ${titleOf(module)}`;
}
