/** A run under way, with a way to stop it. Runs that end at once never show it. */
import { h, setText } from '../dom';
import { formatCount } from '../format';
import { fill, strings } from '../strings';
import { button } from '../toolkit';
import type { Commands, View } from './view';

export function createProgress(commands: Commands): View {
  const title = h('span', { class: 'progress-title' });
  const count = h('span', { class: 'dim' });
  const bar = h('progress', { class: 'progress-bar' });
  const cancel = button({ title: strings.cancel, label: strings.cancel, onClick: commands.cancel });
  const element = h('div', { class: 'notice progress', hidden: true }, title, bar, count, cancel);
  return {
    element,
    render({ running }) {
      element.hidden = !running;
      if (!running) return;
      setText(title, fill(strings.running, running.title));
      setText(count, fill(strings.runningSteps, formatCount(running.done), formatCount(running.steps)));
      bar.max = Math.max(1, running.steps);
      bar.value = running.done;
    },
  };
}
