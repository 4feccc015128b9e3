/**
 * A monkey in the real VS Code: `npm run soak -- --actions 5000 --seed 1`. Opens, edits, runs, scrubs, selects, asks what
 * if, compares, exports, closes and reloads, all chosen by the seed. Prints errors of the log, states that nothing ends,
 * and how listeners and memory grow; exit code 1 if there were errors or such states.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { random, type Random } from '../../src/model/random';
import { ROOT } from './paths';
import { descendants, residentBytes } from './processes';
import { openWorkbench, type Panel, type Workbench } from './workbench';
import { createWorkspace, type Workspace } from './workspace';

/** How long a panel may be busy with anything: all models are small. */
const STUCK_MILLISECONDS = 30_000;
const ROW_EVERY = 50;

interface Scene {
  readonly workbench: Workbench;
  readonly workspace: Workspace;
  readonly models: readonly string[];
  readonly source: Random;
}

type Act = (scene: Scene, panel: Panel) => Promise<unknown>;

const below = (source: Random, end: number) => Math.floor(source.uniform() * end);
const pick = <T>(source: Random, values: readonly T[]): T => values[below(source, values.length)];

const KEYS = ['Home', 'End', 'ArrowRight', 'ArrowLeft', 'PageDown', 'PageUp', 'Escape', '?', 'Escape'];

async function clickOneOf({ source }: Scene, panel: Panel, selector: string): Promise<void> {
  const all = panel.frame.locator(selector);
  const count = await all.count();
  if (count > 0) await all.nth(below(source, count)).click({ timeout: 3000, force: true });
}

const ACTS: Readonly<Record<string, Act>> = {
  open: ({ workbench, models, source }) => workbench.openFile(pick(source, models)),
  run: (_, panel) => panel.frame.getByTitle('Run the network').click({ timeout: 3000 }),
  scrub: async ({ source }, panel) => {
    await panel.frame.locator('h1').click({ timeout: 3000 });
    for (let keys = 1 + below(source, 8); keys > 0; keys--) await panel.press(pick(source, KEYS));
  },
  select: (scene, panel) => clickOneOf(scene, panel, 'g[data-signal]'),
  view: (scene, panel) => clickOneOf(scene, panel, 'vscode-button[aria-controls^="view-"]'),
  'heat map': (scene, panel) => clickOneOf(scene, panel, 'section[data-view="heatmap"] canvas'),
  'what if': async (scene, panel) => {
    await clickOneOf(scene, panel, 'g[data-signal="f"], g[data-signal="z"], g[data-signal="h"]');
    await clickOneOf(scene, panel, '.card-what-if vscode-button, .card-what-if button');
  },
  undo: ({ workbench, source }) =>
    workbench.runCommand(pick(source, ['Gatescope: Undo What-If', 'Gatescope: Redo What-If'])),
  compare: (_, panel) => panel.say({ type: 'compareCells' }),
  'end of compare': (_, panel) => panel.say({ type: 'endCompare' }),
  export: async ({ workbench }) => {
    await workbench.runCommand('Gatescope: Export…');
    await workbench.page.keyboard.press('Escape');
  },
  copy: ({ workbench }) => workbench.runCommand('Gatescope: Copy Diagram as Mermaid'),
  edit: async ({ workspace, models, source }) => {
    const name = pick(source, models);
    const text = readFileSync(workspace.path(name), 'utf8');
    // Read as text, broken and mended, or with another name.
    const changed = pick(source, [text, text.slice(0, -20), text.replace(/"name": "/, '"name": "m')]);
    workspace.write(name, changed);
  },
  close: ({ workbench }) => workbench.runCommand('View: Close All Editors'),
  reload: ({ workbench }) => workbench.reload(),
};

/** How often each is chosen, of all. */
const OFTEN: Readonly<Record<string, number>> = {
  open: 8,
  scrub: 16,
  select: 16,
  view: 8,
  reload: 0.5,
  close: 2,
};

function chosen(source: Random): string {
  const names = Object.keys(ACTS);
  const weights = names.map((name) => OFTEN[name] ?? 3);
  let left = source.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  return names.find((_, k) => (left -= weights[k]) < 0) ?? 'scrub';
}

interface Grown {
  readonly listeners: number;
  readonly nodes: number;
  readonly heap: number;
  readonly resident: number;
}

async function grown({ page, context }: Workbench): Promise<Grown> {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  const resident = descendants(process.pid).reduce((sum, pid) => sum + residentBytes(pid), 0);
  const [listeners, nodes, heap] = [metric('JSEventListeners'), metric('Nodes'), metric('JSHeapUsedSize')];
  return { listeners, nodes, heap, resident };
}

function row(done: number, { listeners, nodes, heap, resident }: Grown): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`.padStart(9);
  const counts = [done, listeners, nodes].map((count) => String(count).padStart(10)).join('');
  return `${counts}${megabytes(heap)}${megabytes(resident)}`;
}

/** What the panel on screen is doing that does not end; undefined if it comes to rest, or there is none. */
async function stuckAt({ page }: Workbench): Promise<string | undefined> {
  const deadline = Date.now() + STUCK_MILLISECONDS;
  for (;;) {
    const busy: string[] = [];
    for (const frame of page.frames()) {
      const state = await frame
        .evaluate(() => {
          const root = document.querySelector('#root[data-state]');
          return root && root.getClientRects().length > 0 ? root.getAttribute('data-state') : null;
        })
        .catch(() => null);
      if (state === 'loading' || state === 'running') busy.push(state);
    }
    if (busy.length === 0) return undefined;
    if (Date.now() > deadline) return busy.join(', ');
    await page.waitForTimeout(50);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { actions: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
  });
  const [actions, seed] = [Number(values.actions), Number(values.seed)];
  const workspace = createWorkspace();
  cpSync(join(ROOT, 'media/examples'), workspace.folder, { recursive: true });
  const models = readdirSync(workspace.folder).filter((name) => name.endsWith('.rnn.json'));
  const workbench = await openWorkbench({ folder: workspace.folder, extensionDevelopmentPath: ROOT });
  const scene: Scene = { workbench, workspace, models, source: random(seed) };
  let [faults, missed] = [0, 0];
  let last = 'start';
  const fault = (what: string) => {
    faults++;
    console.error(`after ${last}: ${what}`);
  };
  workbench.page.on('pageerror', (error) => fault(error.message));
  workbench.page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /gatescope/i.test(`${text} ${message.location().url}`))
      fault(text.slice(0, 300));
  });
  console.log(
    `seed ${seed}, ${actions} actions\n${'actions'.padStart(10)} listeners     nodes     heap  resident`,
  );
  await workbench.openFile(models[0]);
  console.log(row(0, await grown(workbench)));
  for (let done = 1; done <= actions; done++) {
    const name = chosen(scene.source);
    last = `${name} (${done})`;
    try {
      const shown = name === 'open' || name === 'reload' ? undefined : await shownPanel(workbench);
      const needs = !['open', 'edit', 'close', 'reload'].includes(name);
      if (needs && !shown) await ACTS.open(scene, undefined as never);
      else await ACTS[name](scene, shown as Panel);
    } catch {
      // What is to be clicked may be covered, or gone with a panel that changes: nobody is harmed.
      missed++;
    }
    const stuck = await stuckAt(workbench);
    if (stuck) fault(`still ${stuck} after ${STUCK_MILLISECONDS / 1000} s`);
    if (done % ROW_EVERY === 0) console.log(row(done, await grown(workbench)));
  }
  await workbench.runCommand('View: Close All Editors');
  console.log(`${row(actions, await grown(workbench))}  all closed`);
  await workbench.close();
  workspace.remove();
  console.log(
    `\n${actions} actions, ${missed} of them missed, ${faults} errors or stuck states (seed ${seed})`,
  );
  return faults === 0 ? 0 : 1;
}

/** The panel on screen, if there is one. */
async function shownPanel(workbench: Workbench): Promise<Panel | undefined> {
  const count = await workbench.page.locator('.editor-instance iframe, iframe.webview').count();
  return count > 0 ? workbench.panel('ready', 'error').catch(() => undefined) : undefined;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
