/** How long a person waits for the places like the chosen steps, in a million of them whose trace is held. */
import { median, type Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import { wav } from '../wav';
import type { Workspace } from '../workspace';
import { lstm } from './models';
import { closeAll } from './opening';

const STEPS = 1_000_000;
/** Of more the trace is not held. */
const UNITS = 4;
const RATE = 48_000;
const THRESHOLD = 0.02;
/** Of the chosen steps, counted from 1: the last of them is moved on, so that no answer is known already. */
const FIRST = 500_001;
const TIMES = 5;

export async function matches(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  const sound = Int16Array.from({ length: STEPS }, (_, t) => Math.round(20_000 * Math.sin(t / 17)));
  workspace.write('searched.rnn.json', lstm({ steps: 8, units: UNITS }));
  workspace.write('searched.wav', wav(sound, RATE));
  await closeAll(workbench);
  await workbench.openFile('searched.rnn.json');
  const panel = await workbench.panel('ready');
  await panel.hasRun();
  await panel.node({ layer: 'lstm1', signal: 'c', step: 1 }).click();
  await panel.press('Escape');
  await workbench.runCommand('Gatescope: Run Sample Sequence…');
  await workbench.pickEntry('Choose a file');
  await workbench.chooseFile(workspace.path('searched.wav'));
  const ran = panel.frame.locator('footer', { hasText: 'ran 1,000,000 steps' });
  await ran.waitFor({ timeout: 120_000 });
  await workbench.runCommand('Gatescope: Show Matches');
  const view = panel.view('matches');
  const threshold = view.getByRole('spinbutton', { name: 'Threshold' });
  const fill = async (name: RegExp, step: number) => {
    const field = view.getByRole('spinbutton', { name });
    await field.fill(String(step));
    await field.press('Enter');
  };
  const found = (from: number, to: number) =>
    panel.frame
      .locator(
        `section[data-view="matches"][data-from="${from - 1}"][data-to="${to - 1}"]:is([data-state="ready"], [data-state="empty"])`,
      )
      .waitFor();
  await fill(/^The first/, FIRST);
  await threshold.fill(String(THRESHOLD));
  await threshold.press('Enter');
  await found(FIRST, FIRST);
  const taken: number[] = [];
  for (let k = 1; k <= TIMES; k++) {
    const began = performance.now();
    await fill(/^The last/, FIRST + k);
    await found(FIRST, FIRST + k);
    taken.push(performance.now() - began);
  }
  const places = await view.getAttribute('data-found');
  const what = `places like the chosen steps in ${STEPS} steps × ${UNITS} units, ${places} of them: from Enter to the list`;
  return [{ what, value: median(taken), unit: 'ms', aim: 1000 }];
}
