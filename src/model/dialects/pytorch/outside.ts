/**
 * Modules of which a state dict does not say where they stand: convolutions over images, attentions, normalisations that fit in
 * several places, parts of other kinds of model. They are not run; the recurrent layers run from the sequence that they read.
 */
import { quote } from '../../json/decode';
import { isRecurrent, type Layer, type NetworkInput, type NotRun } from '../../network';
import type { Module, NormModule, OtherModule } from './modules';

export type OutsideModule = OtherModule | NormModule;

/** Modules that are shown as one. */
export interface Outside extends NotRun {
  /** Whether they make what the first recurrent layer reads; others may stand behind the last one. */
  readonly before: boolean;
  readonly modules: readonly OutsideModule[];
}

/** What makes sequences of pictures and sounds. */
const FRONTS = /cnn|conv|resnet|vgg|backbone|feature|stem|patch|visual|vision|image|frontend/i;

/** `first` is the first recurrent module; `ordered` tells whether the modules stand in the order of the file's model. */
export function outsideOf(
  modules: readonly OutsideModule[],
  all: readonly Module[],
  first: Module,
  ordered: boolean,
): Outside[] {
  const groups = new Map<string, OutsideModule[]>();
  for (const module of modules) {
    const before = ordered ? all.indexOf(module) < all.indexOf(first) : isFront(module, modules);
    const key = JSON.stringify([
      before,
      module.kind === 'other' && module.model ? module.model.name : topOf(module),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), module]);
  }
  return [...groups].map(([key, own]) => outside(own, (JSON.parse(key) as [boolean])[0]));
}

function isFront(module: OutsideModule, modules: readonly OutsideModule[]): boolean {
  if (isConvolution(module)) return true;
  const beside = modules.filter((other) => other !== module && topOf(other) === topOf(module));
  return FRONTS.test(module.prefix) || (/[./]/.test(module.prefix) && beside.some(isConvolution));
}

function isConvolution(module: Module): boolean {
  return module.kind === 'other' && module.axes !== undefined && module.axes > 2;
}

/** Whether a normalisation may be that of a convolution's channels. */
export function isOfConvolution(norm: NormModule, modules: readonly Module[]): boolean {
  const within = /[./]/.test(norm.prefix);
  return modules.some(
    (other) =>
      other.kind === 'other' &&
      isConvolution(other) &&
      (other.channels === norm.size || (within && topOf(other) === topOf(norm))),
  );
}

function topOf({ prefix }: Module): string {
  return prefix.split(/[./]/)[0];
}

function outside(modules: readonly OutsideModule[], before: boolean): Outside {
  const [first] = modules;
  const model = first.kind === 'other' ? first.model : undefined;
  const name = modules.length === 1 ? first.prefix : topOf(first);
  const more = modules.length > 1 ? `; ${modules.length} modules in all` : '';
  const found = first.kind === 'norm' ? `of width ${first.size}` : first.reason;
  const why = model
    ? model.advice
    : `a state dict does not say where it stands and how it is used (${found}${more}); a model exported to ONNX does`;
  return { name: name || 'module', kind: kindOf(first), reason: why, before, modules };
}

const CONVOLUTIONS: Readonly<Record<number, string>> = { 3: 'Conv1d', 4: 'Conv2d', 5: 'Conv3d' };

function kindOf(module: OutsideModule): string {
  if (module.kind === 'norm') return module.type === 'batch_norm' ? 'BatchNorm' : 'LayerNorm';
  if (module.model) return module.model.name;
  return CONVOLUTIONS[module.axes ?? 0] ?? (module.attention ? 'MultiheadAttention' : 'module');
}

/** An input of numbers as what stands before the network hands on, where anything does. */
export function inputBehind(input: NetworkInput, outsides: readonly Outside[]): NetworkInput {
  const front = outsides.findLast(({ before }) => before);
  if (!front || input.kind !== 'vector') return input;
  const { name, kind, reason } = front;
  return { ...input, standsFor: { name, kind, reason } };
}

/** The layers with those that may stand behind the last recurrent one, each handing on what the next layer reads. */
export function withOutside(layers: readonly Layer[], outsides: readonly Outside[]): Layer[] {
  const behind = outsides.filter(({ before }) => !before);
  const last = layers.findLastIndex(isRecurrent);
  const at = layers[last + 1]?.type === 'activation' ? last + 2 : last + 1;
  const source = layers[at - 1];
  const next = layers[at];
  const width = next?.inputSize ?? source.outputSize;
  const added: Layer[] = [];
  for (const { name: wanted, kind, reason } of behind) {
    const name = freeName(wanted, [...layers, ...added]);
    const input = added.at(-1) ?? source;
    added.push({
      ...{ type: 'not_run', name, kind, reason, inputs: [input.name] },
      ...{ inputSize: input.outputSize, outputSize: width },
    });
  }
  if (added.length === 0) return [...layers];
  const rest = layers.slice(at).map((layer): Layer => ({
    ...layer,
    inputs: layer.inputs.map((name) => (name === source.name ? added[added.length - 1].name : name)),
  }));
  return [...layers.slice(0, at), ...added, ...rest];
}

function freeName(wanted: string, layers: readonly Layer[]): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`;
    if (name !== 'input' && layers.every((layer) => layer.name !== name)) return name;
  }
}

/** What is said of modules that stand before a network whose input is no vector. */
export function besideInWords({ name, kind, reason }: Outside): string {
  return `${quote(name)} (${kind}) is not run, and nothing here reads it: ${reason}`;
}
