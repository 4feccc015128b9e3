/**
 * Time and memory to open big models and to draw the first picture, against a plain read of the same bytes (of text: and
 * JSON.parse), each in a process of its own: `npm run bench -- readers`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BIG_MODELS, type BigModel } from './bigModels';

const MEGABYTES = [1, 10, 100];

interface Figures {
  readonly milliseconds: number;
  /** Over what the process had before. */
  readonly megabytes: number;
  /** Longest time that the event loop stood still, in milliseconds. */
  readonly stall: number;
  readonly fault?: string;
}

function measure(file: string, how: 'model' | 'plain'): Figures {
  const child = join(import.meta.dirname, 'openModel.ts');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=6144', '--import', 'tsx', child, file, how],
    { encoding: 'utf8' },
  );
  if (status === 0) return JSON.parse(stdout) as Figures;
  const fault =
    stderr
      .trim()
      .split('\n')
      .find((line) => /error|fatal/i.test(line)) ?? `exit code ${status}`;
  return { milliseconds: NaN, megabytes: NaN, stall: NaN, fault };
}

const column = (value: number, digits = 0) => value.toFixed(digits).padStart(9);

function row(name: string, bytes: number, own: Figures, plain: Figures): string {
  const figures = [
    column(bytes / 2 ** 20, 1),
    column(own.milliseconds),
    column(plain.milliseconds),
    column(own.megabytes),
    column(plain.megabytes),
    column(own.stall),
    column(plain.stall),
  ];
  return `  ${name.padEnd(20)}${figures.join('')}${own.fault ? `   ${own.fault}` : ''}`;
}

function measured({ dialect, bytesPerNumber, write }: BigModel, megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-bench-'));
  try {
    const file = write(folder, (megabytes * 2 ** 20) / bytesPerNumber);
    if (!file) return `  ${dialect.padEnd(20)}   not measured: no python3 with what writes it`;
    const files = readdirSync(dirname(file)).map((name) => join(folder, name));
    const largest = files.reduce((a, b) => (statSync(a).size >= statSync(b).size ? a : b));
    return row(dialect, statSync(largest).size, measure(file, 'model'), measure(largest, 'plain'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const titles = ['MB', 'ms', 'plain', 'peak MB', 'plain', 'stall ms', 'plain'];
console.log(`\n  ${'to the first picture'.padEnd(20)}${titles.map((title) => title.padStart(9)).join('')}`);
for (const megabytes of process.argv[2] ? [Number(process.argv[2])] : MEGABYTES) {
  for (const model of BIG_MODELS) console.log(measured(model, megabytes));
}
