/** Exports runs as .npz, and has NumPy compare them with what `run --json` prints. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record } from '../../src/engine/recording/record';
import { npz } from '../../src/export/npz';
import { pythonLines } from '../../src/export/python';
import { chosenSignals } from '../../src/export/signals';
import { writeWhole } from '../../src/platform/writeFile';
import { inEnglish } from '../../src/words/translate';
import { linear, lstm, network, randomSequence, randomWeights } from '../unit/engine/networks';

const ROOT = join(import.meta.dirname, '../..');
const MODELS = [
  'media/examples/char-lstm.rnn.json',
  'media/examples/stocks-gru.rnn.json',
  'media/examples/tagger-bilstm.rnn.json',
  'media/examples/recall-rnn.rnn.json',
];
const PYTHONS = ['python3', '/usr/bin/python3'];

function pythonWithNumpy(): string {
  const found = PYTHONS.find((python) => spawnSync(python, ['-c', 'import numpy']).status === 0);
  if (!found) throw new Error(`none of ${PYTHONS.join(', ')} has NumPy`);
  return found;
}

function gatescope(...args: string[]): string {
  const program = ['--import', 'tsx', join(ROOT, 'src/cli.ts'), ...args];
  return execFileSync(process.execPath, program, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A long run that is computed again as it is written. */
async function long(folder: string) {
  const net = network(lstm(2, { hiddenSize: 16 }), linear(16, 3));
  const [weights, sequence] = [randomWeights(net, 9), randomSequence(20_000, 2, 3)];
  const kept = { recording: await record(net, weights, sequence) };
  const origin = { model: 'long', dialect: net.dialect, trained: true, sample: null };
  const ran = { network: net, weights, sequence, clamps: [] };
  const file = join(folder, 'long.npz');
  await writeWhole(
    file,
    npz.write({ network: net, fileName: 'long', kept, ran, origin }, {}, { translate: inEnglish }),
  );
  return { file, python: pythonLines(file, await chosenSignals(kept, {})), steps: 20_000 };
}

async function main(): Promise<void> {
  const python = pythonWithNumpy();
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-npz-'));
  try {
    const runs = MODELS.map((model, k) => {
      const [file, run] = [join(folder, `${k}.npz`), join(folder, `${k}.json`)];
      gatescope('export', model, '-o', file);
      writeFileSync(run, gatescope('run', model, '--json'));
      return { model, file, run };
    });
    const manifest = join(folder, 'manifest.json');
    writeFileSync(manifest, JSON.stringify({ runs, long: await long(folder) }));
    const args = [join(import.meta.dirname, 'npz.py'), manifest];
    process.exitCode = spawnSync(python, args, { stdio: 'inherit' }).status!;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
