/** A run under way, with a way to stop it. Runs that end at once never show it. */
import './progress.css';
import type { Context, Feature, View } from '../../feature';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { words } from './words';

export const progress: Feature = { name: 'progress', region: 'stage', order: 30, create: createProgress };

function createProgress({ post }: Context): View {
  const title = h('span', { class: 'progress-title' });
  const count = h('span', { class: 'dim' });
  const bar = h('progress', { class: 'progress-bar' });
  const cancel = button({
    title: words.cancel,
    label: words.cancel,
    onClick: () => post({ type: 'cancel' }),
  });
  const element = h('div', { class: 'notice progress', hidden: true }, title, bar, count, cancel);
  return {
    elements: [element],
    render({ state: { running } }) {
      element.hidden = !running;
      if (!running) return;
      const { done, steps } = running;
      // Before it has been read, nobody knows how long it is.
      setText(title, fill(steps ? words.running : words.reading, running.title));
      setText(count, steps ? fill(words.runningSteps, formatCount(done), formatCount(steps)) : '');
      bar.max = Math.max(1, running.steps);
      bar.value = running.done;
    },
  };
}
