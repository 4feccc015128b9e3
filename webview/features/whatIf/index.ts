/** The what-ifs: a chip each, which takes it back, with undo and redo; and what has the host run them. */
import './whatIf.css';
import { addressIn } from '../../shared/changes';
import { visible } from '../../../src/unroll/mermaid';
import { joinChanges } from '../../../src/whatIf/text';
import type { Context, Feature, View } from '../../feature';
import type { State } from '../../shared/state';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, icon, setAttribute } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { tellContext } from './context';
import { words } from './words';

export const whatIf: Feature = { name: 'whatIf', region: 'bar', order: 15, create: createWhatIf };

function createWhatIf({ now, dispatch, post }: Context): View {
  tellContext(() => now().state);
  const chips = h('div', { class: 'what-if-chips', role: 'list' });
  const undo = button({
    ...{ title: words.undo, icon: icons.undo, appearance: 'icon' },
    onClick: () => dispatch({ type: 'undoChange' }),
  });
  const redo = button({
    ...{ title: words.redo, icon: icons.redo, appearance: 'icon' },
    onClick: () => dispatch({ type: 'redoChange' }),
  });
  let sets: readonly string[] = [];
  const copy = button({
    ...{ title: words.copy, icon: icons.copy, appearance: 'icon' },
    onClick: () => post({ type: 'copy', text: joinChanges(sets) }),
  });
  const more = button({
    ...{ title: words.add, icon: icons.plus, appearance: 'icon' },
    onClick: () => post({ type: 'askWhatIf' }),
  });
  const clear = button({
    ...{ title: words.clearTitle, label: words.clear },
    onClick: () => dispatch({ type: 'clearChanges' }),
  });
  const title = h('span', { class: 'dim' }, words.title);
  const other = h('span', { class: 'what-if-chips' });
  const element = h(
    'section',
    { class: 'what-if', 'aria-label': words.region, hidden: true },
    title,
    chips,
    more,
    ...[undo, redo, copy, clear],
    other,
  );
  let shown: readonly unknown[] = [];
  let told = '';

  /** The host runs what is wanted of the base that is there, once. */
  function tell({ base, changes }: State): void {
    const wanted = base ? `${base.trace}\n${changes.sets.join('\n')}` : '';
    if (wanted === told) return;
    const had = told;
    told = wanted;
    const isNew = base && !had.startsWith(`${base.trace}\n`);
    if (base && !(isNew && changes.sets.length === 0)) {
      post({ type: 'whatIf', of: base.trace, sets: [...changes.sets] });
    }
  }

  return {
    elements: [element],
    render({ state }) {
      const { changes, refused, compared } = state;
      tell(state);
      const reads = [changes, refused, compared];
      if (reads.every((value, k) => value === shown[k])) return;
      shown = reads;
      sets = changes.sets;
      const isUsed = sets.length > 0 || changes.past.length > 0 || changes.future.length > 0;
      element.hidden = !isUsed && !compared;
      for (const part of [title, chips, more, undo, redo]) part.hidden = !isUsed;
      const focused = chips.contains(document.activeElement);
      chips.replaceChildren(
        ...sets.map((set) =>
          chipOf(set, refused, () => dispatch({ type: 'restore', address: addressIn(set) })),
        ),
      );
      if (focused)
        (chips.querySelector('button') ?? element.querySelector<HTMLElement>('vscode-button'))?.focus();
      setAttribute(undo, 'disabled', changes.past.length === 0 ? '' : null);
      setAttribute(redo, 'disabled', changes.future.length === 0 ? '' : null);
      for (const control of [copy, clear]) control.hidden = sets.length === 0;
      other.replaceChildren(
        ...(compared
          ? [
              comparedChip(compared.name ?? '', () => {
                dispatch({ type: 'endCompare' });
                post({ type: 'endCompare' });
              }),
            ]
          : []),
      );
    },
  };
}

/** One that could not be done says why. */
function chipOf(set: string, refused: State['refused'], remove: () => void): HTMLElement {
  const reason = refused.find((one) => one.set === set)?.reason;
  const close = closeButton(fill(words.remove, set), remove);
  return h(
    'span',
    {
      ...{ class: reason === undefined ? 'what-if-chip' : 'what-if-chip refused', role: 'listitem' },
      ...{ 'data-what-if': set, title: reason ?? set },
      ...(reason !== undefined && { 'data-refused': reason }),
    },
    reason !== undefined && icon(icons.warning),
    h('span', { class: 'what-if-text' }, set.replaceAll(' ', '␣')),
    reason !== undefined && h('span', { class: 'what-if-reason' }, reason),
    close,
  );
}

function comparedChip(name: string, end: () => void): HTMLElement {
  const text = fill(words.compared, visible(name));
  return h(
    'span',
    { class: 'what-if-chip', 'data-compared': name, title: text },
    h('span', { class: 'what-if-text' }, text),
    closeButton(words.endCompare, end),
  );
}

function closeButton(title: string, close: () => void): HTMLElement {
  const button = h('button', { type: 'button', title, 'aria-label': title }, icon(icons.close));
  button.addEventListener('click', close);
  return button;
}
