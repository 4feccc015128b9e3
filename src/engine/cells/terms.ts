/** What a cell adds up to the value of a unit, in parts that say where each comes from. */
import { type RecurrentLayer, stateSize, type UnitActivation } from '../../model/network';
import { dot } from '../product';
import type { Affine, CellParameters, CellRun } from './cell';
import { Normaliser, sumNormalisers } from './general/norm';

/** One unit of a signal is the activation of the sum of these. */
export interface UnitTerms {
  readonly activation: UnitActivation;
  /** Bound on the sum, −bound … bound, before the activation; none where absent. */
  readonly bound?: number;
  /** Whether a normalisation's factor, and the mean that it takes off, stand in the weights and terms. */
  readonly normalised?: true;
  readonly biases?: readonly BiasTerm[];
  /** What each number that the level reads at the step is multiplied by. */
  readonly input?: Weights;
  /** The same of each unit of the h before, and those units, where the cell makes others of them. */
  readonly hidden?: { readonly weights: Weights; readonly values: ArrayLike<number> };
  /** Units of the cell's own signals. */
  readonly cell?: readonly CellTerm[];
}

type Weights = Float32Array | Float64Array;

export interface BiasTerm {
  readonly name: string;
  readonly weight: number;
}

export interface CellTerm {
  readonly signal: string;
  readonly unit: number;
  /** Of the step before, in the order in which the direction reads. */
  readonly before?: true;
  readonly weight: number;
  readonly value: number;
  /** What the value is, where it is not the signal itself, and the weight, where it is one; `{0}` stands for the unit. */
  readonly as?: string;
  readonly by?: string;
}

/** One unit of a run at one step. */
export interface CellMoment<L extends RecurrentLayer = RecurrentLayer, Signals = unknown> extends CellRun<
  L,
  Signals
> {
  readonly unit: number;
  readonly step: number;
  /** The step whose state this one continues; −1 for the initial state. */
  readonly previous: number;
  /** Whether a mask keeps the states at the step, which then are not what the gates saw and made. */
  readonly masked: boolean;
  /** W_ih x_t, G·H, without biases. */
  inputSums(): Float64Array;
}

/** Biases that there are, of one row of the weights. */
export function biasTerms({ layer, parameters }: CellMoment, row: number): BiasTerm[] {
  const { bias, fixed = [] } = layer;
  if (!bias) return [];
  const both = [
    { name: 'bias_ih', weight: parameters.biasIh[row] },
    { name: 'bias_hh', weight: parameters.biasHh[row] },
  ] as const;
  return both.filter(({ name }) => !fixed.includes(name));
}

type Products = Required<Pick<UnitTerms, 'biases' | 'input'>> & {
  readonly hidden: Weights;
  readonly normalised?: true;
};

/**
 * Row `row` of W_ih x_t + b_ih + W_hh h_{t−1} + b_hh; or of N(W_ih x_t) + b_ih + N(W_hh h_{t−1}) + b_hh, where each
 * normalisation is a product with γ / √(σ² + ε) of the row less the mean of all rows, and adds β. `state` is h_{t−1}.
 */
export function gateProducts(moment: CellMoment, row: number, state: Float32Array): Products {
  const { layer, parameters: p } = moment;
  const biases = biasTerms(moment, row);
  const width = stateSize(layer);
  if (!layer.layerNorm)
    return { biases, input: rowOf(p.weightIh, row, p), hidden: rowOf(p.weightHh, row, p) };
  const { input, hidden } = sumNormalisers(p, layer.layerNorm.epsilon);
  const sums = moment.inputSums();
  input.measure((k) => sums[k]);
  hidden.measure((k) => dot(p.weightHh, k * width, state, 0, width));
  return {
    normalised: true,
    biases: [shift('norm_ih_bias', p.norms.ih!, row), shift('norm_hh_bias', p.norms.hh!, row), ...biases],
    input: normalisedRow(p.weightIh, row, p, input),
    hidden: normalisedRow(p.weightHh, row, p, hidden),
  };
}

/** Of N(W_ih x_t + W_hh h_{t−1}) + b_ih + b_hh, which one normalisation takes together. */
export function jointProducts(moment: CellMoment, row: number, state: Float32Array): Products {
  const { layer, parameters: p } = moment;
  if (!layer.layerNorm) return gateProducts(moment, row, state);
  const norm = new Normaliser(p.norms.sum!, layer.layerNorm.epsilon);
  const sums = moment.inputSums();
  const width = stateSize(layer);
  norm.measure((k) => sums[k] + dot(p.weightHh, k * width, state, 0, width));
  return {
    normalised: true,
    biases: [shift('norm_sum_bias', p.norms.sum!, row), ...biasTerms(moment, row)],
    input: normalisedRow(p.weightIh, row, p, norm),
    hidden: normalisedRow(p.weightHh, row, p, norm),
  };
}

/** The same terms, each multiplied by a factor. */
export function scaled(weights: Weights, factor: number): Float64Array {
  return Float64Array.from(weights, (weight) => weight * factor);
}

export function shift(name: string, { bias }: Affine, k: number): BiasTerm {
  return { name, weight: bias[k] };
}

function rowOf(weight: Float32Array, row: number, { biasIh }: CellParameters): Float32Array {
  const width = weight.length / biasIh.length;
  return weight.subarray(row * width, (row + 1) * width);
}

/** What a row's columns are multiplied by after the normalisation that has measured the products of all rows. */
function normalisedRow(weight: Float32Array, row: number, p: CellParameters, norm: Normaliser): Float64Array {
  const rows = p.biasIh.length;
  const own = Float64Array.from(rowOf(weight, row, p));
  for (let at = 0; at < weight.length;) {
    for (let k = 0; k < own.length; k++) own[k] -= weight[at++] / rows;
  }
  const gain = norm.gain(row);
  return own.map((one) => one * gain);
}
