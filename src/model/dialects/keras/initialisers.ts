/** The initialisers that Keras's layers declare, as distributions of the network's parameters. */
import { say } from '../../../words/say';
import { numberWithin, quote, stringAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { distributionOf, initialise, type Distribution } from '../../initialise';
import type { Network, RecurrentLayer } from '../../network';
import { GATES, parametersOf, type Parameter } from '../../parameters';
import type { Report } from '../../report';
import type { Weights } from '../../weights';
import type { Source } from '../dialect';
import { fitsMemory } from '../loading';
import { Config } from './config';
import type { Binding, Form } from './weights';

const SEED = 0;

/** Untrained weights as the layers declare them, the same on every machine. Undefined, reported, if they take too much memory. */
export async function untrainedWeights(
  network: Network,
  bindings: readonly Binding[],
  at: JsonNode,
  source: Source,
  report: Report,
): Promise<Weights | undefined> {
  const parameters = parametersOf(network);
  if (!fitsMemory(parameters, 0, at, source, report)) return undefined;
  const bindingOf = new Map(bindings.map((binding) => [keyOf(binding), binding]));
  const distribution = (parameter: Parameter): Distribution => {
    const name = parameter.name.slice(parameter.layer.name.length + 1);
    const suffix = /_l\d+(_reverse)?$/.exec(name)?.[0] ?? '';
    const binding = bindingOf.get(`${parameter.layer.name}${suffix}`);
    return binding ? declared(binding, parameter, name.slice(0, name.length - suffix.length), report) : ZEROS;
  };
  const weights = await initialise(parameters, distribution, SEED, source.signal);
  for (const binding of bindings) raiseForgetBias(binding, weights);
  return weights;
}

function keyOf({ layer, form }: Binding): string {
  return layer.name + (form.kind === 'cell' ? form.suffix : '');
}

const ZEROS: Distribution = { kind: 'constant', value: 0 };
const ONES: Distribution = { kind: 'constant', value: 1 };

/** Where a parameter's initialiser stands in the config, and what it is by default. */
const DECLARED = new Map<string, readonly [keys: readonly string[], fallback: string]>([
  ['weight', [['kernel_initializer', 'init'], 'glorot_uniform']],
  ['bias', [['bias_initializer'], 'zeros']],
  ['weight_ih', [['kernel_initializer', 'init'], 'glorot_uniform']],
  ['weight_hh', [['recurrent_initializer', 'inner_init'], 'orthogonal']],
  ['bias_ih', [['bias_initializer'], 'zeros']],
  ['bias_hh', [['bias_initializer'], 'zeros']],
]);
const DECLARED_BY_NORM = new Map<string, readonly [keys: readonly string[], fallback: string]>([
  ['weight', [['gamma_initializer', 'gamma_init'], 'ones']],
  ['bias', [['beta_initializer', 'beta_init'], 'zeros']],
  ['running_mean', [['moving_mean_initializer'], 'zeros']],
  ['running_var', [['moving_variance_initializer'], 'ones']],
]);

function declared(
  { form, config, layer }: Binding,
  parameter: Parameter,
  kind: string,
  report: Report,
): Distribution {
  if (isAbsent(form, kind)) return kind === 'weight' ? ONES : ZEROS;
  if (kind === 'bias_hh' && !(layer.type === 'gru' && layer.resetAfter)) return ZEROS;
  const [keys, fallback] =
    form.kind === 'embedding'
      ? ([['embeddings_initializer', 'init'], 'uniform'] as const)
      : ((form.kind === 'norm' ? DECLARED_BY_NORM : DECLARED).get(kind) ?? [[], 'zeros']);
  const node = config.find(...keys);
  const found = read(node, fallback, fansOf(parameter), report);
  if (found) return found;
  const message = say`the initialiser ${quote(nameIn(node) ?? '?')} of ${quote(layer.name)} is not known: Glorot's is used in its place`;
  report.warning(node ?? config.node, 'unknown-initialiser', message);
  return distributionOf('glorot_uniform', parameter);
}

function isAbsent(form: Form, kind: string): boolean {
  return form.kind === 'norm' && ((kind === 'weight' && !form.scale) || (kind === 'bias' && !form.center));
}

/** Numbers that go into a unit and come out of one, as Keras counts them: a matrix here is Keras's turned round. */
function fansOf({ layer, shape }: Parameter): readonly [number, number] {
  const [rows, columns = rows, kernel = 1] = shape;
  return layer.type === 'embedding' ? [rows, columns] : [columns * kernel, rows * kernel];
}

const number = numberWithin(-1e30, 1e30);
const SCALES = new Map([
  ['glorot', { scale: 1, mode: 'fan_avg' }],
  ['he', { scale: 2, mode: 'fan_in' }],
  ['lecun', { scale: 1, mode: 'fan_in' }],
]);
/** A normal distribution within 2 deviations has this deviation. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** A name alone, or an object with a "class_name"; of a function, as Keras 3 writes it, the function's name. */
function nameIn(node: JsonNode | undefined): string | undefined {
  if (node?.type === 'string') return node.value as string;
  const className = stringAt(node, 'class_name');
  return className === 'function' ? (stringAt(node, 'config') ?? className) : className;
}

/**
 * In snake case, as Keras 1 wrote them; without the endings that TensorFlow (`GlorotUniformV2`, `zeros_initializer`) and
 * Keras 3 (`OrthogonalInitializer`) give some of the classes.
 */
function familiarName(name: string): string {
  return name
    .replace(/V[12]$/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_initializer$/, '');
}

function read(
  node: JsonNode | undefined,
  fallback: string,
  fans: readonly [number, number],
  report: Report,
): Distribution | undefined {
  const args = valueAt(node, 'config');
  const config = args?.type === 'object' ? new Config(args, report) : undefined;
  const value = (key: string, otherwise: number) => config?.optional([key], number) ?? otherwise;
  const name = familiarName(nameIn(node) ?? fallback);
  switch (name) {
    case 'zeros':
    case 'zero':
      return ZEROS;
    case 'ones':
    case 'one':
      return ONES;
    case 'constant':
      return { kind: 'constant', value: value('value', 0) };
    case 'uniform':
    case 'random_uniform':
      return uniform(value('minval', -0.05), value('maxval', 0.05));
    case 'normal':
    case 'random_normal':
      return { kind: 'normal', mean: value('mean', 0), deviation: value('stddev', 0.05) };
    case 'truncated_normal':
      return { kind: 'truncated_normal', mean: value('mean', 0), deviation: value('stddev', 0.05) };
    case 'orthogonal':
      return { kind: 'orthogonal', gain: value('gain', 1) };
    case 'identity':
      return { kind: 'identity', gain: value('gain', 1) };
    case 'variance_scaling': {
      const mode = stringAt(args, 'mode') ?? 'fan_in';
      return scaled(value('scale', 1), mode, stringAt(args, 'distribution') ?? 'truncated_normal', fans);
    }
    default: {
      const [, family, distribution] = /^(glorot|he|lecun)_(uniform|normal)$/.exec(name) ?? [];
      const scaling = SCALES.get(family);
      const shape = distribution === 'normal' ? 'truncated_normal' : 'uniform';
      return scaling && scaled(scaling.scale, scaling.mode, shape, fans);
    }
  }
}

function uniform(min: number, max: number): Distribution {
  return { kind: 'uniform', mean: (min + max) / 2, bound: (max - min) / 2 };
}

/** Keras's VarianceScaling. */
function scaled(
  scale: number,
  mode: string,
  distribution: string,
  [fanIn, fanOut]: readonly [number, number],
): Distribution {
  const fan = mode === 'fan_in' ? fanIn : mode === 'fan_out' ? fanOut : (fanIn + fanOut) / 2;
  const variance = scale / Math.max(1, fan);
  if (distribution === 'uniform') return { kind: 'uniform', mean: 0, bound: Math.sqrt(3 * variance) };
  const deviation = Math.sqrt(variance);
  return distribution === 'untruncated_normal'
    ? { kind: 'normal', mean: 0, deviation }
    : { kind: 'truncated_normal', mean: 0, deviation: deviation / TRUNCATED_DEVIATION };
}

/** `unit_forget_bias`, or Keras 1's `forget_bias_init: "one"`: the forget gate begins open. */
function raiseForgetBias({ layer, form, config }: Binding, weights: Weights): void {
  if (layer.type !== 'lstm' || form.kind !== 'cell' || !layer.bias) return;
  const first = config.find('forget_bias_init');
  const raised = first
    ? first.value === 'one' || first.value === 'ones'
    : config.find('unit_forget_bias')?.value !== false;
  if (raised) forgetRows(layer, form.suffix, weights)?.fill(1);
}

/** Of the gates i, f, g, o the second. */
function forgetRows(layer: RecurrentLayer, suffix: string, weights: Weights): Float32Array | undefined {
  const bias = weights.get(`${layer.name}.bias_ih${suffix}`)?.data;
  const units = (bias?.length ?? 0) / GATES.lstm;
  return bias?.subarray(units, 2 * units);
}
