/**
 * Converts the examples and the fixtures to PyTorch, runs them there, and compares with the engine: `npm run test:python`.
 * Takes the first python3 that has PyTorch.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from '../../src/engine/run';
import { NodeFolder, openNodeFile } from '../../src/platform/nodeFolder';
import { type Library, toPython } from '../../src/model/convert';
import { DEFAULT_LIMITS, type Reading } from '../../src/model/dialects/dialect';
import { furtherInputs } from '../../src/model/network';
import { openSource } from '../../src/model/open';
import { CannotExpress } from '../../src/model/python/text';
import { readModel } from '../../src/model/read';
import type { Sequence } from '../../src/model/samples';

const ROOT = join(import.meta.dirname, '../..');
const MAKERS = [
  ...['pytorch', 'onnx', 'tfjs', 'layers', 'autograd', 'guitar', 'brainjs', 'statedict'],
  ...['onnxmodels', 'keras', 'keras3', 'kerasfiles', 'ml5'],
];
const FOLDERS = ['media/examples', ...MAKERS.map((maker) => `test/fixtures/${maker}`)];
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Steps of long samples. */
const STEPS = 64;

function models(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(json|nam|onnx|keras|h5)$/.test(name) && !/\.expected\.json$/.test(name))
      .map((name) => join(folder, name)),
  );
}

async function readingOf(file: string) {
  const path = join(ROOT, file);
  const source = { folder: new NodeFolder(dirname(path)), fileName: basename(path), limits: DEFAULT_LIMITS };
  return readModel(await openSource(await openNodeFile(path), source));
}

/** What a Python file's `as_batch` takes. */
function inputOf(sequence: Sequence): number[] | number[][] {
  if (sequence.kind === 'token') return Array.from(sequence.ids);
  return rows(sequence.values, sequence.size);
}

function rows(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, k) =>
    Array.from(values.subarray(k * width, (k + 1) * width)),
  );
}

type Named = Reading & { readonly name: string };

/** Layers under names that would end strings, blocks or comments, or that Python or PyTorch uses. */
function hostile(): Promise<Reading> {
  const names = [
    '"); raise SystemExit("owned") #',
    '"""\nraise SystemExit',
    '\\',
    'forward',
    'class',
    'x',
    'a b',
    'a-b',
  ];
  const layers = names.map((name) => ({ name, type: 'lstm', hidden_size: 3, peepholes: true }));
  const samples = [{ name: 'x', values: [[1], [0], [-1]] }];
  const input = { kind: 'vector', size: 1 };
  const text = JSON.stringify({ format: 'rnn-model', version: 1, name: names[0], input, layers, samples });
  return readModel({ text, fileName: 'x.rnn.json', folder: new NodeFolder(ROOT), limits: DEFAULT_LIMITS });
}

async function readings(): Promise<Named[]> {
  const found: Named[] = [{ name: 'hostile names', ...(await hostile()) }];
  for (const file of models()) found.push({ name: file, ...(await readingOf(file)) });
  return found;
}

/** Writes a model for both libraries; undefined if it cannot be run at all. */
async function exported({ name, network, weights, ...reading }: Named, folder: string) {
  if (!network || !weights || reading.samples.length === 0) return undefined;
  mkdirSync(folder);
  const write = async (library: Library) => {
    const file = join(folder, `${library}.py`);
    const python = await toPython(library, { ...reading, network, weights }, `${library}.py`);
    writeFileSync(file, python.text);
    writeFileSync(join(folder, python.weights!.fileName), python.weights!.bytes);
    return file;
  };
  const { sequence } = reading.samples[0];
  const short = sequence.more || sequence.steps <= STEPS ? sequence : cut(sequence);
  const { output } = await run(network, weights, short);
  const further = furtherInputs(network).map(({ name }) => short.more!.get(name)!);
  return {
    name,
    file: await orRefused(name, write('pytorch')),
    keras: await orRefused(name, write('keras')),
    inputs: [short, ...further].map(inputOf),
    expected: rows(output.values, output.units),
  };
}

async function orRefused(name: string, file: Promise<string>): Promise<string | undefined> {
  return file.catch((error: unknown) => {
    if (!(error instanceof CannotExpress)) throw error;
    console.log(`refused: ${name}: ${error.message}`);
    return undefined;
  });
}

function cut(sequence: Sequence): Sequence {
  return sequence.kind === 'token'
    ? {
        ...sequence,
        steps: STEPS,
        ids: sequence.ids.subarray(0, STEPS),
        tokens: sequence.tokens.slice(0, STEPS),
      }
    : { ...sequence, steps: STEPS, values: sequence.values.subarray(0, STEPS * sequence.size) };
}

function pythonWithTorch(): string {
  const found = PYTHONS.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0);
  if (!found) throw new Error(`none of ${PYTHONS.join(', ')} has PyTorch`);
  return found;
}

async function main(): Promise<void> {
  const python = pythonWithTorch();
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-python-'));
  try {
    const cases = [];
    for (const [k, reading] of (await readings()).entries()) {
      const one = await exported(reading, join(folder, String(k)));
      if (one) cases.push(one);
    }
    const manifest = join(folder, 'manifest.json');
    const keras = cases.flatMap((one) => one.keras ?? []);
    writeFileSync(manifest, JSON.stringify({ cases: cases.filter(({ file }) => file), keras }));
    process.exitCode = spawnSync(python, [join(import.meta.dirname, 'compare.py'), manifest], {
      stdio: 'inherit',
    }).status!;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
