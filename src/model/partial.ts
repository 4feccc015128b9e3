/** Networks of which only a part can be run: what that part is, and what a sequence can bring so that more of it runs. */
import { say } from '../words/say';
import { quote } from './json/decode';
import {
  INPUT,
  furtherInputs,
  isRecurrent,
  type InputLayer,
  type Layer,
  type Network,
  type NotRun,
  type NotRunLayer,
  type VectorInput,
} from './network';
import { signalsHandedTo } from './states';

/** How long a sequence is, and what it brings beside the network's own input, by the names of layers. */
export interface Lengths {
  readonly steps: number;
  readonly more?: ReadonlyMap<string, { readonly steps: number }>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The layers that do not run where `given` holds what is brought for some of them; with each the one that is the cause. */
export function idleLayers(
  { layers }: Pick<Network, 'layers'>,
  given: { has(name: string): boolean } = NOTHING,
): ReadonlyMap<string, NotRunLayer> {
  const idle = new Map<string, NotRunLayer>();
  for (const layer of layers) {
    if (layer.type === 'not_run') {
      if (!given.has(layer.name)) idle.set(layer.name, layer);
      continue;
    }
    const cause = sourcesOf(layer).find((name) => idle.has(name));
    if (cause !== undefined) idle.set(layer.name, idle.get(cause)!);
  }
  return idle;
}

function sourcesOf(layer: Layer): string[] {
  return [...layer.inputs, ...signalsHandedTo(layer).map((signal) => signal.layer)];
}

/**
 * The part of a network that runs on a sequence; the network itself where all of it does. Its output is that of the last
 * layer that runs; layers that are not run, but brought by the sequence, are inputs. It may have no layers.
 */
export function runningPart(network: Network, { steps, more = new Map() }: Lengths): Network {
  if (!network.layers.some(({ type }) => type === 'not_run')) return network;
  const idle = idleLayers(network, more);
  const layers = network.layers
    .filter(({ name }) => !idle.has(name))
    .map((layer) => (layer.type === 'not_run' ? broughtInput(layer, steps, more.get(layer.name)!) : layer));
  const { outputLabels, ...rest } = network;
  const whole = layers.at(-1)?.name === network.layers.at(-1)?.name;
  return { ...rest, layers, ...(whole && outputLabels && { outputLabels }) };
}

/** The one that gives the network's output: the last that runs, if any does; without `lengths` on sequences that bring no more than they must. */
export function outputLayer(network: Network, lengths: Lengths = { steps: 1 }): Layer {
  const { layers } = runningPart(network, lengths);
  return layers.at(-1) ?? network.layers[network.layers.length - 1];
}

/** That a network's own output is not run on a sequence. */
export interface OutputNotRun {
  readonly layer: string;
  readonly cause: NotRunLayer;
  /** The last layer that runs, whose output stands in its place. Absent if none does. */
  readonly last?: string;
}

export function outputNotRun(network: Network, lengths: Lengths): OutputNotRun | undefined {
  const layer = network.layers.at(-1)?.name;
  const cause = layer === undefined ? undefined : idleLayers(network, lengths.more).get(layer);
  if (layer === undefined || !cause) return undefined;
  const last = runningPart(network, lengths).layers.at(-1)?.name;
  return { layer, cause, ...(last !== undefined && { last }) };
}

function broughtInput(layer: NotRunLayer, steps: number, brought: { readonly steps: number }): InputLayer {
  const clock = brought.steps === steps ? 'shared' : brought.steps === 1 ? 'row' : 'own';
  return { ...inputFor(layer), clock };
}

/** Something about a sequence, in figures: words/remarks.ts says it. */
export type Remark =
  | { readonly code: 'fixed-length'; readonly fixed: number; readonly steps: number }
  /** `steps` are those of what stands for the layer. */
  | { readonly code: 'layer-length'; readonly layer: string; readonly steps: number; readonly input: number };

/**
 * What is to be said of sequences that are longer or shorter than the file fixes, or than the input where they stand for what
 * layers give that are not run.
 */
export function remarksOn({ layers, fixedSteps }: Network, { steps, more }: Lengths): Remark[] {
  const others = layers.flatMap(({ type, name }): Remark[] => {
    const own = type === 'not_run' ? more?.get(name)?.steps : undefined;
    if (own === undefined || own === steps) return [];
    return [{ code: 'layer-length', layer: name, steps: own, input: steps }];
  });
  if (fixedSteps === undefined || fixedSteps === steps) return others;
  return [{ code: 'fixed-length', fixed: fixedSteps, steps }, ...others];
}

/** Said where a layer is asked for what it does not do. */
export function notRun({ name, kind, reason }: NotRun): string {
  return say`${quote(name)} (${kind}) is not run: ${reason}`;
}

/** Said where none of a network's layers runs. */
export function nothingRuns(cause: NotRun): string {
  return say`no layer runs: ${notRun(cause)}`;
}

/** What a sequence may bring beside the network's own input: its further inputs, and what layers that are not run hand on. */
export function possibleInputs(network: Network): InputLayer[] {
  const notRun = network.layers.filter((layer) => layer.type === 'not_run');
  return [...furtherInputs(network), ...notRun.map(inputFor)];
}

function inputFor(layer: NotRunLayer): InputLayer {
  const { name, outputSize } = layer;
  return {
    ...{ type: 'input', name, inputs: [], inputSize: outputSize, outputSize, clock: 'own' },
    input: standingFor(layer),
  };
}

function standingFor({ name, kind, reason, outputSize }: NotRunLayer): VectorInput {
  return { kind: 'vector', size: outputSize, standsFor: { name, kind, reason } };
}

/**
 * A network none of whose recurrent layers runs, begun behind what is not run: the sequence that its first recurrent layer
 * reads becomes the input. Any other network as it is, and one of which anything else reads the input too.
 */
export function begunBehind(network: Network): Network {
  const idle = idleLayers(network);
  const recurrent = network.layers.filter(isRecurrent);
  if (recurrent.length === 0 || recurrent.some(({ name }) => !idle.has(name))) return network;
  const fronts = frontsOf(network, recurrent[0]);
  const behind = fronts && layersBehind(network, fronts);
  if (!behind) return network;
  const [main] = fronts;
  const layers = behind
    .filter(({ name }) => name !== main.name)
    .map((layer): Layer => (isOneOf(fronts, layer) ? { ...inputFor(layer), clock: 'shared' } : layer))
    .map((layer) => ({
      ...layer,
      inputs: layer.inputs.map((name) => (name === main.name ? INPUT : name)),
    }));
  return { ...network, input: standingFor(main), layers };
}

function isOneOf(fronts: readonly NotRunLayer[], layer: Layer): layer is NotRunLayer {
  return fronts.some(({ name }) => name === layer.name);
}

/** The layers that are not run and nearest to what a layer reads; undefined if it reads an input too. */
function frontsOf({ layers }: Network, layer: Layer): readonly NotRunLayer[] | undefined {
  const byName = new Map(layers.map((one) => [one.name, one]));
  const fronts: NotRunLayer[] = [];
  const seen = new Set<string>();
  const open = sourcesOf(layer);
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const source = byName.get(name);
    if (source?.type === 'not_run') fronts.push(source);
    else if (!source || source.type === 'input') return undefined;
    else open.push(...sourcesOf(source));
  }
  return fronts;
}

/**
 * The fronts and others that are not run, and all that depends on them alone; undefined if anything that could run reads
 * the network's input, or what is computed of it before the fronts.
 */
function layersBehind({ layers }: Network, fronts: readonly NotRunLayer[]): Layer[] | undefined {
  const before = new Set(fronts.flatMap(sourcesOf));
  for (const layer of layers.toReversed())
    if (before.has(layer.name)) sourcesOf(layer).forEach((name) => before.add(name));
  const after = layers.filter(({ name }) => !before.has(name));
  const behind = new Set<string>();
  for (const layer of after) {
    const begins = layer.type === 'not_run';
    if (!begins && !sourcesOf(layer).every((name) => behind.has(name))) return undefined;
    behind.add(layer.name);
  }
  return after.map((layer) =>
    layer.type === 'not_run' ? { ...layer, inputs: layer.inputs.filter((name) => behind.has(name)) } : layer,
  );
}
