/** The layers of a Keras model and how they are called, whatever form its version writes. */
import { say } from '../../../words/say';
import { describe, pathOf, quote, stringAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Report } from '../../report';
import type { KerasLayerId } from './arrays';
import { Config } from './config';
import type { Form } from './version';

/** One output of one call of a layer. */
export interface Ref {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
  readonly at: JsonNode;
}

/** What a layer reads when it is called. */
export interface Call {
  readonly inputs: readonly Ref[];
  /** Initial states that are given by name; others follow the sequence among `inputs`. */
  readonly states: readonly Ref[];
  /** Steps that count, where they are given by name. */
  readonly mask?: Ref;
  /** Whether it is called as in training, or must not look ahead. */
  readonly flags: readonly CallFlag[];
  readonly at: JsonNode;
}

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  /** Where problems of the layer are reported. */
  readonly at: JsonNode;
  /** In a functional model; empty in a Sequential one. */
  readonly calls: readonly Call[];
  /** Of a model used as a layer, at all steps at once or, in a TimeDistributed, at each. */
  readonly model?: KerasModel;
  /** Of Keras 1's Merge as first layer of a Sequential model: what it puts together. */
  readonly branches?: readonly KerasModel[];
}

export interface KerasModel {
  readonly name?: string;
  readonly sequential: boolean;
  readonly layers: readonly KerasLayer[];
  /** Of a functional model. */
  readonly inputs: readonly Ref[];
  readonly outputs: readonly Ref[];
  readonly at: JsonNode;
}

const MAX_LAYERS = 1000;
const SEQUENTIAL = 'Sequential';

/** Whether an object is a model: Keras names those that are subclassed by their own class. */
function holdsLayers(config: JsonNode | undefined): boolean {
  return config?.type === 'array' || valueAt(config, 'layers')?.type === 'array';
}

/** The object with "class_name" and "config", or the bare config: undefined if it is neither. */
export function modelNode(root: JsonNode): JsonNode | undefined {
  const inner = valueAt(root, 'model_config');
  const node = inner?.type === 'object' ? inner : root;
  return holdsLayers(valueAt(node, 'config')) || holdsLayers(node) ? node : undefined;
}

/** Undefined, with errors reported, if the layers are not there or too many. */
export function decodeModel(node: JsonNode, report: Report): KerasModel | undefined {
  const config = valueAt(node, 'config') ?? node;
  const list = config.type === 'array' ? config : valueAt(config, 'layers');
  const nodes = list?.children ?? [];
  if (!list || list.type !== 'array' || nodes.length === 0 || nodes.length > MAX_LAYERS) {
    const found = list ? describe(list) : say`none`;
    const message = say`${pathOf(list ?? node)}: expected a list of 1 to ${MAX_LAYERS} layers, found ${found}`;
    report.error(list ?? node, 'wrong-length', message);
    return undefined;
  }
  const layers = nodes.map((layer, k) => decodeLayer(layer, k, report));
  if (layers.includes(undefined)) return undefined;
  const className = stringAt(node, 'class_name');
  const sequential = className === SEQUENTIAL || !hasCalls(nodes);
  return {
    name: stringAt(config, 'name'),
    sequential,
    layers: layers as KerasLayer[],
    inputs: refsIn(either(config, 'input_layers', 'inputLayers')),
    outputs: refsIn(either(config, 'output_layers', 'outputLayers')),
    at: node,
  };
}

function hasCalls(nodes: readonly JsonNode[]): boolean {
  return nodes.some((node) => either(node, 'inbound_nodes', 'inboundNodes'));
}

function either(node: JsonNode, key: string, camel: string): JsonNode | undefined {
  return valueAt(node, key) ?? valueAt(node, camel);
}

function decodeLayer(node: JsonNode, index: number, report: Report): KerasLayer | undefined {
  const className = stringAt(node, 'class_name') ?? stringAt(node, 'className');
  const config = valueAt(node, 'config');
  if (className === undefined || !config) {
    const message = say`${pathOf(node)}: expected a layer with "class_name" and "config", found ${describe(node)}`;
    report.error(node, 'wrong-value', message);
    return undefined;
  }
  const name = stringAt(node, 'name') ?? stringAt(config, 'name') ?? `${snakeCase(className)}_${index + 1}`;
  const at = valueAt(node, 'class_name') ?? node;
  const base = { name, className, config: new Config(config, report), at, calls: callsOf(node) };
  const inside = className === 'TimeDistributed' ? valueAt(config, 'layer') : undefined;
  if (inside && holdsLayers(valueAt(inside, 'config'))) {
    const model = decodeModel(inside, report);
    return model && { ...base, model };
  }
  if (!holdsLayers(config)) return base;
  if (className === 'Merge') {
    const branches = (valueAt(config, 'layers')?.children ?? []).map((branch) => decodeModel(branch, report));
    return branches.includes(undefined) ? undefined : { ...base, branches: branches as KerasModel[] };
  }
  const model = decodeModel(node, report);
  return model && { ...base, model };
}

const FLAGS = ['training', 'use_causal_mask'] as const;
export type CallFlag = (typeof FLAGS)[number];

function callsOf(node: JsonNode): Call[] {
  const nodes = either(node, 'inbound_nodes', 'inboundNodes');
  return (nodes?.children ?? []).flatMap((call) => {
    if (call.type === 'null') return [];
    const args = valueAt(call, 'args');
    const named = args ? [valueAt(call, 'kwargs')] : kwargsIn(call);
    const given = (key: string) => named.flatMap((kwargs) => refsIn(valueAt(kwargs, key)));
    const inputs = refsIn(args ?? call);
    return [
      {
        inputs:
          inputs.length > 0 ? inputs : [...given('inputs'), ...given('sequences'), ...given('sequence')],
        states: given('initial_state'),
        mask: given('mask')[0],
        flags: FLAGS.filter((flag) => named.some((kwargs) => valueAt(kwargs, flag)?.value === true)),
        at: call,
      },
    ];
  });
}

/** Keras 2 writes `[layer, call, output, {…}]`. */
function kwargsIn(call: JsonNode): JsonNode[] {
  return (call.children ?? []).flatMap(({ children }) =>
    children?.[3]?.type === 'object' ? [children[3]] : [],
  );
}

/** All tensors that a value names, in its order. */
function refsIn(node: JsonNode | undefined): Ref[] {
  if (!node) return [];
  const ref = refOf(node);
  if (ref) return [ref];
  if (node.type === 'array') return (node.children ?? []).flatMap((child) => refsIn(child));
  if (node.type !== 'object') return [];
  if (stringAt(node, 'class_name') === '__keras_tensor__') {
    return refsIn(valueAt(valueAt(node, 'config'), 'keras_history'));
  }
  return (node.children ?? []).flatMap(({ children }) => refsIn(children?.[1]));
}

function refOf(node: JsonNode): Ref | undefined {
  const [layer, call, output] = node.type === 'array' ? (node.children ?? []) : [];
  return layer?.type === 'string' && call?.type === 'number' && output?.type === 'number'
    ? { layer: layer.value, call: call.value, output: output.value, at: node }
    : undefined;
}

export function refInWords({ layer, call, output }: Ref): string {
  return say`output ${output} of call ${call} of ${quote(layer)}`;
}

/** As Keras makes names of classes: `sparse_categorical_crossentropy`. */
export function snakeCase(className: string): string {
  return className.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** What the JSON's form tells of the version, where it does not say it. */
export function formOf(node: JsonNode): Form {
  const texts = keysWithin(node, new Set());
  if (texts.has('batch_shape') || texts.has('__keras_tensor__') || texts.has('DTypePolicy')) return '3';
  if (texts.has('registered_name') || texts.has('build_config')) return '2.13';
  return ['inner_init', 'inner_activation', 'b_regularizer'].some((key) => texts.has(key)) ? '1' : '2';
}

/** Keys, and names of classes, anywhere in a value. */
function keysWithin(node: JsonNode, found: Set<string>): ReadonlySet<string> {
  for (const child of node.children ?? []) {
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [];
    if (key) found.add(key.value as string);
    if (key?.value === 'class_name' && value?.type === 'string') found.add(value.value as string);
    keysWithin(value ?? child, found);
  }
  return found;
}

/**
 * The layers of a model's config (the JSON object with "class_name" and "config"), in the config's order. Empty if it is no
 * model.
 */
export function kerasLayerIds(root: JsonNode): readonly KerasLayerId[] {
  const node = modelNode(root);
  const config = node && (valueAt(node, 'config') ?? node);
  const list = config?.type === 'array' ? config : valueAt(config, 'layers');
  return (list?.children ?? []).flatMap((layer, k) =>
    stringAt(layer, 'class_name') === 'Merge'
      ? (valueAt(valueAt(layer, 'config'), 'layers')?.children ?? []).flatMap(kerasLayerIds)
      : [idOf(layer, k)],
  );
}

const WRAPPED = ['layer', 'backward_layer', 'cell', 'cells'];

function idOf(node: JsonNode, index = 0): KerasLayerId {
  const config = valueAt(node, 'config');
  const className = stringAt(node, 'class_name') ?? '';
  const name = stringAt(node, 'name') ?? stringAt(config, 'name') ?? `${snakeCase(className)}_${index + 1}`;
  if (holdsLayers(config)) return { name, className, layers: kerasLayerIds(node) };
  const wrapped = WRAPPED.flatMap((key) => {
    const value = valueAt(config, key);
    if (value?.type === 'array') return (value.children ?? []).map(idOf);
    return value?.type === 'object' ? [idOf(value)] : [];
  });
  return wrapped.length > 0 ? { name, className, wrapped } : { name, className };
}
