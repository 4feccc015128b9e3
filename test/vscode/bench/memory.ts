/** Whether what is closed is let go: the memory of the browser and of the host over many models. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Row } from '../../bench/table';
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

export function descendants(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

/** From /proc/PID/stat: the second field behind the name in parentheses (proc(5)). */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return -1; // It has ended.
  }
}

/** The private part: what processes share is not counted once for each. */
export function residentBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].map(([, count]) => Number(count));
    return kilobytes.reduce((sum, count) => sum + count, 0) * 1024;
  } catch {
    return 0;
  }
}
