import { bounded } from '../../engine/activations';
import { Normaliser } from '../../engine/cells/general/norm';
import { rowBefore } from '../../engine/cells/general/stage';
import {
  type CellMoment,
  type CellTerm,
  type UnitTerms,
  gateProducts,
  shift,
} from '../../engine/cells/terms';
import { type LstmLayer, cellActivations, stateSize } from '../../model/network';
import { shownRow, unprojectedRow } from './exposure';
import { lstm as facts } from './facts';
import type { LstmSignals } from './forward';
import { peepholesOf } from './peepholes';

type Moment = CellMoment<LstmLayer, LstmSignals>;

/** As generalLstmCell computes it. */
export function lstmTerms(moment: Moment, signal: keyof LstmSignals): UnitTerms {
  switch (signal) {
    case 'i':
    case 'f':
      return moment.layer.coupled === (signal === 'f' ? 'input' : 'forget')
        ? coupledTerms(moment, signal === 'f' ? 'i' : 'f')
        : gateTerms(moment, signal);
    case 'g':
    case 'o':
      return gateTerms(moment, signal);
    case 'c':
      return memoryTerms(moment);
    case 'h':
      return hiddenTerms(moment);
  }
}

/** 1 − the other gate. */
function coupledTerms({ layer, signals, unit, step }: Moment, other: 'i' | 'f'): UnitTerms {
  const value = signals[other][step * layer.hiddenSize + unit];
  return {
    activation: 'none',
    biases: [{ name: '1', weight: 1 }],
    cell: [{ signal: other, unit, weight: -1, value }],
  };
}

function gateTerms(moment: Moment, gate: 'i' | 'f' | 'g' | 'o'): UnitTerms {
  const { layer, signals, unit, initial, previous } = moment;
  const row = facts.sums.indexOf(gate) * layer.hiddenSize + unit;
  const before = rowBefore(signals.h, initial.h, previous, stateSize(layer));
  const { hidden, biases, ...products } = gateProducts(moment, row, before);
  const { gates, candidate } = cellActivations(layer);
  const extra = gate === 'f' ? layer.forgetBias : undefined;
  return {
    ...products,
    biases: extra === undefined ? biases : [...biases, { name: 'forget_bias', weight: extra }],
    hidden: { weights: hidden, values: before },
    cell: seen(moment, gate),
    activation: gate === 'g' ? candidate : gates,
    bound: layer.clip,
  };
}

/** What a gate sees of the cell state: i and f of the one before, o of the new one. */
function seen(moment: Moment, gate: 'i' | 'f' | 'g' | 'o'): CellTerm[] {
  const { layer, parameters, signals, initial, unit, step, previous, masked } = moment;
  const peepholes = peepholesOf(parameters);
  if (!peepholes || gate === 'g') return [];
  const term = { signal: 'c', unit, weight: peepholes[gate][unit] };
  if (gate === 'o') {
    const value = masked ? valueOf(memoryTerms(moment)) : signals.c[step * layer.hiddenSize + unit];
    return [{ ...term, value }];
  }
  const before = rowBefore(signals.c, cellBefore(layer, initial), previous, layer.hiddenSize);
  return [{ ...term, before: true, value: before[unit] }];
}

function valueOf({ biases = [], cell = [], bound = Infinity }: UnitTerms): number {
  const sum = biases.reduce((all, { weight }) => all + weight, total(cell));
  return bounded(sum, -bound, bound);
}

function cellBefore({ hiddenSize }: LstmLayer, { c }: Moment['initial']): Float32Array {
  return c ?? new Float32Array(hiddenSize);
}

/** f ∘ c_{t−1} + i ∘ g, kept within the cell clip, and normalised where that is so. */
function memoryTerms(moment: Moment): UnitTerms {
  const { layer, parameters, unit } = moment;
  const { cellClip, layerNorm } = layer;
  const terms = unnormalised(moment, unit);
  if (layerNorm?.cell !== 'state') return { activation: 'none', bound: cellClip, cell: terms };
  const affine = parameters.norms.c!;
  const norm = new Normaliser(affine, layerNorm.epsilon);
  const bound = cellClip ?? Infinity;
  const within = (u: number) => bounded(total(unnormalised(moment, u)), -bound, bound);
  norm.measure(within);
  const gain = norm.gain(unit);
  const taken = norm.mean + total(terms) - within(unit);
  return {
    activation: 'none',
    normalised: true,
    biases: [shift('norm_c_bias', affine, unit), { name: 'mean', weight: -gain * taken }],
    cell: terms.map(({ by: _, ...term }) => ({ ...term, weight: term.weight * gain })),
  };
}

function unnormalised({ layer, signals, initial, step, previous }: Moment, unit: number): CellTerm[] {
  const { f, i, g, c, h } = signals;
  const { hiddenSize: H } = layer;
  const signal = layer.keeps === 'output' ? 'h' : 'c';
  const kept =
    signal === 'h'
      ? rowBefore(h, initial.h, previous, H)
      : rowBefore(c, cellBefore(layer, initial), previous, H);
  const now = step * H + unit;
  return [
    { signal, unit, before: true, weight: f[now], value: kept[unit], by: 'f{0}' },
    { signal: 'g', unit, weight: i[now], value: g[now], by: 'i{0}' },
  ];
}

const total = (terms: readonly CellTerm[]) =>
  terms.reduce((sum, { weight, value }) => sum + weight * value, 0);

/** o ∘ η(c), or η(N(c)); or of all units, as the projection adds them up. */
function hiddenTerms(moment: Moment): UnitTerms {
  const { layer, parameters, signals, unit, step } = moment;
  const { hiddenSize: H } = layer;
  const { weightHr } = parameters;
  if (!weightHr) {
    const value = shownRow(moment, step)[unit];
    return {
      activation: 'none',
      cell: [
        { signal: 'c', unit, weight: signals.o[step * H + unit], value, as: shownName(layer), by: 'o{0}' },
      ],
    };
  }
  const values = unprojectedRow(moment, step);
  return {
    activation: 'none',
    cell: Array.from(values, (value, u) => ({
      ...{ signal: 'c', unit: u, weight: weightHr[unit * H + u], value, as: `o{0} ${shownName(layer)}` },
    })),
  };
}

/** `tanh(c{0})`. */
function shownName(layer: LstmLayer): string {
  const { output } = cellActivations(layer);
  const inner = layer.layerNorm?.cell === 'output' ? 'LN(c{0})' : 'c{0}';
  if (output === 'none') return inner;
  return `${typeof output === 'string' ? output : output.kind}(${inner})`;
}
