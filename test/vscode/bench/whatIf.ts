/** From the click on what-if to the changed run in the picture. */
import { median, percentile, type Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { layerName, lstm, type Shape } from './models';
import { closeAll } from './opening';

const SHAPE: Shape = { steps: 1000, units: 128, features: 16 };
const TIMES = 10;

export async function whatIf(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('whatif.rnn.json', lstm(SHAPE));
  await closeAll(workbench);
  await workbench.openFile('whatif.rnn.json');
  const panel = await workbench.panel('ready');
  const run = panel.frame.locator('.run');
  if ((await panel.frame.locator('g[data-mean]').count()) === 0) await run.click();
  await panel.hasRun();
  const address = { layer: layerName(0), signal: 'f', step: 2 };
  const times: number[] = [];
  for (let k = 0; k < TIMES; k++) {
    await panel.hover(address);
    times.push(await panel.frame.evaluate(fromClickToPicture));
    await panel.frame.locator('.what-if vscode-button', { hasText: 'Clear' }).click();
    await panel.frame.locator('g[data-change]').first().waitFor({ state: 'detached' });
  }
  const { steps, units } = SHAPE;
  const what = `what if a forget gate stays open, ${steps} × ${units}: click to picture`;
  return [
    { what: `${what}, median of ${TIMES}`, value: median(times), unit: 'ms', aim: 150 },
    { what: '  p95', value: percentile(times, 0.95), unit: 'ms', aim: 150 },
  ];
}

/** Runs in the panel. */
function fromClickToPicture(): Promise<number> {
  const buttons = [...document.querySelectorAll<HTMLElement>('.card vscode-button')];
  const open = buttons.find((button) => button.textContent?.includes('stays open'))!;
  const start = performance.now();
  open.click();
  return new Promise((resolve) => {
    const frame = () => {
      if (document.querySelector('g[data-change]')) resolve(performance.now() - start);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
