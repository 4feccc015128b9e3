/** How long after a click on a gate it is said why. */
import { median, percentile, type Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm, type Shape } from './models';
import { closeAll } from './opening';

const SHAPE: Shape = { steps: 1000, units: 512, layers: 2, features: 16 };
const CLICKS = 24;

export async function why(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('why.rnn.json', lstm(SHAPE));
  await closeAll(workbench);
  await workbench.openFile('why.rnn.json');
  const panel = await workbench.panel('ready');
  if (!(await panel.frame.locator('g[data-mean]').first().isVisible())) {
    await panel.frame.locator('.run').click();
  }
  await panel.hasRun();
  await panel.openView('why');
  const times = await panel.frame.evaluate(clicking, CLICKS);
  const what = `why, from a click to the bars, ${SHAPE.steps} steps × ${SHAPE.units} units × ${SHAPE.layers} layers`;
  return [
    { what: `${what}, median`, value: median(times), unit: 'ms', aim: 100 },
    { what: '  the longest', value: percentile(times, 1), unit: 'ms', aim: 100 },
  ];
}

/** Runs in the panel: clicks one gate after another. */
async function clicking(clicks: number): Promise<number[]> {
  const section = document.querySelector<HTMLElement>('section[data-view="why"]')!;
  // Each of its own: what was asked before is known.
  const gates = [...document.querySelectorAll<SVGGElement>('g[data-signal][data-mean]')].filter(
    ({ dataset }) => ['f', 'i', 'g', 'o', 'c', 'h'].includes(dataset.signal!),
  );
  const times: number[] = [];
  for (let k = 0; k < clicks; k++) {
    const gate = gates[k];
    const { signal, step } = gate.dataset;
    const begun = performance.now();
    gate.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    const deadline = begun + 5000;
    const shown = section.dataset;
    const there = () => shown.signal === signal && shown.step === step && shown.state === 'ready';
    while (!there() && performance.now() < deadline) await new Promise(requestAnimationFrame);
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return times;
}
