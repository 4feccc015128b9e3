/** The loss that a Keras model was compiled with, against how it ends. */
import { say } from '../../../words/say';
import { set } from '../../fix';
import { pathOf, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import { LOGITS, PROBABILITIES, lossFault } from '../../lossFault';
import type { Network } from '../../network';
import type { Report } from '../../report';
import { snakeCase } from './model';

/** Those that take probabilities, or logits with `from_logits`. */
const CROSS_ENTROPIES = new Set([
  ...['binary_crossentropy', 'categorical_crossentropy', 'sparse_categorical_crossentropy'],
  ...['binary_focal_crossentropy', 'categorical_focal_crossentropy'],
]);

/** Warns where the last layer gives something else than the loss expects. */
export function lintCompiledLoss(given: JsonNode | undefined, network: Network, report: Report): void {
  const loss = given && lossOf(given);
  if (!loss || !CROSS_ENTROPIES.has(loss.name)) return;
  const called = loss.fromLogits ? say`${loss.name} with from_logits` : loss.name;
  const fault = lossFault(network, called, loss.fromLogits ? LOGITS : PROBABILITIES);
  if (!fault) return;
  const fixes = loss.config ? [set(loss.config, 'from_logits', !loss.fromLogits)] : [];
  report.warning(loss.at, 'loss-mismatch', `${pathOf(loss.at)}: ${fault.message}`, fixes);
}

interface CompiledLoss {
  /** As Keras calls its function. */
  readonly name: string;
  readonly fromLogits: boolean;
  /** What has, or may have, `from_logits`. */
  readonly config?: JsonNode;
  readonly at: JsonNode;
}

/**
 * As Keras writes it: its name, a function, or an object whose config has `from_logits`. Undefined where it is none, one for
 * each of several outputs, or the user's own.
 */
function lossOf(at: JsonNode): CompiledLoss | undefined {
  if (at.type === 'string') return { name: snakeCase(at.value as string), fromLogits: false, at };
  const [only, ...more] = at.children ?? [];
  const className = valueAt(at, 'class_name');
  if (className?.type === 'string') {
    const config = valueAt(at, 'config');
    if (config?.type === 'string') return lossOf(config);
    const fromLogits = valueAt(config, 'from_logits')?.value === true;
    return { name: snakeCase(className.value as string), fromLogits, at, ...(config && { config }) };
  }
  // Of a model with a single output, by its name or in a list.
  const single = at.type === 'array' ? only : only?.children?.[1];
  return single && more.length === 0 ? lossOf(single) : undefined;
}
