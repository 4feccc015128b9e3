/** A file of every kind, opened: what is read of it, and every mean on the picture, are those of the command line. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../paths';
import type { Panel } from '../workbench';
import { assertClose, useVSCode, type Expected } from './rig';

const FIXTURES = join(ROOT, 'test/fixtures');

/** What opens in the unrolled view by its command. */
const BY_COMMAND = [
  ['brain.js', 'brainjs/lstm.json'],
  ['GuitarML', 'guitar/guitarml-lstm.json'],
  ['RTNeural', 'guitar/aida.json'],
  ['NAM', 'guitar/nam.nam'],
  ['ml5, with its files of weights', 'ml5/manifest.json'],
  ['Keras 3, with its HDF5 weights', 'kerasfiles/checkpoint/stack.json'],
  ['TensorFlow.js, with its shards', 'keras/shards/model.json'],
  ['PyTorch: a bare pickle', 'pickles/dumped-2.pkl'],
  ['TensorFlow: a checkpoint', 'savedmodel/checkpoints/layers.ckpt.index'],
] as const;

const BY_ITSELF = [
  ['PyTorch: safetensors', 'statedict/cells.safetensors'],
  ['PyTorch: a ZIP of pickled tensors', 'pickles/bfloat16.pt'],
  ['Keras 1: HDF5', 'kerasfiles/keras1.h5'],
  ['Keras 2: HDF5, compressed', 'kerasfiles/gzip.h5'],
  ['Keras 3: a ZIP, compressed', 'kerasfiles/deflated.keras'],
  ['TensorFlow: a SavedModel', 'savedmodel/keras-2.12/saved_model.pb'],
  ['ONNX', 'onnxmodels/attention-of-last-state.onnx'],
  ['TensorFlow Lite', 'tflite/coupled.tflite'],
] as const;

describe('a file of', () => {
  const rig = useVSCode();

  before(() => {
    for (const [, file] of [...BY_COMMAND, ...BY_ITSELF]) {
      // A model of several files lies in a folder of its own.
      const folder = /^(ml5|kerasfiles\/checkpoint|keras\/shards|savedmodel\/[^/]+)$/.test(dirname(file));
      const to = folder ? rig.workspace.folder : rig.workspace.path(basename(file));
      cpSync(join(FIXTURES, folder ? dirname(file) : file), to, { recursive: true });
    }
  });

  for (const [kind, file] of BY_COMMAND) {
    it(kind, async () => {
      await rig.workbench.openFile(basename(file));
      await rig.workbench.runCommand('Gatescope: Open Unrolled View');
      await assertMeans(await rig.workbench.panel('ready'), file);
    });
  }

  for (const [kind, file] of BY_ITSELF) {
    it(kind, async () => {
      await rig.workbench.openFile(basename(file));
      await assertMeans(await rig.workbench.panel('ready'), file);
    });
  }
});

async function assertMeans(panel: Panel, file: string): Promise<void> {
  await panel.hasRun();
  const run = execFileSync(process.execPath, ['dist/cli.js', 'run', join(FIXTURES, file), '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { layers } = JSON.parse(run) as Expected;
  const nodes = await panel.frame
    .locator('g[data-mean]:not([data-layer="input"])')
    .evaluateAll((all) => all.map((one) => ({ ...(one as SVGElement).dataset })));
  assert.ok(nodes.length > 0, 'nodes with a mean');
  for (const { layer, level, direction, signal, step, mean } of nodes) {
    const own = layers.find(
      (one) => one.layer === layer && String(one.level) === level && one.direction === direction,
    )?.signals[signal!];
    if (!own) continue; // What a node stands for may be a part of a layer's output.
    const row = own[own.length === 1 ? 0 : Number(step)];
    assertClose(Number(mean), row.reduce((a, b) => a + b, 0) / row.length, `${layer} ${signal} at ${step}`);
  }
}
