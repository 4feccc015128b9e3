/** What the network gives: the likeliest at the playhead, and over time beside what really came. */
import './output.css';
import type { Feature, Moment } from '../../feature';
import type { Asks } from '../../questions';
import { showsClasses, usualUnit } from '../../../src/picture/output/classes';
import { slice, type Chosen, type Own } from './state';
import { createOutput } from './view';
import { words } from './words';

const ICON = 'M2 2h1.2v12H2zM4.5 3h9v2.2h-9zM4.5 7h6v2.2h-6zM4.5 11h3v2.2h-3z';

export const output: Feature<Own, Chosen> = {
  name: 'output',
  region: 'dock',
  order: 50,
  slice,
  pane: {
    label: words.output,
    title: words.outputTitle,
    icon: ICON,
    offered: ({ scene }) => scene !== null,
  },
  asks,
  create: createOutput,
};

function asks({ state, own, answer }: Moment<Own>): Asks {
  const { run, scene, dock, step } = state;
  if (!run || !scene || !dock.open.includes(output.name)) return { output: null, next: null, forecast: null };
  const { trace } = run;
  const next = scene.network.input.kind === 'token' ? { trace } : null;
  // The tokens that came next are told whole; another output one unit at a time, at first the largest at the end.
  const predictsNext = next && answer('next').value?.length !== 0;
  const unit = own.unit ?? usualUnit(scene.network, run.top);
  const showsLikeliest = own.unit === null && showsClasses(scene.network, run);
  return {
    output: { trace, step },
    next,
    forecast: predictsNext || showsLikeliest ? null : { trace, unit, against: own.against },
  };
}
