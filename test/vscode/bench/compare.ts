/** Whether anything stands still while two large models are compared. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../bench/table';
import { ROOT } from '../paths';
import { openWorkbench, type Panel } from '../workbench';
import { freePort, type Stall, stallsOfHost, stallsOfPanel } from './stalls';

/** 25 million weights of four bytes. */
const UNITS = 2500;
const FEATURES = 16;
const STEPS = 32;
const SEEDS = { 'big-a': 1, 'big-b': 2 } as const;

/** In a workbench of its own, whose extension host is listened to. */
export async function compare(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-compare-'));
  for (const [name, seed] of Object.entries(SEEDS)) writeModel(folder, name, seed);
  const inspectExtensions = await freePort();
  const workbench = await openWorkbench({ folder, extensionDevelopmentPath: ROOT, inspectExtensions });
  try {
    await workbench.openFile('big-a.rnn.json');
    const panel = await workbench.panel('ready');
    if ((await panel.frame.locator('g[data-mean]').count()) === 0) await panel.frame.locator('.run').click();
    await panel.hasRun();
    await workbench.runCommand('Gatescope: Compare With…');
    await workbench.pickEntry('Another model file');
    const listeners = [await stallsOfPanel(workbench, panel), await stallsOfHost(inspectExtensions)];
    await workbench.chooseFile(join(folder, 'big-b.rnn.json'));
    const chosen = Date.now();
    await panel.frame.locator('[data-run="compared"] g[data-mean]').first().waitFor({ timeout: 300_000 });
    await differencesAreShown(panel);
    const took = Date.now() - chosen;
    const [ofPanel, ofHost] = await Promise.all(listeners.map(async (stalls) => longest(await stalls.end())));
    const megabytes = (4 * 4 * UNITS * (UNITS + FEATURES)) / 1e6;
    return [
      {
        what: `compare two models of ${megabytes.toFixed(0)} MB over ${STEPS} steps, from the file's choice on`,
        ...{ value: took, unit: 'ms', aim: 10_000 },
      },
      { what: stallOf('panel', ofPanel), value: ofPanel.own, unit: 'ms', aim: 50 },
      { what: stallOf('extension host', ofHost), value: ofHost.own, unit: 'ms', aim: 50 },
    ];
  } finally {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By its own work; with the rest, which is waiting for others on a busy machine, as it was at worst. */
function longest(stalls: readonly Stall[]): Stall {
  return {
    own: Math.max(0, ...stalls.map(({ own }) => own)),
    wall: Math.max(0, ...stalls.map(({ wall }) => wall)),
  };
}

function stallOf(whose: string, { wall }: Stall): string {
  return `  the longest stall of the ${whose} by its own work (with waiting for other programs ${wall.toFixed(0)} ms)`;
}

async function differencesAreShown(panel: Panel): Promise<void> {
  await panel.frame
    .locator('section[data-view="differences"][data-state="ready"] [data-signal-row]')
    .first()
    .waitFor();
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
