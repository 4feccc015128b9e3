/**
 * Spoils models of every dialect, sequences and messages of the page, and reads them: `npm run fuzz [-- --rounds 200 --seed 1 --group TEXT]`. Prints how many
 * of each were tried, read fine and had problems. A reader that throws, hangs, or takes memory beyond the limit is a
 * failure: the model is saved, and the exit code is 1.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findKinds } from './kinds';
import type { Seed } from './seeds';
import { WAYS } from './spoil';
import { spoiltModel } from './trial';
import type { Order, Told } from './worker';

/** A trial takes a few milliseconds; a machine may be busy. */
const TIME_LIMIT = 20_000;
/** For the code itself and what lies around; a model may take 32 MB. */
const HEAP_MEGABYTES = 400;
const MOST_FAILURES = 10;

interface Tally {
  tried: number;
  fine: number;
  problems: number;
  slowest: number;
  failures: number;
}

/** One process at a time; another in its place when it had to be ended. */
class Worker {
  private child?: ChildProcess;
  private readonly heard: unknown[] = [];
  private wake?: () => void;

  /** What is told of each round; a round of which nothing is told in time, or at the end of the process, failed. */
  async *trials(order: Order): AsyncGenerator<Told> {
    for (let from = order.from; from < order.to; from++) {
      if (!this.child) await this.start();
      this.child!.send({ ...order, from });
      for (; from < order.to; from++) {
        const told = await this.next();
        yield typeof told === 'string'
          ? { round: from, outcome: 'failed', fault: told, milliseconds: NaN }
          : (told as Told);
        if (typeof told === 'string') break;
      }
    }
  }

  stop(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.heard.length = 0;
  }

  private async start(): Promise<void> {
    const child = (this.child = fork(join(import.meta.dirname, 'worker.ts'), {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    }));
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('message', (told) => this.hear(told));
    child.on('exit', () => {
      this.child = undefined;
      this.hear(`the process ended: ${said.slice(0, 500)}`);
    });
    const told = await this.next();
    if (told !== 'ready') throw new Error(`the worker did not start: ${String(told)}`);
  }

  private hear(told: unknown): void {
    this.heard.push(told);
    this.wake?.();
  }

  /** The next message, or in words why there is none. */
  private async next(): Promise<unknown> {
    if (this.heard.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, TIME_LIMIT);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.heard.length > 0) return this.heard.shift();
    this.stop();
    return `still busy after ${TIME_LIMIT / 1000} seconds`;
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      group: { type: 'string', default: '' },
    },
  });
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
  const kinds = (await findKinds()).filter(({ group }) => group.includes(values.group));
  console.log(`seed ${seed}, ${rounds} files per kind and way to spoil it`);
  console.log(
    `\n${'kind'.padEnd(22)}${'seeds'.padStart(6)}${'tried'.padStart(8)}${'fine'.padStart(8)}${'problems'.padStart(10)}${'slowest'.padStart(10)}`,
  );
  const worker = new Worker();
  const failures: string[] = [];
  const total = newTally();
  for (const { group, seeds: own } of kinds) {
    const tally = newTally();
    for (const way of Object.keys(WAYS)) {
      for await (const told of worker.trials({ group, way, from: 0, to: rounds, seed })) {
        count(tally, told);
        if (told.outcome === 'failed') failures.push(save(own, way, told, seed));
        if (failures.length >= MOST_FAILURES) break;
      }
    }
    console.log(row(group, own.length, tally));
    add(total, tally);
    if (failures.length >= MOST_FAILURES) break;
  }
  worker.stop();
  console.log(row('all', kinds.flatMap(({ seeds }) => seeds).length, total));
  for (const failure of failures) console.error(`\n${failure}`);
  console.log(`\n${failures.length === 0 ? 'no failure' : `${failures.length} failures`} (seed ${seed})`);
  return failures.length === 0 ? 0 : 1;
}

function newTally(): Tally {
  return { tried: 0, fine: 0, problems: 0, slowest: 0, failures: 0 };
}

function count(tally: Tally, { outcome, milliseconds }: Told): void {
  tally.tried++;
  if (outcome === 'failed') tally.failures++;
  else tally[outcome]++;
  if (milliseconds > tally.slowest) tally.slowest = milliseconds;
}

function add(total: Tally, { tried, fine, problems, slowest, failures }: Tally): void {
  total.tried += tried;
  total.fine += fine;
  total.problems += problems;
  total.failures += failures;
  total.slowest = Math.max(total.slowest, slowest);
}

function row(name: string, seeds: number, { tried, fine, problems, slowest, failures }: Tally): string {
  const numbers = [String(seeds).padStart(6), String(tried).padStart(8), String(fine).padStart(8)];
  const slow = `${Math.round(slowest)} ms`.padStart(10);
  const failed = failures > 0 ? `  ${failures} FAILED` : '';
  return `${name.padEnd(22)}${numbers.join('')}${String(problems).padStart(10)}${slow}${failed}`;
}

/** Where the model lies that fails, and how it fails. */
function save(seeds: readonly Seed[], way: string, { round, fault }: Told, seed: number): string {
  const { fileName, files } = spoiltModel(seeds, way, round, seed);
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-fuzz-'));
  for (const [name, bytes] of files) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return `${seeds[0].group}, ${way}, round ${round}: ${join(folder, fileName)}\n${fault}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
