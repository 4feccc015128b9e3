/** The head of the heat map: what is shown, and how. */
import type { Network, SignalAddress } from '../../../src/model/network';
import { visible } from '../../../src/unroll/mermaid';
import { signalName } from '../../../src/unroll/equations';
import type { Context } from '../../feature';
import { layerInWords } from '../../../src/picture/names';
import type { State } from '../../shared/state';
import { fill } from '../../shared/words';
import { button, dropdown, setItems } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { ORDERS, type HeatMap, type HeatMapAction } from './state';
import { NAME, placesOf, type Place } from './subject';
import { words } from './words';

export interface Header {
  readonly element: HTMLElement;
  render(state: State, own: HeatMap, shown: { readonly size: string; readonly hasText: boolean }): void;
  /** What the pointer or the keyboard is at. */
  read(text: string): void;
}

export function createHeader({ dispatch, change }: Context<HeatMap, HeatMapAction>): Header {
  const title = h('h2', { class: 'heatmap-title' });
  const size = h('span', { class: 'dim heatmap-size' });
  const readout = h('span', { class: 'heatmap-readout' });
  const signals = createSignalPicker(dispatch);
  const orders = createOrderControl((order) => change({ type: 'orderBy', order }));
  let textOn = false;
  let named: readonly unknown[] = [];

  function name(network: Network, address: SignalAddress): void {
    if (network === named[0] && address === named[1]) return;
    named = [network, address];
    title.replaceChildren(`${signalName(network, address)} `, h('i', {}, address.signal));
    setAttribute(title, 'title', layerInWords(network, address).join(' · '));
  }

  const text = button({
    title: words.textTitle,
    label: words.text,
    onClick: () => change({ type: 'showText', on: !textOn }),
  });
  const fit = button({
    title: words.fitTitle,
    label: words.fit,
    onClick: () => change({ type: 'zoomTo', zoom: null }),
  });
  const range = button({
    title: words.clearRange,
    label: ' ',
    onClick: () => dispatch({ type: 'selectRange', range: null }),
  });
  range.classList.add('heatmap-range');
  const similar = button({
    title: words.similarTitle,
    label: words.similar,
    onClick: () => dispatch({ type: 'showView', view: 'matches', on: true }),
  });
  const close = button({
    title: words.close,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'showView', view: NAME, on: false }),
  });
  const element = h(
    'div',
    { class: 'heatmap-head' },
    h('div', { class: 'heatmap-name' }, title, size, readout),
    h('div', { class: 'heatmap-controls' }, ...signals.elements, orders.element),
    h('div', { class: 'heatmap-controls' }, range, similar, fit, text, close),
  );
  return {
    element,
    read: (words) => setText(readout, words),
    render(state, own, shown) {
      const { scene, selection } = state;
      if (!scene || !selection.signal) return;
      const { network } = scene;
      name(network, selection.signal);
      setText(size, shown.size);
      setAttribute(size, 'title', shown.size);
      signals.render(network, selection.signal);
      orders.render(own.order);
      orders.element.hidden = own.text && shown.hasText;
      fit.hidden = own.zoom === null || (own.text && shown.hasText);
      range.hidden = selection.range === null;
      setAttribute(similar, 'disabled', selection.range ? null : '');
      if (selection.range) {
        const { from, to } = selection.range;
        const label = fill(words.range, formatCount(from + 1), formatCount(to + 1));
        setText(range, `${label} ×`);
        setAttribute(range, 'aria-label', `${label}: ${words.clearRange}`);
      }
      textOn = own.text;
      text.hidden = !shown.hasText;
      setAttribute(text, 'appearance', textOn ? 'primary' : 'secondary');
      setAttribute(text, 'aria-pressed', String(textOn));
    },
  };
}

function createSignalPicker(dispatch: Context['dispatch']) {
  let places: readonly Place[] = [];
  let network: Network | null = null;
  let current = -1;
  const layer = dropdown(words.place, (value) => {
    const { signals, ...place } = places[Number(value)];
    // The signal of the same letter, where there is one.
    const letter = places[current]?.signals.find((one) => one === letterOf()) ?? signals[0];
    dispatch({
      type: 'select',
      signal: { ...place, signal: signals.includes(letter) ? letter : signals[0] },
    });
  });
  layer.classList.add('heatmap-layer');
  const signal = dropdown(words.signal, (value) => {
    const { signals: _, ...place } = places[current];
    dispatch({ type: 'select', signal: { ...place, signal: value } });
  });
  signal.classList.add('heatmap-signal');
  const letterOf = () => signal.value;
  return {
    elements: [layer, signal],
    render(
      next: Network,
      { layer: name, level, direction, signal: letter }: NonNullable<State['selection']['signal']>,
    ) {
      if (next !== network) {
        network = next;
        places = placesOf(next);
      }
      current = places.findIndex(
        (place) => place.layer === name && place.level === level && place.direction === direction,
      );
      layer.hidden = places.length < 2;
      const items = places.map((place, k) => ({ value: String(k), label: inWords(next, place) }));
      setItems(layer, items, String(current));
      const letters = places[current]?.signals ?? [letter];
      signal.hidden = letters.length < 2;
      setItems(
        signal,
        letters.map((value) => ({ value, label: value })),
        letter,
      );
    },
  };
}

function inWords(network: Network, { signals: _, ...place }: Place): string {
  const found = layerInWords(network, { ...place, signal: '' });
  return found.length > 0 ? found.join(' · ') : visible(place.layer);
}

function createOrderControl(choose: (order: HeatMap['order']) => void) {
  const buttons = ORDERS.map((order) => ({
    order,
    element: button({
      title: words.orderTitles[order],
      label: words.orders[order],
      onClick: () => choose(order),
    }),
  }));
  return {
    element: h(
      'div',
      { class: 'segmented', role: 'group', 'aria-label': words.order },
      ...buttons.map(({ element }) => element),
    ),
    render(chosen: HeatMap['order']) {
      for (const { order, element } of buttons) {
        setAttribute(element, 'appearance', order === chosen ? 'primary' : 'secondary');
        setAttribute(element, 'aria-pressed', String(order === chosen));
      }
    },
  };
}
