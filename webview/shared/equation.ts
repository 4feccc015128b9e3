/** An equation as DOM: symbols in italics, subscripts below the line. */
import { plainText, type Equation } from '../../src/unroll/equations';
import { h } from '../ui/dom';

const ELEMENTS = { plain: 'span', symbol: 'i', subscript: 'sub' } as const;

export function equationElement(equation: Equation): HTMLElement {
  const parts = equation.map(({ text, style }) => h(ELEMENTS[style], {}, text));
  return h('div', { class: 'equation', role: 'math', 'aria-label': plainText(equation) }, ...parts);
}
