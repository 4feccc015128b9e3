/** The bars of a sum: which terms are named, which go together, and where each bar begins and ends. */
import type { Network } from '../../model/network';
import type { Term, TermKind, Why } from '../../protocol';
import { isToken, termName } from './termNames';
import { fill, words as common } from '../words';
import { words } from './words';

export interface Bar {
  readonly kind: TermKind;
  /** As `Term.from`; of several terms what they are together. */
  readonly from: string;
  readonly name: string;
  readonly product: number;
  /** Of one term that is a product. */
  readonly factors?: Pick<Term, 'weight' | 'value' | 'by'>;
  readonly at?: Term['at'];
  /** Sums of the bars above it, without it and with it. */
  readonly start: number;
  readonly end: number;
}

const ORDER: readonly TermKind[] = ['bias', 'input', 'hidden', 'cell', 'rest'];

/** At most `room` bars, two at the least: biases as one, the largest of the others, and the rest as one. */
export function barsOf(network: Network, why: Why, room: number): readonly Bar[] {
  const biases = why.terms.filter(({ kind }) => kind === 'bias');
  const others = why.terms.filter(({ kind }) => kind !== 'bias');
  const slots = Math.max(1, room - (biases.length > 0 ? 1 : 0));
  const whole = others.length <= slots && why.rest.count === 0;
  const named = whole ? others : largest(others, slots - 1);
  const left = others.filter((term) => !named.includes(term));
  const rest = left.reduce((sum, { product }) => sum + product, why.rest.product);
  const count = left.length + why.rest.count;
  const unplaced = [
    ...(biases.length > 0 ? [together(biases)] : []),
    ...named.map((term) => barOf(network, why, term)),
    ...(count > 0 ? [restOf(count, rest, named.length)] : []),
  ].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  let sum = 0;
  return unplaced.map((bar) => ({ ...bar, start: sum, end: (sum += bar.product) }));
}

/** The largest, and a token, however small: what was read is what one asks for first. */
function largest(terms: readonly Term[], count: number): readonly Term[] {
  const inputs = terms.filter(({ kind }) => kind === 'input');
  const kept = inputs.length === 1 ? inputs : [];
  const more = terms.filter((term) => !kept.includes(term)).slice(0, Math.max(0, count - kept.length));
  return terms.filter((term) => kept.includes(term) || more.includes(term));
}

type Unplaced = Omit<Bar, 'start' | 'end'>;

function together(biases: readonly Term[]): Unplaced {
  const product = biases.reduce((sum, bias) => sum + bias.product, 0);
  const [first] = biases;
  const name = first.from === '1' ? first.from : common.bias;
  return { kind: 'bias', from: biases.length === 1 ? first.from : 'bias', name, product };
}

function barOf(network: Network, why: Why, term: Term): Unplaced {
  const { kind, from, product, weight, value, at, by } = term;
  const name = termName(network, why.at, term);
  if (isToken(network, at)) return { kind, from, name: fill(words.input, name), product };
  return { kind, from, name, product, at, factors: { weight, value, ...(by !== undefined && { by }) } };
}

function restOf(count: number, product: number, named: number): Unplaced {
  const name = fill(named === 0 ? words.terms : count === 1 ? words.other : words.others, count);
  return { kind: 'rest', from: 'rest', name, product };
}

/** From the least to the most that a bar reaches, 0 within. */
export function extentOf(bars: readonly Bar[]): readonly [least: number, most: number] {
  const ends = bars.map(({ end }) => end).filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return least === most ? [-1, 1] : [least, most];
}
