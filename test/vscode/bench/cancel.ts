/** From the click on Cancel, at any moment of a run that takes long, to a panel that is at rest. */
import { median, type Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm, type Shape } from './models';
import { closeAll } from './opening';

const SHAPE: Shape = { steps: 60_000, units: 512 };
/** Milliseconds into the run. */
const MOMENTS = [50, 150, 300, 450, 600, 800, 1000, 1200, 1500, 2000];

export async function cancel(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('cancel.rnn.json', lstm(SHAPE));
  await closeAll(workbench);
  await workbench.openFile('cancel.rnn.json');
  const panel = await workbench.panel('ready');
  const times: number[] = [];
  for (const moment of MOMENTS) {
    await panel.frame.locator('.run').click();
    await panel.reaches('running');
    await workbench.page.waitForTimeout(moment);
    times.push(await panel.frame.evaluate(fromClickToRest));
  }
  const what = `cancel a run of ${SHAPE.steps} × ${SHAPE.units}, at ${MOMENTS.length} moments of it: click to rest`;
  return [
    { what: `${what}, median`, value: median(times), unit: 'ms', aim: 100 },
    { what: '  longest', value: Math.max(...times), unit: 'ms', aim: 100 },
  ];
}

/** Runs in the panel. */
function fromClickToRest(): Promise<number> {
  const root = document.getElementById('root')!;
  const button = document.querySelector<HTMLElement>('[title="Cancel"]')!;
  const start = performance.now();
  button.click();
  return new Promise((resolve) => {
    const look = () => {
      if (root.dataset.state === 'running') return;
      observer.disconnect();
      resolve(performance.now() - start);
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { attributeFilter: ['data-state'] });
    look();
  });
}
