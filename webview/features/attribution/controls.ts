/** Which output, which input, and how: what stands at the head of the view. */
import type { Network } from '../../../src/model/network';
import type { Context, Moment } from '../../feature';
import { outputLayer } from '../../../src/model/partial';
import { outputNamer } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { button, dropdown, setItems, type Button, type Item } from '../../toolkit';
import { h, setAttribute } from '../../ui/dom';
import { visible } from '../../../src/unroll/mermaid';
import { BASELINES, METHODS, choiceOf, lastActivation, type Own, type OwnAction } from './state';
import type { AttributionFound } from '../../../src/protocol';
import { words } from './words';

/** Outputs that are offered one by one; of more, the largest at the step. */
const MOST_OUTPUTS = 64;
const LARGEST = 24;

const LARGEST_OUTPUT = 'largest';

export function createControls({ change, now }: Context<Own, OwnAction>) {
  const output = dropdown(words.output, (value) =>
    change({ type: 'choose', choice: { unit: value === LARGEST_OUTPUT ? null : Number(value) } }),
  );
  output.classList.add('attribution-output');
  const input = dropdown(words.input, (value) => change({ type: 'choose', choice: { input: value } }));
  const methods = segmented(
    words.method,
    METHODS.map((method) => ({
      value: method,
      element: button({
        title: words.methodTitles[method],
        label: words.methods[method],
        onClick: () => change({ type: 'choose', choice: { method } }),
      }),
    })),
  );
  const baselines = segmented(
    words.baseline,
    BASELINES.map((baseline) => ({
      value: baseline,
      element: button({
        title: words.baselineTitles[baseline],
        label: words.baselines[baseline],
        onClick: () => change({ type: 'choose', choice: { baseline } }),
      }),
    })),
  );
  const logit = button({
    title: words.logit,
    label: words.logit,
    onClick: () => change({ type: 'choose', choice: { logit: !now().own.logit } }),
  });
  const pin = button({
    title: words.pinTitle,
    label: words.pin,
    onClick: () => {
      const moment = now();
      const step = moment.own.pinned === null ? (choiceOf(moment)?.step ?? null) : null;
      change({ type: 'pin', step });
    },
  });
  const element = h(
    'div',
    { class: 'attribution-controls' },
    ...[output, input, methods.element, baselines.element, logit, pin],
  );
  return {
    element,
    render(moment: Moment<Own>, network: Network, found: AttributionFound | null): void {
      const { state, own } = moment;
      setItems(
        output,
        outputItems(moment, network, found),
        own.unit === null ? LARGEST_OUTPUT : String(own.unit),
      );
      output.hidden = outputLayer(network).outputSize < 2;
      const inputs = (found?.inputs ?? []).map(({ layer }) => ({ value: layer, label: visible(layer) }));
      input.hidden = inputs.length < 2;
      if (!input.hidden) setItems(input, inputs, own.input);
      methods.choose(own.method);
      baselines.choose(own.baseline);
      const activation = lastActivation(state);
      logit.hidden = activation === null;
      press(logit, own.logit);
      if (activation !== null) setAttribute(logit, 'title', fill(words.logitTitle, activation));
      press(pin, own.pinned !== null);
      setAttribute(pin, 'title', own.pinned === null ? words.pinTitle : words.pinnedTitle);
    },
  };
}

function outputItems(moment: Moment<Own>, network: Network, found: AttributionFound | null): Item[] {
  const name = outputNamer(network);
  const { unit: chosen } = moment.own;
  const largest = chosen === null && found ? fill(words.largestNow, name(found.target.unit)) : words.largest;
  const count = outputLayer(network).outputSize;
  const all = Array.from({ length: Math.min(count, MOST_OUTPUTS) }, (_, unit) => unit);
  const units = count > MOST_OUTPUTS ? largestUnits(moment) : all;
  if (chosen !== null && !units.includes(chosen)) units.unshift(chosen);
  return [
    { value: LARGEST_OUTPUT, label: largest },
    ...units.map((unit) => ({ value: String(unit), label: name(unit) })),
  ];
}

function largestUnits({ answer }: Moment<Own>): number[] {
  const row = answer('output').value ?? answer('output').latest;
  if (!row) return [];
  const { values } = row;
  return [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, LARGEST);
}

/** Whether an output has so many units that they are listed by size. */
export function listsLargest(network: Network): boolean {
  return outputLayer(network).outputSize > MOST_OUTPUTS;
}

function segmented<Value>(
  label: string,
  parts: readonly { readonly value: Value; readonly element: Button }[],
) {
  const elements = parts.map(({ element }) => element);
  return {
    element: h('div', { class: 'segmented', role: 'group', 'aria-label': label }, ...elements),
    choose(chosen: Value): void {
      for (const { value, element } of parts) press(element, value === chosen);
    },
  };
}

function press(element: Button, on: boolean): void {
  setAttribute(element, 'appearance', on ? 'primary' : 'secondary');
  setAttribute(element, 'aria-pressed', String(on));
}
