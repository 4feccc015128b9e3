/** What if the signal of the card were otherwise, all the time: a button each. */
import type { StepAddress } from '../../../src/model/network';
import { addressText, changeText } from '../../../src/whatIf/text';
import type { Context } from '../../feature';
import { addressIn } from '../../shared/changes';
import type { State } from '../../shared/state';
import { signalOf } from '../../shared/signals';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute } from '../../ui/dom';
import type { Card } from './state';
import { words } from './words';

interface Shown {
  readonly state: State;
  readonly card: Card;
}

/** A unit of the signal, where one is chosen and shown; else all of them. */
function changedBy({ state, card }: Shown): StepAddress & { readonly unit?: number } {
  const { selection, measure } = state;
  const isChosen =
    measure === 'unit' && selection.unit !== null && selection.signal?.layer === card.address.layer;
  return isChosen ? { ...card.address, unit: selection.unit! } : card.address;
}

export function createWhatIf(dispatch: Context['dispatch']) {
  let current: Shown;
  const everyStep = () => ({ ...changedBy(current), step: undefined });
  const hold = (value: number) => () => dispatch({ type: 'change', sets: [changeText(everyStep(), value)] });
  const open = button({ title: words.staysOpen, label: words.staysOpen, onClick: hold(1) });
  const shut = button({ title: words.staysShut, label: words.staysShut, onClick: hold(0) });
  const zero = button({ title: words.isZero, label: words.isZero, onClick: hold(0) });
  const restore = button({
    ...{ title: words.restore, label: words.restore },
    onClick: () => dispatch({ type: 'restore', address: addressText(everyStep()) }),
  });
  const title = h('span', { class: 'dim' });
  const element = h('div', { class: 'card-what-if', role: 'group' }, title, open, shut, zero, restore);
  return {
    element,
    render(shown: Shown) {
      current = shown;
      const { state, card } = shown;
      const signal = state.run && signalOf(state.run, card.address);
      const isToken = state.sequence?.inputs.kind === 'token' && card.address.layer === 'input';
      element.hidden = !signal || isToken;
      if (!signal) return;
      const text = addressText(everyStep());
      const isHeld = state.changes.sets.some((set) => addressIn(set) === text);
      const isGate = signal.range === 'gate';
      title.textContent = fill(words.whatIf, text);
      setAttribute(element, 'aria-label', title.textContent);
      open.hidden = shut.hidden = isHeld || !isGate;
      zero.hidden = isHeld || isGate;
      restore.hidden = !isHeld;
    },
  };
}
