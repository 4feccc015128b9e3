/** Which sequence, and Run. */
import { visible } from '../../../src/unroll/mermaid';
import type { Context, Piece } from '../../feature';
import type { State } from '../../shared/state';
import { button, dropdown, setItems, type Item } from '../../toolkit';
import { h, setAttribute } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { words } from './words';

const PICK = 'pick';
const OWN = 'own';

export function createSequenceControls({ post, alone }: Context): Piece {
  let current: State;
  const samples = dropdown(words.sample, (value) => {
    if (value === PICK) {
      choose(current);
      post({ type: 'pick' });
    } else if (value !== OWN) {
      post({ type: 'run', sample: current.scene!.samples[Number(value)].name });
    }
  });
  samples.classList.add('samples');
  const run = button({
    title: words.runTitle,
    label: words.run,
    icon: icons.run,
    appearance: 'primary',
    onClick: () => post(current.sequence ? { type: 'run', sample: current.sample } : { type: 'pick' }),
  });
  run.classList.add('run');

  function choose(state: State): void {
    const { choices, selected } = sampleChoices(state, alone);
    setItems(samples, choices, selected);
  }

  return {
    element: h('div', { class: 'sequence' }, samples, run),
    render(state) {
      current = state;
      samples.disabled = run.disabled = !state.scene;
      if (!state.scene) return;
      choose(state);
      setAttribute(samples, 'title', state.sequence?.title ?? words.sample);
    },
  };
}

/** The model's samples by their position, what the user typed or chose, and the way to type or choose where there is an editor. */
function sampleChoices(
  { scene, sequence, running }: State,
  alone: boolean,
): { choices: Item[]; selected: string } {
  const names = scene!.samples.map(({ name }) => name);
  const title = running?.title ?? sequence?.title;
  const position = running ? names.indexOf(running.title) : names.indexOf(sequence?.sample ?? '');
  const choices = names.map((name, index) => ({ value: String(index), label: visible(name) }));
  if (position < 0)
    choices.push({ value: OWN, label: title === undefined ? words.noSample : visible(title) });
  if (!alone) choices.push({ value: PICK, label: words.pickSample });
  return { choices, selected: position < 0 ? OWN : String(position) };
}
