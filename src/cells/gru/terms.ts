import { type CellMoment, type UnitTerms, gateProducts, scaled } from '../../engine/cells/terms';
import { rowBefore } from '../../engine/cells/general/stage';
import { type GruLayer, cellActivations } from '../../model/network';
import type { GruSignals } from './forward';

/** As generalGruCell computes it. */
export function gruTerms(moment: CellMoment<GruLayer, GruSignals>, signal: keyof GruSignals): UnitTerms {
  const { layer, unit, step, previous, initial, signals } = moment;
  const { r, z, n, h } = signals;
  const H = layer.hiddenSize;
  const before = rowBefore(h, initial.h, previous, H);
  const { gates, candidate } = cellActivations(layer);
  const now = step * H + unit;
  switch (signal) {
    case 'r':
    case 'z': {
      const { hidden, ...products } = gateProducts(moment, (signal === 'r' ? 0 : H) + unit, before);
      return {
        ...products,
        hidden: { weights: hidden, values: before },
        activation: gates,
        bound: layer.clip,
      };
    }
    case 'n': {
      const { hidden, biases, ...products } = gateProducts(moment, 2 * H + unit, before);
      const inside = { activation: candidate, bound: layer.clip };
      if (!layer.resetAfter) {
        const values = before.map((one, k) => r[step * H + k] * one);
        return { ...products, ...inside, biases, hidden: { weights: hidden, values } };
      }
      return {
        ...products,
        ...inside,
        biases: biases.map((bias) =>
          bias.name.includes('_hh') ? { ...bias, weight: bias.weight * r[now] } : bias,
        ),
        hidden: { weights: scaled(hidden, r[now]), values: before },
      };
    }
    case 'h':
      return {
        activation: 'none',
        cell: [
          { signal: 'n', unit, weight: 1 - z[now], value: n[now], by: '1 − z{0}' },
          { signal: 'h', unit, before: true, weight: z[now], value: before[unit], by: 'z{0}' },
        ],
      };
  }
}
