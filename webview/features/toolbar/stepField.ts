/** "step 22 of 57": where the playhead is, counted from 1, and a field to go elsewhere. */
import type { Piece } from '../../feature';
import { steps, type State } from '../../shared/state';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { stepNamed } from './step';
import { words } from './words';

export function createStepField(goTo: (step: number) => void): Piece {
  let current: State;
  /** Whether what stands in the field is being changed. */
  let editing = false;
  const field = h('input', { type: 'number', class: 'step-field', min: 1, step: 1 });
  const total = h('span', { class: 'dim' });

  function show(): void {
    editing = false;
    const text = steps(current) ? String(current.step + 1) : '';
    if (field.value !== text) field.value = text;
  }

  field.addEventListener('input', () => (editing = true));
  field.addEventListener('change', () => {
    const step = stepNamed(field.value, steps(current));
    if (step !== null) goTo(step);
    show();
  });
  field.addEventListener('blur', show);
  field.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') show();
  });
  return {
    element: h('label', { class: 'position' }, h('span', { class: 'dim' }, words.stepOf), field, total),
    render(state) {
      current = state;
      const count = steps(state);
      field.disabled = count < 2;
      setAttribute(field, 'max', String(Math.max(1, count)));
      setAttribute(field, 'aria-label', fill(words.stepField, formatCount(count)));
      setAttribute(field, 'title', fill(words.stepField, formatCount(count)));
      field.style.width = `${3 + Math.max(2, String(count).length)}ch`;
      if (!editing) show();
      setText(total, fill(words.of, count ? formatCount(count) : '–'));
    },
  };
}
