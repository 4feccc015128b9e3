/** What the file says of itself, what the last run took, and what the colours mean. */
import './footer.css';
import type { Problem } from '../../../src/model/problem';
import type { RunSummary, TakenInputs } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import type { Context, Feature, Piece, View } from '../../feature';
import { layers } from '../../../src/words/summary';
import { common, fill } from '../../shared/words';
import { h, icon, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatDuration } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { createLegend } from './legend';
import { createRunsLegend } from './runsLegend';
import { words } from './words';

export const footer: Feature = { name: 'footer', region: 'foot', order: 10, create: createFooter };

function createFooter({ post, scale, alone }: Context): View {
  const conventions = h('span', { class: 'badge' });
  const architecture = h('span', { class: 'architecture' });
  const parameters = h('span', { class: 'parameters' });
  const trained = h('span', { class: 'trained' });
  const ran = h('span');
  const taken = h('span', { class: 'taken' });
  const runWarnings = createRunWarnings();
  const warnings = createWarnings((problem) => post({ type: 'reveal', problem }));
  const offer = createOffer(post);
  const runs = createRunsLegend();
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
    ...(alone ? [] : [offer.element]),
    h('div', { class: 'spring' }),
    runs.element,
    legend.element,
    weights,
  );
  return {
    elements: [element],
    render({ state }) {
      const { scene, run } = state;
      warnings.render(state);
      legend.render(state);
      runs.render(state);
      offer.render(state);
      element.classList.toggle('empty', !scene);
      if (!scene) return;
      setText(conventions, scene.network.conventions.join(' · '));
      setText(architecture, layers(scene.network));
      setAttribute(architecture, 'title', layers(scene.network));
      setText(parameters, fill(words.parameters, formatCount(scene.parameters)));
      setText(
        trained,
        scene.lacksWeights ? words.weightsUnread : scene.trained ? words.trained : common.untrained,
      );
      setAttribute(trained, 'title', scene.trained ? null : common.untrainedTitle);
      setText(ran, run ? ranInWords(run) : '');
      setText(taken, run?.sequence.taken ? takenInWords(run.sequence.taken) : '');
      setAttribute(taken, 'title', taken.textContent);
      runWarnings.render(state);
      setText(weights, scene.weightsFile === scene.fileName ? '' : (scene.weightsFile ?? ''));
    },
  };
}

/** The examples of one task, learnt by three cells. */
const TRIO = /^recall-(rnn|lstm|gru)\.rnn\.json$/;

/** What those who open one of them should see first. */
function createOffer(post: Context['post']): Piece {
  const element = h(
    'button',
    { type: 'button', class: 'offer', title: words.compareCellsTitle },
    words.compareCells,
  );
  element.addEventListener('click', () => post({ type: 'compareCells' }));
  return {
    element,
    render: ({ scene, compared }) => {
      element.hidden = !scene || compared !== null || !TRIO.test(scene.fileName);
    },
  };
}

function ranInWords({ sequence, milliseconds }: RunSummary): string {
  const duration = formatDuration(milliseconds);
  if (sequence.steps === 1) return fill(words.ranOne, duration);
  return fill(words.ran, formatCount(sequence.steps), duration);
}

function takenInWords({ layers: names, sample }: TakenInputs): string {
  return fill(words.taken, names.map(visible).join(', '), visible(sample));
}

/** What was found in reading the sequence that ran. */
function createRunWarnings(): Piece {
  const text = h('span');
  const element = h('span', { class: 'run-warnings', hidden: true }, icon(icons.warning), text);
  return {
    element,
    render({ run }) {
      const warnings = run?.sequence.warnings ?? [];
      element.hidden = warnings.length === 0;
      if (element.hidden) return;
      const [first, ...others] = warnings;
      setText(text, others.length > 0 ? `${first} ${fill(common.moreProblems, others.length)}` : first);
      setAttribute(element, 'title', warnings.join('\n'));
    },
  };
}

function createWarnings(reveal: (problem: Problem) => void): Piece {
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
      setText(count, warnings.length === 1 ? words.warning : fill(words.warnings, warnings.length));
      setAttribute(element, 'title', warnings.map(({ message }) => message).join('\n'));
    },
  };
}
