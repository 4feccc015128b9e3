/** What terms of a sum, units and signals are called. */
import { INPUT, type Network, type SignalAddress } from '../../model/network';
import type { UnitAddress } from '../../model/signalText';
import { outputNames } from '../../model/outputs';
import type { Term } from '../../protocol';
import { visible } from '../../unroll/mermaid';
import { layerInWords, quoted } from '../names';
import { fill, words } from '../words';

/** `h₅₃` */
export function unitName(signal: string, unit: number): string {
  return signal + String(unit).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]);
}

/** A unit by its name where it is a class, else by its number. */
export function unitOrClass(network: Network, { layer, signal }: SignalAddress, unit: number): string {
  const last = network.layers[network.layers.length - 1].name;
  const names = layer === last && signal === 'y' ? outputNames(network) : null;
  return names?.[unit] === undefined ? unitName(signal, unit) : quoted(names[unit]);
}

/** Of a term of a unit of `of`: `h₅₃`, `c₁₂ before`, `“␣”`, `price`, `level 0 h₂`, `dense y₇`. */
export function termName(network: Network, of: UnitAddress, { kind, from, at, as }: Term): string {
  if (as !== undefined && at) return factorName(as, at.unit);
  if (kind === 'bias') return from === '1' ? from : words.bias;
  const numbered = /^(?:.*\.)?(\w+)\[(\d+)\](?:@(\d+))?$/s.exec(from);
  if (isToken(network, at)) return quoted(from);
  if (!numbered || (at?.signal === 'x' && at.unit !== Number(numbered[2]))) return visible(from);
  const [, signal, unit, step] = numbered;
  const name = unitName(signal, Number(unit));
  const where = at ? placeBeside(network, of, at) : '';
  if (step !== undefined) return where + fill(words.atStep, name, Number(step) + 1);
  // Of h that is so of every term.
  return kind === 'cell' && at?.step !== of.step ? fill(words.before, name) : where + name;
}

/** `tanh(c₁₂)`, `1 − z₁₂`: what a factor is called, of a unit. */
export function factorName(name: string, unit: number): string {
  return name.replaceAll('{0}', unitName('', unit));
}

/** Whether a term is all that a token brings. */
export function isToken({ layers, input }: Network, at: Term['at']): boolean {
  if (at?.signal !== 'x') return false;
  const layer = layers.find(({ name }) => name === at.layer);
  const read = layer?.type === 'input' ? layer.input : input;
  return (at.layer === INPUT || layer !== undefined) && read.kind === 'token';
}

/** Layer, level and direction, as far as they are others. */
function placeBeside(network: Network, of: SignalAddress, at: SignalAddress): string {
  if (at.layer === INPUT) return '';
  const place = layerInWords(network, at);
  const own = layerInWords(network, of);
  const other = at.layer === of.layer ? place.filter((word, k) => word !== own[k]) : place;
  return other.map((word) => `${word} `).join('');
}

/** The largest terms that have the sign of the sum. */
export function largestTerms(terms: readonly Term[], sum: number, count: number): readonly Term[] {
  const own = terms.filter(({ product }) => product !== 0 && product > 0 === sum > 0);
  return [...own].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, count);
}
