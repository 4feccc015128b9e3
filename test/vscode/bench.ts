/**
 * The panel in a real VS Code, in headless Chromium: how long a person waits, and how much is loaded. Run
 * `npm run compile` first.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from './paths';
import { openWorkbench, type Panel, type Workbench } from './workbench';
import { createWorkspace } from './workspace';
import { median, percentile, printTable, type Row } from '../bench/table';

const STEPS = 1000;
const UNITS = 128;
const FEATURES = 16;
const OPENINGS = 5;
const HOVERS = 20;
const FRAMES = 240;

function model(steps: number): string {
  const row = (t: number) => Array.from({ length: FEATURES }, (_, k) => +Math.sin(t / (k + 2)).toFixed(4));
  return JSON.stringify({
    format: 'rnn-model',
    version: 1,
    name: 'Bench LSTM',
    input: { kind: 'vector', size: FEATURES },
    layers: [{ name: 'lstm', type: 'lstm', hidden_size: UNITS }],
    weights: { init: 'pytorch', seed: 1 },
    samples: [{ name: 'waves', values: Array.from({ length: steps }, (_, t) => row(t)) }],
  });
}

async function main(): Promise<void> {
  const workspace = createWorkspace();
  workspace.write('short.rnn.json', model(8));
  workspace.write('long.rnn.json', model(STEPS));
  const workbench = await openWorkbench({ folder: workspace.folder, extensionDevelopmentPath: ROOT });
  try {
    const rows = [
      ...(await openings(workbench)),
      ...(await loaded(workbench)),
      ...(await scrubbing(workbench)),
      ...(await hovering(workbench)),
      await activation(workbench),
      ...sizes(),
    ];
    printTable(`Panel: VS Code's server build in headless Chromium, ${cpus().length} cores`, rows);
  } finally {
    await workbench.close();
    workspace.remove();
  }
}

async function openings(workbench: Workbench): Promise<Row[]> {
  const times: number[] = [];
  for (let k = 0; k <= OPENINGS; k++) {
    let start = 0;
    await workbench.openFile('short.rnn.json', () => (start = Date.now()));
    const panel = await workbench.panel('loading', 'running', 'ready');
    times.push((await painted(panel)) - start);
    await panel.hasRun();
    if (k < OPENINGS) await workbench.runCommand('View: Close All Editors');
  }
  const [first, ...others] = times;
  return [
    { what: 'open to painted picture, 8 steps, first time', value: first, unit: 'ms', aim: 1500 },
    { what: `the same, median of ${OPENINGS} more`, value: median(others), unit: 'ms', aim: 1500 },
  ];
}

/** When the picture was painted, in milliseconds since 1970: the frame after the one in which it is there. */
async function painted(panel: Panel): Promise<number> {
  const time = await panel.frame.waitForFunction(
    () => document.querySelector('#root[data-state="ready"] g[data-signal]') && Date.now(),
  );
  return Number(await time.jsonValue());
}

/** The code that the panel had loaded when its picture was painted. */
async function loaded(workbench: Workbench): Promise<Row[]> {
  const panel = await workbench.panel('ready');
  const names = await panel.frame.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  );
  const files = new Map(
    filesBelow(join(ROOT, 'dist/webview')).map((file) => [basename(file), statSync(file).size]),
  );
  const fetched = new Set(
    names.map((name) => basename(new URL(name).pathname)).filter((name) => files.has(name)),
  );
  const code = [...fetched].filter((name) => /\.m?js$/.test(name));
  const total = code.reduce((sum, name) => sum + files.get(name)!, 0);
  return [
    { what: `webview code at first paint, ${code.length} files`, value: total / 1000, unit: 'kB', aim: 1200 },
  ];
}

async function scrubbing(workbench: Workbench): Promise<Row[]> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile('long.rnn.json');
  const panel = await workbench.panel('ready');
  // Too long to be run without being asked.
  await panel.frame.locator('.run').click();
  await panel.hasRun();
  const { intervals, busy } = await panel.frame.evaluate(scrub, { frames: FRAMES, steps: STEPS });
  return [
    {
      what: `scrub, ${STEPS} steps × ${UNITS} units: frame to frame, p50`,
      value: median(intervals),
      unit: 'ms',
      aim: 16.7,
    },
    { what: 'frame to frame, p95', value: percentile(intervals, 0.95), unit: 'ms', aim: 16.7 },
    {
      what: 'work in a frame (script, style, layout, paint), p50',
      value: median(busy),
      unit: 'ms',
      aim: 16.7,
    },
    { what: 'work in a frame, p95', value: percentile(busy, 0.95), unit: 'ms', aim: 16.7 },
  ];
}

/** Runs in the panel: moves the slider in every frame, as a fast drag does. */
function scrub({
  frames,
  steps,
}: {
  frames: number;
  steps: number;
}): Promise<{ intervals: number[]; busy: number[] }> {
  const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!;
  const intervals: number[] = [];
  const busy: number[] = [];
  const channel = new MessageChannel();
  let before = 0;
  let start = 0;
  return new Promise((resolve) => {
    // Comes after the frame's style, layout and paint.
    channel.port1.onmessage = () => busy.push(performance.now() - start);
    const frame = (now: number) => {
      if (before) intervals.push(now - before);
      before = now;
      if (intervals.length === frames) return resolve({ intervals, busy });
      requestAnimationFrame(frame);
      start = performance.now();
      channel.port2.postMessage(null);
      slider.valueAsNumber = (intervals.length * 37) % steps;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    };
    requestAnimationFrame(frame);
  });
}

async function hovering(workbench: Workbench): Promise<Row[]> {
  const panel = await workbench.panel('ready');
  const times: number[] = [];
  for (let k = 0; k < HOVERS; k++) times.push(await hover(workbench, panel, k));
  return [
    { what: `pointer to card with values, median of ${HOVERS}`, value: median(times), unit: 'ms', aim: 50 },
    { what: 'the same, p95', value: percentile(times, 0.95), unit: 'ms', aim: 50 },
  ];
}

async function hover(workbench: Workbench, panel: Panel, k: number): Promise<number> {
  await workbench.page.mouse.move(5, 5);
  await panel.card.waitFor({ state: 'hidden' });
  const time = await panel.frame.evaluateHandle(fromPointerToCard);
  const steps = await panel.steps();
  const signal = ['f', 'i', 'g', 'o', 'c', 'h'][k % 6];
  await panel.node({ layer: 'lstm', signal, step: steps[k % steps.length] }).hover();
  return time.evaluate(({ milliseconds }) => milliseconds);
}

/** Runs in the panel: milliseconds from the pointer's coming over a signal to the frame that shows its values. */
function fromPointerToCard(): { milliseconds: Promise<number> } {
  const milliseconds = new Promise<number>((resolve) => {
    document.addEventListener(
      'pointerover',
      () => {
        const start = performance.now();
        const look = () => {
          const card = document.querySelector(
            '[role="tooltip"]:not([hidden]) [data-values]:not([data-values=""])',
          );
          if (card) resolve(performance.now() - start);
          else afterFrame();
        };
        // A task after the frame's own callbacks: by then the frame is laid out, and about to be shown.
        const afterFrame = () => requestAnimationFrame(() => setTimeout(look));
        afterFrame();
      },
      { capture: true, once: true },
    );
  });
  return { milliseconds };
}

async function activation(workbench: Workbench): Promise<Row> {
  await workbench.runCommand('Developer: Show Running Extensions');
  const list = workbench.page.locator('.runtime-extensions-editor .monaco-list-rows');
  const row = list.locator('.extension', { hasText: 'Gatescope' });
  // Only the rows on screen exist: scroll from the end, where the quickest extensions are, until ours is there.
  await list.hover();
  await workbench.page.mouse.wheel(0, 100_000);
  for (let tries = 0; tries < 50 && (await row.count()) === 0; tries++) {
    await workbench.page.mouse.wheel(0, -200);
    await workbench.page.waitForTimeout(50);
  }
  const text = await row.locator('.activation-time').innerText();
  return {
    what: 'activation, as VS Code measures it',
    value: Number(/(\d+)\s*ms/.exec(text)?.[1]),
    unit: 'ms',
    aim: 30,
  };
}

function sizes(): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-bench-'));
  const vsix = join(folder, 'gatescope.vsix');
  execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: ROOT, stdio: 'pipe' });
  const size = (file: string) => statSync(file).size / 1000;
  const rows = [
    {
      what: 'host code loaded by activation',
      value: size(join(ROOT, 'dist/extension.js')),
      unit: 'kB',
      aim: 400,
    },
    { what: 'vsix', value: size(vsix), unit: 'kB', aim: 2000 },
  ];
  rmSync(folder, { recursive: true });
  return rows;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
