import type { RnnLayer } from '../../../model/network';
import { dot } from '../../product';
import { type Cell, type CellParameters, type CellState, EXPONENTIAL, sumOf } from '../cell';
import type { RnnSignals } from '../rnn';
import { type SettlingStage, clipped, rowBefore } from './stage';

/** As `rnnCell`, with any φ, and with clip. */
export function generalRnnCell(
  layer: RnnLayer,
  p: CellParameters,
  { h }: RnnSignals,
  initial: CellState,
): Cell<SettlingStage> {
  const H = layer.hiddenSize;
  const phi = clipped(layer.nonlinearity, layer.clip);
  return {
    inputBias: sumOf(p.biasIh, p.biasHh),
    gates: [h],
    stages: [
      {
        settles: ['h'],
        units: H,
        cost: H + EXPONENTIAL,
        compute(step, previous, from, to) {
          const before = rowBefore(h, initial.h, previous, H);
          for (let u = from, t = step * H + from; u < to; u++, t++) {
            h[t] = phi(h[t] + dot(p.weightHh, u * H, before, 0, H));
          }
        },
      },
    ],
  };
}
