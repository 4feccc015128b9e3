import type { UnitAddress } from '../../model/signalText';
import type { BiasTerm } from '../cells/terms';
import type { Edge } from '../edge';
import type { SumFunction } from '../operations/operation';
import type { Piece } from './sources';

/** `cell` is of the cell's own gates and states; `rest` is several terms of any kind as one. */
export type TermKind = 'bias' | 'input' | 'hidden' | 'cell' | 'rest';

export interface Term {
  readonly kind: TermKind;
  /** A feature's name, a token, a unit of a signal (`h[53]`; of another layer or level `lstm.h[53]`), or a bias's name. */
  readonly from: string;
  readonly weight: number;
  /** 1 of a bias and of a token. */
  readonly value: number;
  readonly product: number;
  /** Where the value stands, if the run has it. */
  readonly at?: UnitAddress;
  /** What the value and the weight are called, where they are more than `from` and a number: `tanh(c{0})` and `o{0}` of a unit. */
  readonly as?: string;
  readonly by?: string;
}

/** A number of a signal as what it is made of. */
export interface SumOfTerms {
  /** What makes the value of the sum. */
  readonly activation: SumFunction;
  /** Biases, inputs, hidden states, the cell's own signals; each in the order of its units. */
  readonly terms: readonly Term[];
  /** Bounds that the sum is kept within before the activation. */
  readonly clip?: { readonly min?: number; readonly max?: number };
  /** Whether a layer normalisation's factor stands in the weights. */
  readonly normalised?: true;
  /** Whether a mask keeps the state before, which then is the only term. */
  readonly masked?: true;
  /** Of softmax: the logarithm of the sum of the exponentials of all units' sums. */
  readonly logSumExp?: number;
}

export function biasTerms(biases: readonly BiasTerm[] = []): Term[] {
  return biases.map(({ name, weight }) => ({
    ...({ kind: 'bias', from: name, weight, value: 1 } as const),
    product: weight,
  }));
}

/** What a row of an edge gives, each number times its weight; what stands for a token is one term. */
export function inputTerms(
  weights: ArrayLike<number>,
  edge: Edge,
  row: number,
  pieces: readonly Piece[],
): Term[] {
  const terms: Term[] = [];
  let first = 0;
  for (const { width, token, unit } of pieces) {
    const valueOf = valuesIn(edge, row);
    if (token) {
      let weight = 0;
      for (let k = first; k < first + width; k++) weight += weights[k] * valueOf(k);
      terms.push({ kind: 'input', ...token(row), weight, value: 1, product: weight });
    } else {
      for (let k = 0; k < width; k++) {
        const [weight, value] = [weights[first + k], valueOf(first + k)];
        terms.push({ kind: 'input', ...unit(k, row), weight, value, product: weight * value });
      }
    }
    first += width;
  }
  return terms;
}

function valuesIn(edge: Edge, row: number): (k: number) => number {
  if (edge.kind === 'ids') return (k) => (edge.ids[row] === k ? 1 : 0);
  const { values, width } = edge;
  return (k) => values[row * width + k];
}

/** Every row of a matrix times a row of an edge. */
export function productsWith(weight: Float32Array, edge: Edge, row: number): Float64Array {
  const { width } = edge;
  const sums = new Float64Array(weight.length / width);
  if (edge.kind === 'ids') return sums.map((_, k) => weight[k * width + edge.ids[row]]);
  const from = row * width;
  for (let k = 0, at = 0; k < sums.length; k++) {
    for (let i = 0; i < width; i++) sums[k] += weight[at++] * edge.values[from + i];
  }
  return sums;
}

/** The `count` largest terms, the largest first, and all others together. */
export function largestApart(
  terms: readonly Term[],
  count: number,
): { readonly terms: readonly Term[]; readonly rest: { readonly count: number; readonly product: number } } {
  const order = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const others = order.slice(count);
  const product = others.reduce((sum, term) => sum + term.product, 0);
  return { terms: order.slice(0, count), rest: { count: others.length, product } };
}
