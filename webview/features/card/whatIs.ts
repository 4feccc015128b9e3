/** What the signal of the card is for, for people who learn it. */
import { cellFacts } from '../../../src/cells';
import { isRecurrent } from '../../../src/model/network';
import { h, setText } from '../../ui/dom';
import type { State } from '../../shared/state';
import type { Card } from './state';
import { words } from './words';

interface Shown {
  readonly state: State;
  readonly card: Card;
}

export function createWhatIs() {
  const text = h('p');
  const element = h('details', { class: 'card-what-is' }, h('summary', {}, words.whatIs), text);
  return {
    element,
    render({ state, card }: Shown) {
      const layer = state.scene?.network.layers.find(({ name }) => name === card.address.layer);
      const told = layer && isRecurrent(layer) ? cellFacts(layer).words : {};
      const { signal } = card.address;
      element.hidden = !Object.hasOwn(told, signal);
      if (!element.hidden) setText(text, told[signal].is);
    },
  };
}
