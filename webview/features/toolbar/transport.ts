/** The playhead's controls. */
import type { Context, Piece } from '../../feature';
import { announcement } from '../../shared/announcement';
import { steps, tokenAt, type State } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button, type Button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../ui/format';
import { icons } from '../../ui/icons';
import { words } from './words';

export function createTransport(dispatch: Context['dispatch']): Piece {
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
  const slider = h('input', { type: 'range', class: 'slider', min: 0, step: 1, 'aria-label': words.step });
  slider.addEventListener('input', () => goTo(slider.valueAsNumber));
  const step = h('span');
  const total = h('span', { class: 'dim' });
  const position = h('span', { class: 'position' }, step, total);

  return {
    element: h('div', { class: 'transport' }, first, previous, play, next, slider, position),
    render(state) {
      current = state;
      const count = steps(state);
      for (const control of [first, previous, play, next, slider]) control.disabled = count < 2;
      setText(play, state.playing ? words.pause : words.play);
      setAttribute(play, 'title', state.playing ? words.pauseTitle : words.playTitle);
      setAttribute(slider, 'max', String(Math.max(0, count - 1)));
      slider.valueAsNumber = state.step;
      slider.style.setProperty('--fill', String(count > 1 ? state.step / (count - 1) : 0));
      // While it plays, a slider with the focus would speak at every step.
      if (!state.playing) {
        const words = count ? announcement(state.step, tokenAt(state, state.step)) : null;
        setAttribute(slider, 'aria-valuetext', words);
      }
      setText(step, fill(common.time, count ? state.step : '–'));
      setText(total, count ? ` / ${formatCount(count)}` : '');
      position.style.minWidth = `${7 + 2 * String(count).length}ch`;
    },
  };
}
