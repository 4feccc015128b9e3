/** How long the heat map takes to show what is chosen. */
import { median, percentile, type Row } from '../../bench/table';
import type { Panel, Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm } from './models';
import { closeAll } from './opening';

const UNITS = 1024;

/** Of the model that is open. */
export async function switching(workbench: Workbench): Promise<Row[]> {
  const panel = await workbench.panel('ready');
  const signals: number[] = [];
  const layers: number[] = [];
  for (const layer of ['0', '1', '2']) {
    layers.push(await panel.frame.evaluate(choose, { control: '.heatmap-layer', value: layer }));
    for (const signal of ['f', 'i', 'o', 'g', 'c', 'h']) {
      signals.push(await panel.frame.evaluate(choose, { control: '.heatmap-signal', value: signal }));
    }
  }
  const ms = (what: string, value: number): Row => ({ what, value, unit: 'ms', aim: 150 });
  return [
    ms(`heat map: another signal, median of ${signals.length}`, median(signals)),
    ms('  p95', percentile(signals, 0.95)),
    ms(`heat map: another layer, the longest of ${layers.length}`, Math.max(...layers)),
  ];
}

/** Runs in the panel: milliseconds from a choice in the heat map's head to the frame that shows it. */
function choose({ control, value }: { control: string; value: string }): Promise<number> {
  const element = document.querySelector<HTMLInputElement>(control)!;
  const section = document.querySelector<HTMLElement>('section[data-view="heatmap"]')!;
  const start = performance.now();
  element.value = value;
  element.dispatchEvent(new Event('change', { bubbles: true }));
  return new Promise((resolve) => {
    const look = () => {
      if (section.dataset.state === 'ready') resolve(performance.now() - start);
      else afterFrame();
    };
    const afterFrame = () => requestAnimationFrame(() => setTimeout(look));
    afterFrame();
  });
}

export async function similarity(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('wide.rnn.json', lstm({ steps: 256, units: UNITS }));
  await closeAll(workbench);
  await workbench.openFile('wide.rnn.json');
  const panel = await workbench.panel('ready');
  await runs(panel);
  const view = await panel.openView('heatmap');
  const start = Date.now();
  await view.getByRole('button', { name: 'Similarity' }).click();
  await view.and(panel.frame.locator('[data-order="similarity"][data-state="ready"]')).waitFor();
  return [
    { what: `order by similarity of ${UNITS} units`, value: Date.now() - start, unit: 'ms', aim: 1000 },
  ];
}

async function runs(panel: Panel): Promise<void> {
  const waits = panel.frame.locator('.run');
  if ((await panel.frame.locator('g[data-mean]').count()) === 0) await waits.click();
  await panel.hasRun();
}
