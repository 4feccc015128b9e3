/** What the signal of the card is for, for people who learn it, with its numbers as the example. */
import { cellFacts } from '../../../src/cells';
import { isRecurrent } from '../../../src/model/network';
import type { Why } from '../../../src/protocol';
import { sumElement } from '../../shared/equation';
import type { State } from '../../shared/state';
import { unitOrClass } from '../../../src/picture/why/termNames';
import { sentencesOf } from '../../shared/whySentences';
import { fill } from '../../shared/words';
import { h, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import type { Card } from './state';
import { words } from './words';

interface Shown {
  readonly state: State;
  readonly card: Card;
  readonly why: Why | null;
}

export function createWhatIs() {
  const is = h('p');
  const unlike = h('p');
  const example = h('div', { class: 'card-example', 'data-example': '' });
  const element = h(
    'details',
    { class: 'card-what-is' },
    h('summary', {}, words.whatIs),
    is,
    unlike,
    example,
  );
  let shown: Why | null = null;
  return {
    element,
    render({ state: { scene }, card, why }: Shown) {
      const layer = scene?.network.layers.find(({ name }) => name === card.address.layer);
      const told = layer && isRecurrent(layer) ? cellFacts(layer).words : {};
      const { signal } = card.address;
      element.hidden = !Object.hasOwn(told, signal);
      if (element.hidden || !scene) return;
      setText(is, told[signal].is);
      setText(unlike, told[signal].unlike);
      example.hidden = !why;
      if (!why || why === shown) return;
      shown = why;
      const { at } = why;
      const here = fill(words.example, unitOrClass(scene.network, at, at.unit), formatCount(at.step + 1));
      const sentences = sentencesOf(scene.network, why).map(({ lead, text }) =>
        h('p', {}, lead ? h('b', {}, lead) : null, text),
      );
      example.replaceChildren(h('p', { class: 'dim' }, here), sumElement(scene.network, why), ...sentences);
    },
  };
}
