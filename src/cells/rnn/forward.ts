/** The simple recurrent cell: J. L. Elman, "Finding Structure in Time", Cognitive Science 14 (1990). */
import type { RnnLayer } from '../../model/network';
import { relu } from '../../engine/activations';
import { dot } from '../../engine/product';
import { type Cell, type CellRun, EXPONENTIAL, sumOf } from '../../engine/cells/cell';

export interface RnnSignals {
  /** steps × H. */
  readonly h: Float32Array;
}

/** h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh), φ = tanh or relu. */
export function rnnCell({
  layer,
  parameters: p,
  signals: { h },
  initial,
}: CellRun<RnnLayer, RnnSignals>): Cell {
  const H = layer.hiddenSize;
  const { weightHh } = p;
  const phi = layer.nonlinearity === 'tanh' ? Math.tanh : relu;
  return {
    inputBias: sumOf(p.biasIh, p.biasHh),
    gates: [h],
    stages: [
      {
        units: H,
        cost: H + EXPONENTIAL,
        compute(step, previous, from, to) {
          const state = previous < 0 ? initial.h : h;
          const before = previous < 0 ? 0 : previous * H;
          const now = step * H;
          for (let u = from; u < to; u++) {
            h[now + u] = phi(h[now + u] + dot(weightHh, u * H, state, before, H));
          }
        },
      },
    ],
  };
}
