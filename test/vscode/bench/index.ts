/**
 * The panel in a real VS Code, in headless Chromium: how long a person waits, how much is loaded, what is kept. Run
 * `npm run compile` first.
 */
import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { printTable, type Row } from '../../bench/table';
import { ROOT } from '../paths';
import { openWorkbench } from '../workbench';
import { createWorkspace } from '../workspace';
import { attribution } from './attribution';
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

/** Names of the parts to measure; all where none is named. */
const wanted = process.argv.slice(2);

async function main(): Promise<void> {
  const workspace = createWorkspace();
  cpSync(join(ROOT, 'media/examples'), workspace.path('examples'), { recursive: true });
  const workbench = await openWorkbench({ folder: workspace.folder, extensionDevelopmentPath: ROOT });
  const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
    opening: () => opening(workbench, workspace),
    activation: async () => [await activation(workbench)],
    frames: () => frames(workbench, workspace),
    switching: () => switching(workbench),
    similarity: () => similarity(workbench, workspace),
    attribution: () => attribution(workbench, workspace),
    whatIf: () => whatIf(workbench, workspace),
    why: () => why(workbench, workspace),
    matches: () => matches(workbench, workspace),
    matrix: () => matrix(workbench, workspace),
    memory: () => memory(workbench, workspace),
    compare,
    long: () => long(workbench, workspace),
    sizes: async () => sizes(),
  };
  const rows: Row[] = [];
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      try {
        rows.push(...(await measure()));
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
