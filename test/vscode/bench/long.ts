/** A million steps through 256 units: how long each look at them takes, and the memory of the extension host. */
import { readFileSync } from 'node:fs';
import type { Row } from '../../bench/table';
import type { Panel, Workbench } from '../workbench';
import { wav } from '../wav';
import type { Workspace } from '../workspace';
import { descendants, residentBytes } from '../processes';
import { lstm } from './models';
import { closeAll } from './opening';

const STEPS = 1_000_000;
const UNITS = 256;
const RATE = 48_000;
const SOUND = Int16Array.from({ length: STEPS }, (_, t) =>
  Math.round(20_000 * Math.sin(t / 17) * Math.sin(t / 90_000)),
);

export async function long(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('million.rnn.json', lstm({ steps: 8, units: UNITS }));
  workspace.write('million.wav', wav(SOUND, RATE));
  await closeAll(workbench);
  await workbench.openFile('million.rnn.json');
  const panel = await workbench.panel('ready');
  await panel.hasRun();
  await workbench.page.waitForTimeout(3000);
  const host = new Watch(hostProcess());
  const began = Date.now();
  await workbench.runCommand('Gatescope: Run Sample Sequence…');
  await workbench.pickEntry('Choose a file');
  await workbench.chooseFile(workspace.path('million.wav'));
  // A run that takes long is offered in part.
  const box = workbench.page.locator('.quick-input-widget');
  await box.locator('text=/million.wav has 1000000 steps/').waitFor();
  await workbench.answer(`0, ${STEPS}`);
  const footer = panel.frame.locator('footer', { hasText: 'ran 1,000,000 steps' });
  await footer.waitFor({ timeout: 600_000 });
  const ran = Date.now() - began;
  const rows: Row[] = [
    {
      what: `${STEPS} steps × ${UNITS} units: chosen, read, run and shown`,
      value: ran / 1000,
      unit: 's',
      aim: 60,
    },
    await timed('  the heat map of all of it', async () => void (await panel.openView('heatmap'))),
    await timed('  a step far away, with its card', () => lookAt(panel, 765_432)),
    await timed('  the memory from the last step, its first part', async () => {
      await panel.frame.locator('input[type="range"]').fill(String(STEPS - 1));
      await panel.openView('memory');
      await panel.frame.locator(`.lens[data-step="${STEPS - 1}"]:not(.stale)`).waitFor();
    }),
  ];
  await workbench.page.waitForTimeout(10_000);
  const { grown, most } = host.stop();
  return [
    ...rows,
    { what: '  memory of the host beyond what it had before', value: grown / 1e6, unit: 'MB', aim: 300 },
    { what: '  the most of it at any time', value: most / 1e6, unit: 'MB', aim: 300 },
  ];
}

async function timed(what: string, look: () => Promise<void>): Promise<Row> {
  const began = Date.now();
  await look();
  return { what, value: Date.now() - began, unit: 'ms', aim: 1000 };
}

async function lookAt(panel: Panel, step: number): Promise<void> {
  await panel.frame.locator('input[type="range"]').fill(String(step));
  await panel.hover({ layer: 'lstm1', signal: 'c', step });
}

/** The memory of a process, looked at again and again. */
class Watch {
  private readonly before: number;
  private most = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(private readonly pid: number) {
    this.before = residentBytes(pid);
    this.timer = setInterval(() => (this.most = Math.max(this.most, residentBytes(pid))), 250);
  }

  stop(): { readonly grown: number; readonly most: number } {
    clearInterval(this.timer);
    return { grown: residentBytes(this.pid) - this.before, most: this.most - this.before };
  }
}

function hostProcess(): number {
  return descendants(process.pid).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost'),
  )!;
}
