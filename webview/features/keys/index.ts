/** What the keys do, and what letters, lines and colours mean: opened by "?" and from the menu. */
import './keys.css';
import { cellFacts } from '../../../src/cells';
import { isRecurrent } from '../../../src/model/network';
import type { Context, Feature, View } from '../../feature';
import { createLegendBar } from '../../shared/legendBar';
import type { State } from '../../shared/state';
import { button } from '../../toolkit';
import { h } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { words } from './words';

export const keys: Feature = { name: 'keys', region: 'foot', order: 30, create: createKeys };

/** Where "?" is a character that is typed. */
const TYPED = 'input:not([type="range"]), textarea, [contenteditable]';

function createKeys({ dispatch, scale, now }: Context): View {
  const close = button({
    ...{ title: words.close, icon: icons.close, appearance: 'icon' },
    onClick: () => dialog.close(),
  });
  const legend = h('dl', { class: 'keys-list' });
  const dialog = h(
    'dialog',
    { class: 'keys', 'aria-label': words.title },
    h('div', { class: 'keys-head' }, h('h2', {}, words.title), close),
    h('h3', {}, words.keys),
    h('dl', { class: 'keys-list' }, ...words.bindings.flatMap(binding)),
    h('h3', {}, words.legend),
    legend,
  );
  document.addEventListener('keydown', (event) => {
    if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).closest(TYPED)) return;
    event.preventDefault();
    dispatch({ type: 'showKeys' });
  });
  // Its keys are its own: the playhead stays where it is.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());

  function meanings(state: State): HTMLElement[] {
    const gate = createLegendBar();
    gate.ends('0', '1');
    gate.paint(scale(), 'gate', 0);
    const signed = createLegendBar();
    signed.ends('−', '+');
    signed.paint(scale(), 'signed', -1);
    return [
      ...lettersOf(state).flatMap(([letter, name]) => entry(h('i', {}, letter), name)),
      ...entry(gate.element, words.gate),
      ...entry(signed.element, words.signed),
      ...entry(h('span', { class: 'keys-playhead' }), words.playhead),
      ...entry(h('span', { class: 'keys-rail' }), words.rail),
      ...entry(h('span', { class: 'keys-ghost' }), words.ghost),
    ];
  }

  return {
    elements: [dialog],
    render: () => {},
    hear({ type }) {
      if (type !== 'showKeys' || dialog.open) return;
      legend.replaceChildren(...meanings(now().state));
      dialog.showModal();
    },
  };
}

function binding([one, other, does]: readonly string[]): HTMLElement[] {
  const keyed = [one, other].filter((key) => key !== '').map((key) => h('kbd', {}, key));
  return [h('dt', {}, ...keyed), h('dd', {}, does)];
}

function entry(sign: HTMLElement, meaning: string): HTMLElement[] {
  return [h('dt', {}, sign), h('dd', {}, meaning)];
}

/** The letters of the cells that the model has, each once. */
function lettersOf({ scene }: State): [string, string][] {
  const cells = (scene?.network.layers ?? []).filter(isRecurrent).map((layer) => cellFacts(layer).signals);
  return Object.entries(Object.assign({}, ...cells) as Record<string, string>);
}
