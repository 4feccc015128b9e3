/** What the file says of itself, and what the last run took. */
import type { Problem } from '../../src/model/problem';
import type { RunSummary, TakenInputs } from '../../src/protocol';
import { visible } from '../../src/unroll/mermaid';
import type { ColorScale } from '../colour/scale';
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
  const taken = h('span', { class: 'taken' });
  const runWarnings = createRunWarnings();
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
    taken,
    runWarnings.element,
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
      setText(taken, run?.sequence.taken ? takenInWords(run.sequence.taken) : '');
      setAttribute(taken, 'title', taken.textContent);
      runWarnings.render(state);
      setText(weights, scene.weightsFile === scene.fileName ? '' : (scene.weightsFile ?? ''));
    },
  };
}

function ranInWords({ sequence, milliseconds }: RunSummary): string {
  const duration = formatDuration(milliseconds);
  if (sequence.steps === 1) return fill(strings.ranOne, duration);
  return fill(strings.ran, formatCount(sequence.steps), duration);
}

function takenInWords({ layers: names, sample }: TakenInputs): string {
  return fill(strings.taken, names.map(visible).join(', '), visible(sample));
}

/** What was found in reading the sequence that ran. */
function createRunWarnings(): View {
  const words = h('span');
  const element = h('span', { class: 'run-warnings', hidden: true }, icon(icons.warning), words);
  return {
    element,
    render({ run }) {
      const warnings = run?.sequence.warnings ?? [];
      element.hidden = warnings.length === 0;
      if (element.hidden) return;
      const [first, ...others] = warnings;
      setText(words, others.length > 0 ? `${first} ${fill(strings.moreProblems, others.length)}` : first);
      setAttribute(element, 'title', warnings.join('\n'));
    },
  };
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
