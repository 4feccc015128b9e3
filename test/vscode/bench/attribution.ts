/** How long a person waits for what mattered. */
import { median, type Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm } from './models';

const STEPS = 512;
const UNITS = 128;
/** Playheads that are gone to, each a step further back, so that none is known already. */
const TIMES = 5;

export async function attribution(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('attributed.rnn.json', lstm({ steps: STEPS, units: UNITS, features: 8 }));
  await workbench.openFile('attributed.rnn.json');
  const panel = await workbench.panel('ready');
  await panel.hasRun();
  await panel.openView('attribution');
  await panel.frame.locator('h1').click();
  await panel.press('End');
  const at = (step: number) =>
    panel.frame
      .locator(`section[data-view="attribution"][data-state="ready"][data-step="${step}"]`)
      .waitFor();
  await at(STEPS - 1);
  const taken: number[] = [];
  for (let k = 1; k <= TIMES; k++) {
    const began = performance.now();
    await panel.press('ArrowLeft');
    await at(STEPS - 1 - k);
    taken.push(performance.now() - began);
  }
  const what = `what mattered, 64 points over ${STEPS} steps × ${UNITS} units: from a key to the picture`;
  return [{ what, value: median(taken), unit: 'ms', aim: 1000 }];
}
