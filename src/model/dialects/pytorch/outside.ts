/**
 * Modules of which a state dict does not say where they stand: convolutions over images, attentions, normalisations that fit in
 * several places, parts of other kinds of model. They are not run; the recurrent layers run from the sequence that they read.
 */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { isRecurrent, type Layer, type NetworkInput, type NotRun } from '../../network';
import type { Module, NormModule, OtherModule, RecurrentModule } from './modules';

export type OutsideModule = OtherModule | NormModule;

/** Modules that are shown as one. */
export interface Outside extends NotRun {
  /** Whether they make what the first recurrent layer reads; others may stand behind the last one. */
  readonly before: boolean;
  /** What it gives, where that can be told. */
  readonly width?: number;
  /** The last module of the chain that stands before it in the file, if the file has an order. */
  readonly after?: Module;
  readonly modules: readonly OutsideModule[];
}

/** What makes sequences of pictures and sounds. */
const FRONTS = /cnn|conv|resnet|vgg|backbone|feature|stem|patch|visual|vision|image|frontend/i;

/** `chain` are the modules that have a place; `ordered` tells whether all stand in the order of the file's model. */
export function outsideOf(
  modules: readonly OutsideModule[],
  all: readonly Module[],
  chain: readonly Module[],
  ordered: boolean,
): Outside[] {
  const first = chain.find((module) => module.kind === 'recurrent')!;
  const groups = new Map<string, OutsideModule[]>();
  for (const module of modules) {
    const before = ordered ? all.indexOf(module) < all.indexOf(first) : isFront(module, modules, first);
    const after = ordered && !before ? lastBefore(module, chain, all) : undefined;
    const key = JSON.stringify([
      before,
      after === undefined ? -1 : all.indexOf(after),
      module.kind === 'other' && module.model ? module.model.name : topOf(module),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), module]);
  }
  return [...groups].map(([key, own]) => {
    const [before, after] = JSON.parse(key) as [boolean, number];
    return { ...outside(own), before, ...(after >= 0 && { after: all[after] }) };
  });
}

function lastBefore(module: Module, chain: readonly Module[], all: readonly Module[]): Module | undefined {
  const place = all.indexOf(module);
  return all.findLast((other, k) => k < place && chain.includes(other));
}

function isFront(module: OutsideModule, modules: readonly OutsideModule[], first: RecurrentModule): boolean {
  if (isConvolution(module)) return !isLastConvolution(module, modules, first);
  const beside = modules.filter((other) => other !== module && topOf(other) === topOf(module));
  return FRONTS.test(module.prefix) || (/[./]/.test(module.prefix) && beside.some(isConvolution));
}

/** Whether a convolution reads as many channels as the recurrent layers give, and nothing reads what it gives. */
function isLastConvolution(
  { channels, reads }: OtherModule,
  modules: readonly OutsideModule[],
  { inputSize, hiddenSize, bidirectional }: RecurrentModule,
): boolean {
  // One channel may be that of the sound or picture that the first convolution reads.
  const isRead =
    (channels ?? 0) > 1 && modules.some((other) => other.kind === 'other' && other.reads === channels);
  return reads === hiddenSize * (bidirectional ? 2 : 1) && channels !== inputSize && !isRead;
}

function isConvolution(module: Module): module is OtherModule {
  return module.kind === 'other' && module.axes !== undefined && module.axes > 2;
}

/** Whether a normalisation may be that of a convolution's channels. */
export function isOfConvolution(norm: NormModule, modules: readonly Module[]): boolean {
  const within = /[./]/.test(norm.prefix);
  return modules.some(
    (other) =>
      isConvolution(other) && (other.channels === norm.size || (within && topOf(other) === topOf(norm))),
  );
}

function topOf({ prefix }: Module): string {
  return prefix.split(/[./]/)[0];
}

function outside(modules: readonly OutsideModule[]): Omit<Outside, 'before'> {
  const [first] = modules;
  const model = first.kind === 'other' ? first.model : undefined;
  const name = modules.length === 1 ? first.prefix : topOf(first);
  const more = modules.length > 1 ? say`; ${modules.length} modules in all` : '';
  const found = first.kind === 'norm' ? say`of width ${first.size}` : first.reason;
  const why = model
    ? model.advice
    : say`a state dict does not say where it stands and how it is used (${found}${more}); a model exported to ONNX does`;
  const width = modules.flatMap((module) => (module.kind === 'other' ? (module.channels ?? []) : [])).at(-1);
  return {
    ...{ name: name || 'module', kind: kindOf(first), reason: why, modules },
    ...(width !== undefined && { width }),
  };
}

const CONVOLUTIONS: Readonly<Record<number, string>> = { 3: 'Conv1d', 4: 'Conv2d', 5: 'Conv3d' };

function kindOf(module: OutsideModule): string {
  if (module.kind === 'norm') return module.type === 'batch_norm' ? 'BatchNorm' : 'LayerNorm';
  if (module.model) return module.model.name;
  return CONVOLUTIONS[module.axes ?? 0] ?? (module.attention ? 'MultiheadAttention' : say`module`);
}

/** An input of numbers as what stands before the network hands on, where anything does: what is as wide, if that can be told. */
export function inputBehind(input: NetworkInput, outsides: readonly Outside[]): NetworkInput {
  if (input.kind !== 'vector') return input;
  const fronts = outsides.filter(({ before }) => before);
  const front = fronts.findLast(({ width }) => width === input.size) ?? fronts.at(-1);
  if (!front) return input;
  const { name, kind, reason } = front;
  return { ...input, standsFor: { name, kind, reason } };
}

/**
 * The layers with those that may stand behind the last recurrent one, each handing on what the next layer reads: where the file
 * has an order, behind the layer that stands before it there. `layerOf` gives the layer of a module.
 */
export function withOutside(
  layers: readonly Layer[],
  outsides: readonly Outside[],
  layerOf: (module: Module) => string,
): Layer[] {
  let result = [...layers];
  for (const outside of outsides.filter(({ before }) => !before)) {
    const last = layers.findLastIndex(isRecurrent);
    const after = outside.after && layers.findIndex(({ name }) => name === layerOf(outside.after!));
    result = withOneBehind(result, outside, layers[Math.max(after ?? last, last)].name);
  }
  return result;
}

/** Puts a layer behind one, its activation, and those that were put behind it. */
function withOneBehind(
  layers: readonly Layer[],
  { name: wanted, kind, reason, width }: Outside,
  after: string,
): Layer[] {
  let at = layers.findIndex(({ name }) => name === after) + 1;
  while (at < layers.length && (layers[at].type === 'activation' || layers[at].type === 'not_run')) at++;
  const source = layers[at - 1];
  const name = freeName(wanted, layers);
  const outputSize = layers[at]?.inputSize ?? width ?? source.outputSize;
  const added: Layer = {
    ...{ type: 'not_run', name, kind, reason, inputs: [source.name] },
    ...{ inputSize: source.outputSize, outputSize },
  };
  const rest = layers.slice(at).map((layer): Layer => ({
    ...layer,
    inputs: layer.inputs.map((input) => (input === source.name ? name : input)),
  }));
  return [...layers.slice(0, at), added, ...rest];
}

function freeName(wanted: string, layers: readonly Layer[]): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (name !== 'input' && layers.every((layer) => layer.name !== name)) return name;
  }
}

/** What is said of modules that stand before a network, and do not hand on what it reads; `front` does, if there is any. */
export function besideInWords({ name, kind, reason }: Outside, front?: string): string {
  if (front !== undefined) {
    return say`${quote(name)} (${kind}) is not run: it is taken to stand before the recurrent layers, as ${quote(front)} does, whose output the sequences are; ${reason}`;
  }
  return say`${quote(name)} (${kind}) is not run, and nothing here reads it: ${reason}`;
}
