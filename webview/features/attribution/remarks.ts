/** What stands around the picture: the largest of all by name, whether it adds up, and what else is to be said. */
import type { ColorScale } from '../../../src/picture/colour/scale';
import { createLegendBar } from '../../shared/legendBar';
import { fill } from '../../shared/words';
import { h, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { largestOf, type Looked, type Place } from '../../../src/picture/attribution/found';
import { lagInWords, nameAt } from './say';
import { completenessOf, endsOf, signed } from '../../../src/picture/attribution/say';
import { words } from './words';

/** Of all numbers, those that are named. */
const NAMED = 6;

/** `choose` hears of the step that is clicked. */
export function createLargest(choose: (step: number) => void) {
  const element = h('ol', { class: 'attribution-largest', 'aria-label': words.largestList });
  return {
    element,
    show(looked: Looked): void {
      element.replaceChildren(
        ...largestOf(looked.input, NAMED).map((place) => {
          const line = lineOf(looked, place);
          line.addEventListener('click', () => choose(place.step));
          return h('li', {}, line);
        }),
      );
    },
  };
}

function lineOf(looked: Looked, place: Place): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'attribution-row', title: fill(words.goTo, formatCount(place.step + 1)) },
    h('span', { class: 'attribution-of' }, nameAt(looked, place)),
    h('span', { class: 'dim' }, lagInWords(place.step, looked.found.target.step)),
    h('span', { class: 'attribution-number' }, signed(place.value)),
  );
}

export function createFoot() {
  const legend = createLegendBar();
  const complete = h('span');
  const sentences = h('div', { class: 'attribution-sentences dim' });
  return {
    element: h('div', { class: 'attribution-foot' }, complete, legend.element, sentences),
    show(looked: Looked, scale: ColorScale): void {
      const { found } = looked;
      const { least, most } = endsOf(looked);
      legend.ends(least, most);
      legend.paint(scale, 'signed', -1);
      setText(complete, completenessOf(found));
      sentences.replaceChildren(...found.text.map((sentence) => h('p', {}, sentence)));
      sentences.hidden = found.text.length === 0;
    },
  };
}
