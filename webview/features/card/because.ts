/** One line of why a unit has its value. */
import { signalFacts } from '../../../src/model/signals';
import type { Network } from '../../../src/model/network';
import type { Requests, Why } from '../../../src/protocol';
import { isGiven, signalOf, withoutStep } from '../../shared/signals';
import type { State } from '../../shared/state';
import { largestTerms, termName, unitOrClass } from '../../../src/picture/why/termNames';
import { fill } from '../../shared/words';
import { formatPrecise, formatSigned } from '../../../src/picture/format';
import type { Card } from './state';
import { words } from './words';

/** Terms that are named. */
const NAMED = 2;

/** Of the unit that is chosen in the layer, else of the one that stands out. */
export function whyAsked({ run, scene, selection }: State, card: Card | null): Requests['why']['ask'] | null {
  if (!run || !scene || !card) return null;
  const { address } = card;
  if (isGiven(scene.network, address) || !signalOf(run, address)) return null;
  const unit = selection.signal?.layer === address.layer ? selection.unit : null;
  return { trace: run.trace, signal: withoutStep(address), unit, step: address.step };
}

/** `f₁₂ closes because of h₅₃ −0.73, “␣” −0.40` */
export function becauseOf(network: Network, why: Why): string {
  const { at, terms, sum, value, held, masked } = why;
  const name = unitOrClass(network, at, at.unit);
  if (masked) return fill(words.masked, name);
  if (held) return fill(words.heldAt, name, formatPrecise(value));
  const largest = largestTerms(terms, sum, NAMED).map(
    (term) => `${termName(network, at, term)} ${formatSigned(term.product)}`,
  );
  if (largest.length === 0) return '';
  const layer = network.layers.find((one) => one.name === at.layer)!;
  const gate = signalFacts(layer, at.signal).saturation === 'sigmoid';
  const verb = gate ? (sum < 0 ? words.closes : words.opens) : sum < 0 ? words.falls : words.rises;
  return fill(words.because, name, verb, largest.join(', '));
}
