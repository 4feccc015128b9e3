/** An equation as DOM: symbols in italics, subscripts below the line. */
import type { Network } from '../../src/model/network';
import type { Why } from '../../src/protocol';
import { plainText, sumEquation, type Equation } from '../../src/unroll/equations';
import { h } from '../ui/dom';
import { formatValue } from '../../src/picture/format';

const ELEMENTS = { plain: 'span', symbol: 'i', subscript: 'sub' } as const;

export function equationElement(equation: Equation): HTMLElement {
  const parts = equation.map(({ text, style }) => h(ELEMENTS[style], {}, text));
  return h('div', { class: 'equation', role: 'math', 'aria-label': plainText(equation) }, ...parts);
}

/** `f₁₂ = σ(b + W x + U h) = σ(−1.36) = 0.20`: how a unit comes to its value, in numbers. */
export function sumElement(network: Network, { at, terms, activation, sum, value }: Why): HTMLElement {
  const kinds = new Set(terms.map(({ kind }) => kind));
  const element = equationElement(sumEquation(network, at, kinds, activation, formatValue(sum)));
  element.append(' = ', h('b', {}, formatValue(value)));
  return element;
}
