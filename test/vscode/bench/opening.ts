/** How long it takes until a model is seen. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { median, type Row } from '../../bench/table';
import { ROOT } from '../paths';
import type { Panel, Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm } from './models';

const OPENINGS = 5;
const LONG = { steps: 200_000, units: 16 };

export async function opening(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('short.rnn.json', lstm({ steps: 8, units: 128, features: 16 }));
  const times: number[] = [];
  for (let k = 0; k <= OPENINGS; k++) {
    times.push(await opened(workbench, 'short.rnn.json'));
    if (k < OPENINGS) await closeAll(workbench);
  }
  const [first, ...others] = times;
  return [
    { what: 'open to painted picture, 8 steps, first time', value: first, unit: 'ms', aim: 1500 },
    { what: `the same, median of ${OPENINGS} more`, value: median(others), unit: 'ms', aim: 1000 },
    ...loaded(await names(workbench)),
    ...(await examples(workbench)),
    await long(workbench, workspace),
  ];
}

async function examples(workbench: Workbench): Promise<Row[]> {
  const files = readdirSync(join(ROOT, 'media/examples')).filter((file) => file.endsWith('.rnn.json'));
  const rows: Row[] = [];
  for (const file of files) {
    const times: number[] = [];
    for (let k = 0; k < 3; k++) {
      await closeAll(workbench);
      times.push(await opened(workbench, `examples/${file}`));
    }
    rows.push({ what: `open to painted, ${file}, median of 3`, value: median(times), unit: 'ms', aim: 1000 });
  }
  return rows;
}

async function long(workbench: Workbench, workspace: Workspace): Promise<Row> {
  workspace.write('long.rnn.json', lstm(LONG));
  await closeAll(workbench);
  const value = await opened(workbench, 'long.rnn.json');
  return { what: `open to painted, ${LONG.steps} steps × ${LONG.units} units`, value, unit: 'ms', aim: 3000 };
}

export async function closeAll(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
}

/** Milliseconds from the choice of a file to the frame in which its picture is there. */
async function opened(workbench: Workbench, file: string): Promise<number> {
  let start = 0;
  await workbench.openFile(file, () => (start = Date.now()));
  const panel = await workbench.panel('loading', 'running', 'ready');
  const end = await painted(panel);
  await panel.reaches('ready');
  return end - start;
}

/** When the picture was painted, in milliseconds since 1970: the frame after the one in which it is there. */
async function painted(panel: Panel): Promise<number> {
  const time = await panel.frame.waitForFunction(
    () => document.querySelector('#root[data-state="ready"] g[data-signal]') && Date.now(),
  );
  return Number(await time.jsonValue());
}

async function names(workbench: Workbench): Promise<string[]> {
  const panel = await workbench.panel('ready');
  return panel.frame.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
}

/** The code that the panel had loaded when its picture was painted. */
function loaded(fetchedNames: readonly string[]): Row[] {
  const files = new Map(
    filesBelow(join(ROOT, 'dist/webview')).map((file) => [basename(file), statSync(file).size]),
  );
  const fetched = new Set(
    fetchedNames.map((name) => basename(new URL(name).pathname)).filter((name) => files.has(name)),
  );
  const code = [...fetched].filter((name) => /\.m?js$/.test(name));
  const total = code.reduce((sum, name) => sum + files.get(name)!, 0);
  return [
    { what: `webview code at first paint, ${code.length} files`, value: total / 1000, unit: 'kB', aim: 1200 },
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
