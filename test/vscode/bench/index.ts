/**
 * The panel in a real VS Code, in headless Chromium: how long a person waits, how much is loaded, what is kept. Run
 * `npm run compile` first.
 */
import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { printTable, type Row } from '../../bench/table';
import { ROOT } from '../paths';
import { openWorkbench, type Workbench } from '../workbench';
import { createWorkspace, type Workspace } from '../workspace';
import { attribution } from './attribution';
import { cancel } from './cancel';
import { compare } from './compare';
import { activation, sizes } from './extension';
import { frames } from './frames';
import { similarity, switching } from './heatmap';
import { long } from './long';
import { matches } from './matches';
import { matrix } from './matrix';
import { memory } from './memory';
import { opening } from './opening';
import { whatIf } from './whatIf';
import { why } from './why';

const PARTS: Readonly<Record<string, (workbench: Workbench, workspace: Workspace) => Promise<Row[]>>> = {
  opening,
  activation: async (workbench) => [await activation(workbench)],
  frames,
  switching,
  similarity,
  attribution,
  whatIf,
  why,
  matches,
  matrix,
  memory,
  compare,
  cancel,
  long,
  sizes: async () => sizes(),
};

/** Names of the parts to measure; all where none is named. */
const wanted = process.argv.slice(2);

async function main(): Promise<void> {
  const unknown = wanted.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new RangeError(`unknown part ${unknown.join(', ')}: expected ${Object.keys(PARTS).join(' or ')}`);
  }
  const workspace = createWorkspace();
  cpSync(join(ROOT, 'media/examples'), workspace.path('examples'), { recursive: true });
  const workbench = await openWorkbench({ folder: workspace.folder, extensionDevelopmentPath: ROOT });
  const rows: Row[] = [];
  try {
    for (const [name, measure] of Object.entries(PARTS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      try {
        rows.push(...(await measure(workbench, workspace)));
      } catch (error) {
        console.error(`${name} could not be measured:`, error);
        process.exitCode = 1;
      }
    }
    printTable(`Panel: VS Code's server build in headless Chromium, ${cpus().length} cores`, rows);
  } finally {
    await workbench.close();
    workspace.remove();
  }
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
