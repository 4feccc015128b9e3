/** Whether anything stands still while two large models are compared. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../bench/table';
import { ROOT } from '../paths';
import { openWorkbench, type Panel } from '../workbench';

/** 25 million weights of four bytes. */
const UNITS = 2500;
const FEATURES = 16;
const STEPS = 32;
const SEEDS = { 'big-a': 1, 'big-b': 2 } as const;

/** In a workbench of its own, whose extension host is listened to. */
export async function compare(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-compare-'));
  const stalls = join(folder, 'stalls.log');
  for (const [name, seed] of Object.entries(SEEDS)) writeModel(folder, name, seed);
  const options = { env: { GATESCOPE_STALLS: stalls }, extensionsDir: writeListener() };
  const workbench = await openWorkbench({ folder, extensionDevelopmentPath: ROOT }, options);
  try {
    await workbench.openFile('big-a.rnn.json');
    const panel = await workbench.panel('ready');
    if ((await panel.frame.locator('g[data-mean]').count()) === 0) await panel.frame.locator('.run').click();
    await panel.hasRun();
    await panel.frame.evaluate(listen);
    const began = Date.now();
    await workbench.runCommand('Gatescope: Compare With…');
    await workbench.pickEntry('Another model file');
    await workbench.chooseFile(join(folder, 'big-b.rnn.json'));
    const chosen = Date.now();
    await panel.frame.locator('[data-run="compared"] g[data-mean]').first().waitFor({ timeout: 300_000 });
    await differencesAreShown(panel);
    const took = Date.now() - chosen;
    const ofPage = await panel.frame.evaluate(() => (globalThis as unknown as Listening).longest);
    const megabytes = (4 * 4 * UNITS * (UNITS + FEATURES)) / 1e6;
    return [
      {
        what: `compare two models of ${megabytes.toFixed(0)} MB over ${STEPS} steps, from the file's choice on`,
        value: took,
        unit: 'ms',
        aim: 10_000,
      },
      { what: '  the longest stall of the panel', value: ofPage, unit: 'ms', aim: 50 },
      { what: '  and of the extension host', value: longestSince(stalls, began), unit: 'ms', aim: 50 },
    ];
  } finally {
    await workbench.close();
    for (const one of [folder, options.extensionsDir]) rmSync(one, { recursive: true, force: true });
  }
}

/** A folder of extensions with the one that listens. */
function writeListener(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-listener-'));
  const own = join(folder, 'bench.stalls-1.0.0');
  mkdirSync(own);
  const manifest = {
    ...{ name: 'stalls', publisher: 'bench', version: '1.0.0', engines: { vscode: '*' } },
    ...{ main: './stalls.js', activationEvents: ['*'], extensionKind: ['workspace'] },
  };
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest));
  copyFileSync(join(ROOT, 'test/vscode/bench/stalls.js'), join(own, 'stalls.js'));
  return folder;
}

async function differencesAreShown(panel: Panel): Promise<void> {
  await panel.frame
    .locator('section[data-view="differences"][data-state="ready"] [data-signal-row]')
    .first()
    .waitFor();
}

interface Listening {
  longest: number;
}

/** Runs in the panel. */
function listen(): void {
  const heard = globalThis as unknown as Listening;
  heard.longest = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    heard.longest = Math.max(heard.longest, now - last - 5);
    last = now;
  }, 5);
}

/** 0 where nothing was worth writing down. */
function longestSince(file: string, began: number): number {
  if (!existsSync(file)) throw new Error('nobody listened to the extension host');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const stalls = lines.map((line) => line.split(' ').map(Number));
  return Math.max(0, ...stalls.filter(([at]) => at >= began).map(([, stall]) => stall));
}

/** An LSTM and a head in PyTorch's names, with made-up weights. */
function writeModel(folder: string, name: string, seed: number): void {
  const model = {
    format: 'rnn-model',
    version: 1,
    name,
    input: { kind: 'vector', size: FEATURES },
    layers: [
      { name: 'lstm', type: 'lstm', hidden_size: UNITS },
      { name: 'fc', type: 'linear', out_features: 1 },
    ],
    weights: { file: `${name}.safetensors` },
    samples: [
      {
        name: 'waves',
        values: Array.from({ length: STEPS }, (_, t) =>
          Array.from({ length: FEATURES }, (_, k) => Math.sin(t / (k + 2))),
        ),
      },
    ],
  };
  writeFileSync(join(folder, `${name}.rnn.json`), JSON.stringify(model));
  const shapes = {
    'lstm.weight_ih_l0': [4 * UNITS, FEATURES],
    'lstm.weight_hh_l0': [4 * UNITS, UNITS],
    'lstm.bias_ih_l0': [4 * UNITS],
    'lstm.bias_hh_l0': [4 * UNITS],
    'fc.weight': [1, UNITS],
    'fc.bias': [1],
  };
  let offset = 0;
  const sizes = Object.values(shapes).map((shape) => shape.reduce((size, extent) => size * extent, 1));
  const header = Object.entries(shapes).map(([tensor, shape], k) => {
    const from = offset;
    offset += 4 * sizes[k];
    return [tensor, { dtype: 'F32', shape, data_offsets: [from, offset] }] as const;
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(join(folder, `${name}.safetensors`), 'w');
  for (const part of [length, text]) writeSync(file, part);
  let state = seed;
  for (const size of sizes) {
    const values = Float32Array.from({ length: size }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state / 2 ** 32 - 0.5) / 25;
    });
    writeSync(file, new Uint8Array(values.buffer));
  }
  closeSync(file);
}
