/** Calls the layers of a model one after the other, as Keras does when it builds it. */
import { say } from '../../../words/say';
import { integer, listOf, quote, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Limits } from '../../limits';
import type { Report } from '../../report';
import { readerOf } from './layers';
import { AT_EACH_STEP } from './layers/plain';
import { isMasked } from './masks';
import { refInWords, type Call, type KerasLayer, type KerasModel, type Ref } from './model';
import { notRunAs } from './notRun';
import { cannotRun, titleOf, type NetworkBuilder, type RawInput, type Site, type Value } from './site';
import type { Conventions } from './version';

/** What is the same for all layers of a file. */
export interface Context {
  readonly network: NetworkBuilder;
  readonly conventions: Conventions;
  readonly limits: Limits;
  readonly report: Report;
}

type Shape = NonNullable<RawInput['shape']>;

const MAX_NETWORK_LAYERS = 2000;
const INPUT_LAYER = 'InputLayer';
const TIME_DISTRIBUTED = 'TimeDistributed';

/**
 * What the model gives, its inputs added to the network. `width` is that of an input whose shape the file does not say.
 * Undefined, with errors reported, if a layer is faulty.
 */
export function callModel(
  model: KerasModel,
  width: number | undefined,
  context: Context,
): readonly Value[] | undefined {
  const addInput = (layer: KerasLayer, shape: Shape | undefined) =>
    context.network.addInput(
      inputName(layer),
      shape ?? (width === undefined ? undefined : [null, width]),
      layer.at,
    );
  if (model.sequential) {
    const [first] = model.layers;
    const inputs = first.branches ? [] : [addInput(first, firstShape(model, context.report))];
    return callSequential(model, inputs, '', context);
  }
  const inputs = inputLayers(model).map((layer) => addInput(layer, shapeIn(layer, context.report)));
  return callFunctional(model, inputs, '', context);
}

/** Keras's own name for the input of a Sequential model. */
function inputName({ name, className }: KerasLayer): string {
  return className === INPUT_LAYER ? name : `${name}_input`;
}

/** Layers of a functional model that are its inputs, in its own order. */
function inputLayers(model: KerasModel): KerasLayer[] {
  const declared = model.layers.filter(({ className }) => className === INPUT_LAYER);
  const named = model.inputs.flatMap(({ layer }) => declared.find(({ name }) => name === layer) ?? []);
  return [...new Set([...named, ...declared])];
}

/** Where a Sequential model says what it reads: in its first layer, or beside its layers. */
export function firstShape(model: KerasModel, report: Report): Shape | undefined {
  const [first] = model.layers;
  if (first.model && !shapeIn(first, report)) return firstShape(first.model, report);
  return shapeIn(first, report) ?? builtShape(model, report);
}

const axes = listOf(
  (node: JsonNode, report: Report) => (node.type === 'null' ? null : integer(1)(node, report)),
  1,
);

function shapeIn({ config }: KerasLayer, report: Report): Shape | undefined {
  const node = config.find('batch_input_shape', 'batch_shape', 'build_input_shape');
  if (node) return withoutBatch(node, report);
  const width = config.optional(['input_dim'], integer(1));
  const takesIds = config.find('output_dim') && !config.find('init') && !config.find('inner_init');
  if (width === undefined || takesIds || config.find('embeddings_initializer')) return undefined;
  return config.find('return_sequences') || config.find('filter_length') ? [null, width] : [width];
}

function builtShape({ at }: KerasModel, report: Report): Shape | undefined {
  const node = valueAt(valueAt(at, 'config'), 'build_input_shape');
  return node?.type === 'array' ? withoutBatch(node, report) : undefined;
}

/** TensorFlow writes some shapes as `{"class_name": "TensorShape", "items": […]}` or `{"class_name": "__tuple__", …}`. */
function withoutBatch(node: JsonNode, report: Report): Shape | undefined {
  const shape = axes(valueAt(node, 'items') ?? node, report);
  return shape?.slice(1);
}

function callSequential(
  { layers }: KerasModel,
  inputs: readonly Value[],
  prefix: string,
  context: Context,
): readonly Value[] | undefined {
  let values = inputs;
  for (const layer of layers) {
    if (layer.className === INPUT_LAYER) continue;
    const read = layer.branches ? callBranches(layer.branches, prefix, context) : values;
    const after = read && callLayer(layer, { inputs: read, states: [] }, prefix, context);
    if (!after) return undefined;
    values = after.slice(0, 1);
  }
  return values;
}

/** Each with an input of its own. */
function callBranches(
  branches: readonly KerasModel[],
  prefix: string,
  context: Context,
): readonly Value[] | undefined {
  const outputs = branches.map((branch) => {
    const [first] = branch.layers;
    const input = context.network.addInput(inputName(first), firstShape(branch, context.report), first.at);
    return callSequential(branch, [input], prefix, context)?.[0];
  });
  return outputs.includes(undefined) ? undefined : (outputs as Value[]);
}

function callFunctional(
  model: KerasModel,
  inputs: readonly Value[],
  prefix: string,
  context: Context,
): readonly Value[] | undefined {
  const results = new Results(model);
  inputLayers(model).forEach(({ name }, k) => results.set(name, 0, inputs[k] ? [inputs[k]] : []));
  let waiting = model.layers
    .filter(({ className }) => className !== INPUT_LAYER)
    .flatMap((layer) => layer.calls.map((call, index) => ({ layer, call, index })));
  while (waiting.length > 0) {
    const still: typeof waiting = [];
    for (const one of waiting) {
      const { layer, call, index } = one;
      const read = results.read(call);
      if (!read) {
        still.push(one);
        continue;
      }
      const values = callLayer(layer, read, prefix, context);
      if (!values) return undefined;
      results.set(layer.name, index, values);
    }
    if (still.length === waiting.length) {
      reportStuck(still[0], model, results, context.report);
      return undefined;
    }
    waiting = still;
  }
  const last = model.layers[model.layers.length - 1];
  const outputs =
    model.outputs.length > 0 ? model.outputs : [{ layer: last.name, call: 0, output: 0, at: last.at }];
  const values = outputs.map((ref) => results.get(ref));
  const missing = values.indexOf(undefined);
  if (missing < 0) return values as Value[];
  const message = say`the model's output is ${refInWords(outputs[missing])}, which is not there`;
  context.report.error(outputs[missing].at, 'unknown-layer', message);
  return undefined;
}

interface Read {
  readonly inputs: readonly Value[];
  readonly states: readonly Value[];
  readonly mask?: Value;
  readonly flags?: Call['flags'];
}

/** What the calls of a functional model gave so far. */
class Results {
  private readonly values = new Map<string, readonly Value[]>();
  /** Calls of nested models count from 1: their own making is call 0 (keras, `node_conversion_map`). */
  private readonly first = new Map<string, number>();

  constructor(model: KerasModel) {
    const refs = [...model.outputs, ...model.layers.flatMap(({ calls }) => calls.flatMap(refsOf))];
    const last = new Map<string, number>();
    for (const { layer, call } of refs) last.set(layer, Math.max(last.get(layer) ?? 0, call));
    for (const { name, model: nested, calls } of model.layers) {
      if (nested && (last.get(name) ?? 0) >= calls.length) this.first.set(name, 1);
    }
  }

  set(layer: string, call: number, values: readonly Value[]): void {
    this.values.set(keyOf(layer, call), values);
  }

  get({ layer, call, output }: Ref): Value | undefined {
    const values = this.values.get(keyOf(layer, call - (this.first.get(layer) ?? 0)));
    const [first] = values ?? [];
    // How many outputs a layer has that is not run is not known.
    return values?.[output] ?? (first?.kind === 'tensor' && first.guessed ? first : undefined);
  }

  /** Whether a call was made, whatever outputs it has. */
  has({ layer, call }: Ref): boolean {
    return this.values.has(keyOf(layer, call - (this.first.get(layer) ?? 0)));
  }

  /** Undefined if anything that the call reads is not there yet. */
  read(call: Call): Read | undefined {
    if (refsOf(call).some((ref) => this.get(ref) === undefined)) return undefined;
    const values = (refs: readonly Ref[]) => refs.map((ref) => this.get(ref)!);
    const { inputs, states, mask, flags } = call;
    return { inputs: values(inputs), states: values(states), flags, ...(mask && { mask: this.get(mask)! }) };
  }
}

function refsOf({ inputs, states, mask }: Call): Ref[] {
  return [...inputs, ...states, ...(mask ? [mask] : [])];
}

function keyOf(layer: string, call: number): string {
  return `${call} ${layer}`;
}

function reportStuck(
  { layer, call }: { readonly layer: KerasLayer; readonly call: Call },
  model: KerasModel,
  results: Results,
  report: Report,
): void {
  const ref = refsOf(call).find((one) => results.get(one) === undefined);
  if (!ref) return;
  const source = model.layers.find(({ name }) => name === ref.layer);
  const exists = source && !results.has(ref) && ref.call <= source.calls.length;
  report.error(
    ref.at,
    exists ? 'circular-input' : 'unknown-layer',
    exists
      ? say`${quote(layer.name)} and ${quote(ref.layer)} feed each other in a circle, or read what is never computed`
      : say`${quote(layer.name)} reads ${refInWords(ref)}, which is not there`,
  );
}

function callLayer(
  layer: KerasLayer,
  { inputs, states, mask, flags = [] }: Read,
  prefix: string,
  context: Context,
): readonly Value[] | undefined {
  const { name, className, config, at, model } = layer;
  const { network, report } = context;
  if (network.layers.length > MAX_NETWORK_LAYERS) {
    report.error(at, 'too-many-layers', say`expected at most ${MAX_NETWORK_LAYERS} layers, found more`);
    return undefined;
  }
  const path = prefix + name;
  const site: Site = { ...context, name, className, config, at, path, inputs, states, flags, faults: [] };
  if (mask) checkMask(site, mask);
  if (flags.length > 0) checkFlags(site);
  if (!model) {
    const from = network.layers.length;
    const values = readerOf(className)(site);
    return site.faults.length > 0 ? notRunAs(site, values, from) : values;
  }
  if (className === TIME_DISTRIBUTED && !isAtEachStep(model)) {
    cannotRun(site, say`it holds layers that do not compute each step by itself`);
    return notRunAs(site, undefined, network.layers.length);
  }
  const call = model.sequential ? callSequential : callFunctional;
  return call(model, inputs, `${path}/`, context);
}

function isAtEachStep({ layers }: KerasModel): boolean {
  return layers.every(
    ({ className, model }) =>
      className === INPUT_LAYER || (model ? isAtEachStep(model) : AT_EACH_STEP.includes(className)),
  );
}

/** A mask that is given by name must be the one that the layers before hand on anyhow. */
function checkMask(site: Site, mask: Value): void {
  const [input] = site.inputs;
  const source = input && 'source' in input ? input.source : undefined;
  if (mask.kind === 'mask' && source !== undefined && isMasked(source, site.network) !== mask.all) return;
  cannotRun(site, say`its "mask" is another one than that of an Embedding or Masking before it`);
}

const ATTENTION = 'Attention';
const WITH_BATCH_STATISTICS = 'BatchNormalization';

/** Called as in training, dropout is random and normalisation takes the batch's own mean. */
function checkFlags(site: Site): void {
  const { flags } = site;
  if (flags.includes('use_causal_mask') && site.className !== ATTENTION) {
    cannotRun(site, say`it is called with "use_causal_mask", which is not done here`);
  }
  if (!flags.includes('training')) return;
  if (site.className === WITH_BATCH_STATISTICS) {
    cannotRun(site, say`it is called with "training", and takes mean and variance of the batch`);
  } else {
    const message = say`${titleOf(site)}: it is called with "training"; its dropout and noise, if any, do nothing here`;
    site.report.warning(site.at, 'training', message);
  }
}
