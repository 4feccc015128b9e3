/** The playhead's controls. */
import type { Context, Piece } from '../../feature';
import { PACES, paceWithin, pacesFor } from '../../shared/pace';
import { steps, type State } from '../../shared/state';
import { fill } from '../../shared/words';
import { button, dropdown, setItems, type Button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { createSlider } from './slider';
import { createStepField } from './stepField';
import { words } from './words';

type Dispatch = Context['dispatch'];

export function createTransport(dispatch: Dispatch): Piece {
  let current: State;
  const goTo = (step: number) => dispatch({ type: 'goTo', step });
  const first = button({ title: words.firstStep, icon: icons.first, onClick: () => goTo(0) });
  const previous = button({
    title: words.previousStep,
    icon: icons.previous,
    onClick: () => goTo(current.step - 1),
  });
  const play = h<Button>('vscode-button', { appearance: 'secondary', class: 'play' });
  play.addEventListener('click', () => dispatch({ type: 'play', on: !current.playing }));
  const next = button({ title: words.nextStep, icon: icons.next, onClick: () => goTo(current.step + 1) });
  const buttons = [first, previous, play, next];
  const pieces = [createPace(dispatch), createSlider(goTo), createStepField(goTo)];

  return {
    element: h('div', { class: 'transport' }, ...buttons, ...pieces.map(({ element }) => element)),
    render(state) {
      current = state;
      for (const control of buttons) control.disabled = steps(state) < 2;
      setText(play, state.playing ? words.pause : words.play);
      setAttribute(play, 'title', state.playing ? words.pauseTitle : words.playTitle);
      for (const piece of pieces) piece.render(state);
    },
  };
}

/** How fast it plays. */
function createPace(dispatch: Dispatch): Piece {
  const element = dropdown(words.pace, (value) => {
    const pace = PACES.find((one) => String(one) === value);
    if (pace) dispatch({ type: 'playAt', pace });
  });
  element.classList.add('pace');
  return {
    element,
    render(state) {
      const count = steps(state);
      element.disabled = count < 2;
      const choices = pacesFor(count).map((pace) => ({
        value: String(pace),
        label: fill(words.paces, pace.toLocaleString('en', { notation: 'compact' })),
      }));
      setItems(element, choices, String(paceWithin(state.pace, count)));
    },
  };
}
