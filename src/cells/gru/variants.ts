import type { Weights } from '../../model/weights';
import { type Change, everyTensor, gateActivations } from '../../verify/cellChange';
import type { GruLayer } from './layer';

export function gruChanges(layer: GruLayer, weights: Weights): Change[] {
  const H = layer.hiddenSize;
  const after = layer.resetAfter;
  const hidden = weights.get(`${layer.name}.bias_hh_l0`)?.data.subarray(2 * H);
  return [
    {
      remedy: { cause: 'reset-placement', resetAfter: !after },
      layer: { resetAfter: !after },
    },
    {
      remedy: { cause: 'update-gate' },
      tensors: (cell) => everyTensor(cell, (data) => negated(data, 1, 3)),
    },
    ...(after && hidden?.some((value) => value !== 0) ? [summedBiases(H)] : []),
    ...gateActivations(layer),
  ];
}

/** With the rows of one block of `blocks` negated: σ(−a) = 1 − σ(a). */
function negated(data: Float32Array, block: number, blocks: number): Float32Array {
  const size = data.length / blocks;
  return data.map((value, k) => (Math.floor(k / size) === block ? -value : value));
}

function summedBiases(H: number): Change {
  return {
    remedy: { cause: 'biases', change: 'summed' },
    tensors: ({ bias_ih, bias_hh }) => ({
      bias_ih: bias_ih?.map((value, k) => (k < 2 * H ? value : value + (bias_hh?.[k] ?? 0))),
      bias_hh: bias_hh?.map((value, k) => (k < 2 * H ? value : 0)),
    }),
  };
}
