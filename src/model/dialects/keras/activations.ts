/** Keras's activations: names, or layers and functions written out as objects. */
import { say } from '../../../words/say';
import { describe, numberWithin, pathOf, quote, stringAt, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { HARD_SIGMOID_6TH, type Activation, type UnitActivation } from '../../network';
import { Config } from './config';
import { cannotRun, type Site } from './site';

const PLAIN = new Map<string, Activation>([
  ...(
    [
      'tanh',
      'relu',
      'sigmoid',
      'softmax',
      'softsign',
      'softplus',
      'selu',
      'hard_tanh',
      'log_softmax',
    ] as const
  ).map((name) => [name, name] as const),
  ['linear', 'none'],
  ['elu', { kind: 'elu', alpha: 1 }],
  ['leaky_relu', { kind: 'leaky_relu', alpha: 0.2 }],
]);

const float = numberWithin(-1e6, 1e6);

/** The activation that a layer's config names, or `fallback`; one that cannot be run is reported and shown as none. */
export function activationOf(
  site: Site,
  config: Config,
  keys: readonly string[],
  fallback: string,
): Activation {
  const node = config.find(...keys);
  if (!node) return named(site, fallback, config.node);
  if (node.type === 'string') return named(site, node.value as string, node);
  if (node.type === 'object') return written(site, node);
  return unsupported(site, node, describe(node));
}

/** As `activationOf`, for a cell, which applies it to each sum alone. */
export function unitActivationOf(
  site: Site,
  config: Config,
  keys: readonly string[],
  fallback: string,
): UnitActivation {
  const activation = activationOf(site, config, keys, fallback);
  if (activation !== 'softmax' && activation !== 'log_softmax') return activation;
  return unsupported(site, config.at(...keys), say`${quote(activation)} inside a cell`);
}

function named(site: Site, name: string, at: JsonNode): Activation {
  const plain = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (plain === 'hard_sigmoid') {
    const { hardSigmoid } = site.conventions;
    site.network.assume(at, say`hard_sigmoid is taken for ${hardSigmoidInWords(hardSigmoid)}`, site);
    return hardSigmoid;
  }
  return PLAIN.get(plain) ?? unsupported(site, at, quote(name));
}

/** A function (`{class_name: "function", config: NAME}`) or a layer of activation. */
function written(site: Site, node: JsonNode): Activation {
  const className = stringAt(node, 'class_name') ?? '';
  const config = valueAt(node, 'config');
  if (className === 'function') {
    const name = config?.type === 'string' ? (config.value as string) : stringAt(config, 'name');
    return name === undefined ? unsupported(site, node, describe(node)) : named(site, name, node);
  }
  if (className === 'Activation')
    return activationOf(site, new Config(config ?? node, site.report), ['activation'], 'linear');
  return (
    layerActivation(site, className, new Config(config ?? node, site.report)) ??
    unsupported(site, node, quote(className))
  );
}

/** What the layers of activation compute; undefined if `className` is none of them. */
export function layerActivation(site: Site, className: string, config: Config): Activation | undefined {
  switch (className) {
    case 'LeakyReLU': {
      const alpha = config.optional(['alpha', 'negative_slope'], float) ?? 0.3;
      return { kind: 'leaky_relu', alpha };
    }
    case 'ELU':
      return { kind: 'elu', alpha: config.optional(['alpha'], float) ?? 1 };
    case 'ReLU': {
      const slope = config.optional(['negative_slope'], float) ?? 0;
      const threshold = config.optional(['threshold'], float) ?? 0;
      const most = config.find('max_value');
      if (most || threshold !== 0) {
        unsupported(
          site,
          most ?? config.at('threshold'),
          most ? say`a ReLU with a largest value` : say`a ReLU with a threshold`,
        );
      }
      return slope === 0 ? 'relu' : { kind: 'leaky_relu', alpha: slope };
    }
    case 'Softmax':
      return 'softmax';
    default:
      return undefined;
  }
}

function unsupported(site: Site, at: JsonNode, found: string): 'none' {
  const known = [...PLAIN.keys(), 'hard_sigmoid'].join(', ');
  cannotRun(site, say`${pathOf(at)}: expected one of ${known}, found ${found}`);
  return 'none';
}

export function hardSigmoidInWords(activation: Activation): string {
  return activation === HARD_SIGMOID_6TH ? 'x/6 + 0.5' : '0.2x + 0.5';
}
