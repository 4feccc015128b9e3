/** What the file says of itself, and what the last run took. */
import type { Problem } from '../../src/model/problem';
import type { RunSummary } from '../../src/protocol';
import type { ColorScale } from '../diagram/scale';
import { h, icon, setAttribute, setText } from '../dom';
import { formatCount, formatDuration } from '../format';
import { icons } from '../icons';
import { lacksWeights } from '../state';
import { fill, strings } from '../strings';
import { layers } from '../summary';
import { createLegend } from './legend';
import type { View } from './view';

export function createFooter(reveal: (problem: Problem) => void, scale: () => ColorScale): View {
  const conventions = h('span', { class: 'badge' });
  const architecture = h('span', { class: 'architecture' });
  const parameters = h('span');
  const trained = h('span');
  const ran = h('span');
  const warnings = createWarnings(reveal);
  const legend = createLegend(scale);
  const weights = h('span', { class: 'weights' });
  const element = h(
    'footer',
    { class: 'footer' },
    conventions,
    architecture,
    parameters,
    trained,
    ran,
    warnings.element,
    h('div', { class: 'spring' }),
    legend.element,
    weights,
  );
  return {
    element,
    render(state) {
      const { scene, run } = state;
      warnings.render(state);
      legend.render(state);
      element.classList.toggle('empty', !scene);
      if (!scene) return;
      setText(conventions, scene.network.conventions.join(' · '));
      setText(architecture, layers(scene.network));
      setAttribute(architecture, 'title', layers(scene.network));
      setText(parameters, fill(strings.parameters, formatCount(scene.parameters)));
      setText(
        trained,
        lacksWeights(state) ? strings.weightsUnread : scene.trained ? strings.trained : strings.untrained,
      );
      setAttribute(trained, 'title', scene.trained ? null : strings.untrainedTitle);
      setText(ran, run ? ranInWords(run) : '');
      setText(weights, scene.weightsFile === scene.fileName ? '' : (scene.weightsFile ?? ''));
    },
  };
}

function ranInWords({ sequence, milliseconds }: RunSummary): string {
  const duration = formatDuration(milliseconds);
  if (sequence.steps === 1) return fill(strings.ranOne, duration);
  return fill(strings.ran, formatCount(sequence.steps), duration);
}

function createWarnings(reveal: (problem: Problem) => void): View {
  let first: Problem;
  const count = h('span');
  const element = h(
    'button',
    { type: 'button', class: 'warnings', hidden: true },
    icon(icons.warning),
    count,
  );
  element.addEventListener('click', () => reveal(first));
  return {
    element,
    render({ problems }) {
      const warnings = problems.filter(({ severity }) => severity === 'warning');
      element.hidden = warnings.length === 0;
      if (element.hidden) return;
      first = warnings[0];
      setText(count, warnings.length === 1 ? strings.warning : fill(strings.warnings, warnings.length));
      setAttribute(element, 'title', warnings.map(({ message }) => message).join('\n'));
    },
  };
}
