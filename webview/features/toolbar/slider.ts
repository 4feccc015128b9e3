/** The playhead as a slider over the whole sequence. */
import type { Piece } from '../../feature';
import { announcement } from '../../shared/announcement';
import { steps, tokenAt, type State } from '../../shared/state';
import { h, setAttribute } from '../../ui/dom';
import { words } from './words';

/** `goTo` hears of the step that it is moved to; one that the sequence does not have means the nearest. */
export function createSlider(goTo: (step: number) => void): Piece {
  let current: State;
  const slider = h('input', {
    ...{ type: 'range', class: 'slider', min: 0, step: 1 },
    ...{ 'aria-label': words.step, title: words.sliderTitle },
  });
  slider.addEventListener('input', () => goTo(slider.valueAsNumber));
  slider.addEventListener('keydown', (event) => {
    // By itself it would go on by a tenth of the sequence.
    if (event.key !== 'PageUp' && event.key !== 'PageDown') return;
    event.preventDefault();
    goTo(current.step + (event.key === 'PageDown' ? current.columns : -current.columns));
  });
  dragFinely(slider, () => current.step, goTo);
  return {
    element: slider,
    render(state) {
      current = state;
      const count = steps(state);
      slider.disabled = count < 2;
      setAttribute(slider, 'max', String(Math.max(0, count - 1)));
      slider.valueAsNumber = state.step;
      slider.style.setProperty('--fill', String(count > 1 ? state.step / (count - 1) : 0));
      // While it plays, a slider with the focus would speak at every step.
      if (state.playing) return;
      setAttribute(
        slider,
        'aria-valuetext',
        count ? announcement(state.step, tokenAt(state, state.step)) : null,
      );
    },
  };
}

/** With Shift, from where the playhead is: a step a pixel, which long sequences have more of than the slider has pixels. */
function dragFinely(slider: HTMLInputElement, step: () => number, goTo: (step: number) => void): void {
  // Without its default the press does not move the thumb under the pointer.
  slider.addEventListener('mousedown', (event) => {
    if (event.shiftKey) event.preventDefault();
  });
  slider.addEventListener('pointerdown', (event) => {
    if (!event.shiftKey || event.button !== 0 || slider.disabled) return;
    slider.focus();
    slider.setPointerCapture(event.pointerId);
    const from = step();
    const move = ({ clientX }: PointerEvent) => goTo(from + Math.round(clientX - event.clientX));
    const end = () => {
      slider.removeEventListener('pointermove', move);
      slider.removeEventListener('pointerup', end);
      slider.removeEventListener('pointercancel', end);
    };
    slider.addEventListener('pointermove', move);
    slider.addEventListener('pointerup', end);
    slider.addEventListener('pointercancel', end);
  });
}
