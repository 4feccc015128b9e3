/** The arguments of a model and its training that are kept beside the weights: Lightning's `hyper_parameters`, and scripts' own. */
import { Dict, Opaque, type Value } from '../../tensors/pickle/values';

export interface Hyperparameters {
  /** Where they stand. */
  readonly key: string;
  /** Those that are plain, by their names, with dots where they are nested. */
  readonly values: ReadonlyMap<string, string | number | boolean>;
}

const KEYS = [
  'hyper_parameters',
  'hparams',
  'hyperparameters',
  'model_args',
  'model_kwargs',
  'config',
  'args',
];
const MOST = 40;
const MOST_CHARACTERS = 80;
const MAX_DEPTH = 2;

export function hyperparametersIn(value: Value): Hyperparameters | undefined {
  const top = entriesOf(value);
  for (const key of KEYS) {
    const own = top?.get(key);
    const values = new Map<string, string | number | boolean>();
    if (own !== undefined) collect(own, '', 0, values);
    if (values.size > 0) return { key, values };
  }
  return undefined;
}

function collect(
  value: Value,
  prefix: string,
  depth: number,
  to: Map<string, string | number | boolean>,
): void {
  for (const [name, item] of entriesOf(value) ?? []) {
    if (to.size >= MOST) return;
    if (typeof name !== 'string' || name.length > MOST_CHARACTERS) continue;
    const isPlain = typeof item === 'number' || typeof item === 'boolean';
    if (isPlain || (typeof item === 'string' && item.length <= MOST_CHARACTERS)) to.set(prefix + name, item);
    else if (depth < MAX_DEPTH) collect(item, `${prefix}${name}.`, depth + 1, to);
  }
}

/** Of a dict, of a subclass of it, or the attributes of an object such as `argparse.Namespace`. */
function entriesOf(value: Value): ReadonlyMap<Value, Value> | undefined {
  if (value instanceof Dict) return value.entries;
  if (!(value instanceof Opaque)) return undefined;
  if (value.entries.size > 0) return value.entries;
  return value.state instanceof Dict ? value.state.entries : undefined;
}

/** `hyper_parameters: hidden_size 3, nonlinearity relu`. */
export function inWords({ key, values }: Hyperparameters): string {
  return `${key}: ${[...values].map(([name, value]) => `${name} ${value}`).join(', ')}`;
}
