/** What is put where a key is missing: by the weights, where they tell it, else a value that is usual. */
import { say } from '../../../words/say';
import { isRecurrentType, type CellType } from '../../network';
import { GATES } from '../../parameters';
import type { Json } from '../../fix';
import type { Shapes } from '../loading';

/** Of a layer whose size nothing tells. */
export const USUAL_UNITS = 16;

const BY_KEY: Readonly<Record<string, Json>> = {
  ...{
    activation: 'tanh',
    function: 'gelu',
    exponent: 2,
    mode: 'max',
    groups: 1,
    step: -1,
    steps: 1,
    count: 1,
  },
  ...{ kernel_size: 3, size: 2, channels: 1, out_channels: USUAL_UNITS, kernel_height: 1, kernel_steps: 3 },
  ...{
    height: 1,
    out_features: 1,
    hidden_size: USUAL_UNITS,
    kind: 'Lambda',
    reason: say`it is not supported`,
  },
  sequence: { kind: 'vector', size: 1 },
};

/** The value of a key of a layer. */
export function usualValue(type: string, name: string, key: string, shapes: Shapes): Json | undefined {
  if (type === 'merge' && key === 'mode') return 'add';
  if (key === 'hidden_size' && isRecurrentType(type)) return hiddenSize(type, name, shapes) ?? USUAL_UNITS;
  const weight = shapes.get(`${name}.weight`);
  if (weight && (key === 'out_features' || key === 'out_channels')) return weight[0];
  if (weight && key === 'kernel_size' && weight.length === 3) return weight[2];
  return BY_KEY[key];
}

function hiddenSize(type: CellType, name: string, shapes: Shapes): number | undefined {
  const rows = shapes.get(`${name}.weight_hh_l0`)?.[0];
  const units = rows === undefined ? undefined : rows / GATES[type];
  return units !== undefined && Number.isInteger(units) && units > 0 ? units : undefined;
}

/** Types by the key that tells them. */
const TOLD_BY: readonly (readonly [key: string, type: string])[] = [
  ...([
    ['embedding_dim', 'embedding'],
    ['num_embeddings', 'embedding'],
    ['reset_after', 'gru'],
    ['nonlinearity', 'rnn'],
    ['hidden_size', 'lstm'],
    ['out_channels', 'conv1d'],
    ['kernel_size', 'conv1d'],
    ['out_features', 'linear'],
    ['mask_value', 'masking'],
    ['p', 'dropout'],
    ['sequence', 'input'],
    ['function', 'elementwise'],
    ['activation', 'activation'],
  ] as const),
];

/** The type of a layer that names none, by its other keys. */
export function usualType(keys: readonly string[]): string | undefined {
  return TOLD_BY.find(([key]) => keys.includes(key))?.[1];
}
