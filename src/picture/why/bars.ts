/** The bars of a sum: which terms are named, which go together, and where each bar begins and ends. */
import type { Network } from '../../model/network';
import type { Term, TermKind, Why } from '../../protocol';
import { signalFacts } from '../../model/signals';
import { formatCount, formatValue } from '../format';
import { factorName, isToken, termName, unitOrClass } from './termNames';
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

type Terms = Pick<Why, 'at' | 'terms' | 'rest'>;

/** At most `room` bars, two at the least: biases as one, the largest of the others, and the rest as one. */
export function barsOf(network: Network, why: Terms, room: number): readonly Bar[] {
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

function barOf(network: Network, why: Terms, term: Term): Unplaced {
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

/** `0.86 × 0.68`, with what the weight is called where it is one: `0.86 × f₁₂ 0.68`; empty of what is no product. */
export function factorsInWords({ factors, at }: Pick<Bar, 'factors' | 'at'>): string {
  if (!factors) return '';
  const { value, weight, by } = factors;
  const [number, times] = [value, weight].map(formatValue);
  return by === undefined || !at
    ? fill(words.times, number, times)
    : fill(words.timesNamed, number, inBrackets(factorName(by, at.unit)), times);
}

/** What would else be read as two factors. */
function inBrackets(name: string): string {
  return name.includes(' ') ? `(${name})` : name;
}

/** What stands over the bars: over the factors, and to both sides of 0. */
export interface Heads {
  readonly factors: string;
  readonly below: string;
  readonly above: string;
}

/** Nearer to an edge there is no room for the word. */
const EDGE = 0.2;

/** @param zero where 0 stands, from 0 to 1. */
export function headsOf(
  { layers }: Network,
  { at }: Pick<Why, 'at'>,
  bars: readonly Bar[],
  zero: number,
): Heads {
  const layer = layers.find(({ name }) => name === at.layer)!;
  const gate = signalFacts(layer, at.signal).saturation === 'sigmoid';
  const hidden = bars.some(({ kind }) => kind === 'hidden');
  const factors = bars.some((bar) => bar.factors);
  const [below, above] = gate ? [words.closes, words.opens] : [words.lowers, words.raises];
  return {
    factors: factors ? (hidden ? fill(words.factors, 'h') : words.factorsOfCell) : '',
    below: zero > EDGE ? below : '',
    above: zero < 1 - EDGE ? above : '',
  };
}

/** Where a sum stands between the least and the most that bars reach, from 0 to 1. */
export function placesOf(bars: readonly Bar[]): (sum: number) => number {
  const [least, most] = extentOf(bars);
  return (sum) => (Number.isFinite(sum) ? (sum - least) / (most - least) : 0);
}

/** `Why is f₁₂ = 0.20 at step 3?` */
export function titleOf(network: Network, { at, value }: Pick<Why, 'at' | 'value'>): string {
  return fill(words.title, unitOrClass(network, at, at.unit), formatValue(value), formatCount(at.step + 1));
}
