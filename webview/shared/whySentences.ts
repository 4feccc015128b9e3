/** What a value means, in a sentence or two. */
import { cellFacts } from '../../src/cells';
import type { Role } from '../../src/cells/cell';
import { isRecurrent, type Network } from '../../src/model/network';
import type { Term, Why } from '../../src/protocol';
import { unitName } from '../../src/picture/why/termNames';
import { fill } from './words';
import { words } from './whyWords';
import { formatCount, formatPrecise, formatScale, formatValue, percent } from '../../src/picture/format';

/** A word that stands out, and what follows it. */
export interface Sentence {
  readonly lead?: string;
  readonly text: string;
}

export function sentencesOf(network: Network, why: Why): readonly Sentence[] {
  const marks = marksOf(why);
  const meaning = why.masked || why.held ? undefined : meaningOf(network, why);
  const half = halfLifeOf(network, why);
  return [...marks, ...(meaning ? [meaning] : []), ...(half ? [{ text: half }] : [])];
}

function marksOf({ held, masked, value, clip, sum, normalised }: Why): Sentence[] {
  const { min = -Infinity, max = Infinity } = clip ?? {};
  const bounded = sum < min || sum > max;
  return [
    ...(held ? [{ lead: words.held, text: fill(words.heldAt, formatPrecise(value)) }] : []),
    ...(masked ? [{ lead: words.masked, text: words.maskedStep }] : []),
    ...(bounded ? [{ text: fill(words.bounded, formatPrecise(min), formatPrecise(max)) }] : []),
    ...(normalised ? [{ text: words.normalised }] : []),
  ];
}

function meaningOf(network: Network, why: Why): Sentence | undefined {
  const { at, logSumExp, sum, value } = why;
  if (logSumExp !== undefined) {
    const [own, all] = [sum, logSumExp].map(formatValue);
    const count = network.layers.find(({ name }) => name === at.layer)!.outputSize;
    const share = why.activation === 'softmax' ? value : Math.exp(value);
    return { lead: words.ofAll, text: fill(words.share, formatCount(count), percent(share), own, all) };
  }
  const layer = network.layers.find(({ name }) => name === at.layer);
  if (!layer || !isRecurrent(layer)) return undefined;
  const role = cellFacts(layer).roles[at.signal] as Role | undefined;
  return role ? roleInWords(why, role) : stateInWords(why);
}

function roleInWords(why: Why, { does, to }: Role): Sentence | undefined {
  const { into, at, value } = why;
  if (does === 'filters') {
    return { lead: leadOf(value), text: fill(words.filters, unitName(to, at.unit), percent(value)) };
  }
  if (!into || into.normalised || into.masked || into.held) return undefined;
  const state = unitName(to, at.unit);
  const now = formatValue(into.value);
  if (does === 'shows') {
    const [{ from }] = into.terms;
    const shown = nameOf(from);
    return { lead: leadOf(value), text: fill(words.shows, percent(value), shown, state, now) };
  }
  const [kept, added] = keptAndAdded(into.terms, at.step);
  if (!kept || !added) return undefined;
  const candidate = nameOf(added.from);
  switch (does) {
    case 'keeps': {
      const [before, after] = [kept.value, kept.product].map(formatValue);
      const change = fill(words.kept, before, after, candidate, formatValue(added.product), state, now);
      return { lead: leadOf(value), text: fill(keptWords(value), state) + change };
    }
    case 'admits': {
      const [whole, part] = [added.value, added.product].map(formatValue);
      return {
        lead: leadOf(value),
        text: fill(words.admits, percent(value), candidate, whole, state, part, now),
      };
    }
    case 'proposes': {
      const [whole, part, beside] = [value, added.product, kept.product].map(formatValue);
      return { lead: words.proposes, text: fill(words.proposed, whole, state, part, beside, now) };
    }
  }
}

/** Of a state that is kept and added to. */
function stateInWords({ at, terms, normalised }: Why): Sentence | undefined {
  const [kept, added] = keptAndAdded(terms, at.step);
  if (normalised || !kept || !added || terms.length !== 2) return undefined;
  const [after, before, change] = [kept.product, kept.value, added.product].map(formatValue);
  return { lead: words.adds, text: fill(words.memory, after, before, change) };
}

/** The products of the state before, of another step or of none, and of the candidate. */
function keptAndAdded(terms: readonly Term[], step: number): readonly [Term | undefined, Term | undefined] {
  const cell = terms.filter(({ kind }) => kind === 'cell');
  const now = ({ at }: Term) => at?.step === step;
  return [cell.find((term) => !now(term)), cell.find(now)];
}

/** `g[12]` as `g₁₂`. */
function nameOf(from: string): string {
  const [, signal, unit] = /^(\w+)\[(\d+)\]$/.exec(from) ?? [];
  return signal === undefined ? from : unitName(signal, Number(unit));
}

function leadOf(value: number): string {
  if (value < 0.1) return words.closed;
  if (value < 0.5) return words.closing;
  return value < 0.9 ? words.opening : words.open;
}

function keptWords(value: number): string {
  if (value < 0.1) return words.forgetsNearlyAll;
  if (value < 0.5) return words.forgetsMost;
  return value < 0.9 ? words.keepsMost : words.keepsNearlyAll;
}

/** Longer than that is not told from for good. */
const LONGEST = 1e6;

function halfLifeOf(network: Network, { at, halfLife }: Why): string | undefined {
  const layer = network.layers.find(({ name }) => name === at.layer);
  if (!halfLife || !layer || !isRecurrent(layer) || !(halfLife.steps >= 0)) return undefined;
  const { keeps, roles } = cellFacts(layer);
  const state = unitName(roles[keeps!].to, at.unit);
  const { steps, within } = halfLife;
  if (steps > LONGEST) return fill(words.forGood, state);
  const length = fill(words.steps, formatScale(steps));
  if (!within) return fill(words.halfLife, state, length);
  return fill(words.halfLifeWithin, state, length, formatCount(within.from + 1), formatCount(within.to));
}
