import { type CellMoment, type UnitTerms, jointProducts } from '../../engine/cells/terms';
import { rowBefore } from '../../engine/cells/general/stage';
import type { RnnLayer } from '../../model/network';
import type { RnnSignals } from './forward';

/** As generalRnnCell computes it. */
export function rnnTerms(moment: CellMoment<RnnLayer, RnnSignals>): UnitTerms {
  const { layer, signals, initial, unit, previous } = moment;
  const before = rowBefore(signals.h, initial.h, previous, layer.hiddenSize);
  const { hidden, ...products } = jointProducts(moment, unit, before);
  return {
    ...products,
    hidden: { weights: hidden, values: before },
    activation: layer.nonlinearity,
    bound: layer.clip,
  };
}
