/** Whether what is closed is let go: the memory of the browser and of the host over many models. */
import type { Row } from '../../bench/table';
import { descendants, residentBytes } from '../processes';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm } from './models';
import { closeAll } from './opening';

const FEW = 10;
const MANY = 50;

export async function memory(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  let after = 0;
  for (let k = 1; k <= MANY; k++) {
    const name = `model${k}.rnn.json`;
    workspace.write(name, lstm({ steps: 40, units: 64 }));
    await workbench.openFile(name);
    await (await workbench.panel('ready')).hasRun();
    await closeAll(workbench);
    if (k === FEW) after = await settled(workbench);
  }
  const grown = (await settled(workbench)) - after;
  return [
    {
      what: `memory of browser and host, models ${FEW + 1} to ${MANY}: grown by`,
      value: grown / 1e6,
      unit: 'MB',
      aim: 50,
    },
  ];
}

/** Bytes of all that this process started, after the browser has collected its garbage. */
async function settled({ page, context }: Workbench): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  await page.waitForTimeout(3000);
  return descendants(process.pid).reduce((sum, pid) => sum + residentBytes(pid), 0);
}
