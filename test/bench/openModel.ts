/**
 * Opens one model file and prints what that took as JSON; runs in a process of its own, for the memory to be its own.
 * `tsx test/bench/openModel.ts FILE model|plain`: reads the model to its first picture, or the bytes alone and, of text,
 * by JSON.parse.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { NodeFolder, openNodeFile } from '../../src/platform/nodeFolder';
import { DEFAULT_LIMITS } from '../../src/model/dialects/dialect';
import { openSource } from '../../src/model/open';
import { readModel } from '../../src/model/read';
import { unroll } from '../../src/unroll/graph';
import { toMermaid } from '../../src/unroll/mermaid';

const MEGABYTE = 2 ** 20;

async function openModel(file: string): Promise<string | undefined> {
  const source = {
    folder: new NodeFolder(dirname(file)),
    fileName: basename(file),
    limits: DEFAULT_LIMITS,
    choices: ['keras', 'tfjs', 'pytorch'],
  };
  const { network, weights, problems } = await readModel(await openSource(await openNodeFile(file), source));
  const error = problems.find(({ severity }) => severity === 'error');
  if (!network || !weights) return error?.message ?? 'nothing could be read';
  toMermaid(unroll(network, { columns: 8, detail: 'gates' }));
  return undefined;
}

async function openPlainly(file: string): Promise<undefined> {
  const bytes = await readFile(file);
  if (/\.(json|nam)$/.test(file)) JSON.parse(bytes.toString());
}

async function main(file: string, how: string): Promise<void> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.reset();
  const began = performance.now();
  const fault = await (how === 'plain' ? openPlainly(file) : openModel(file));
  const milliseconds = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delays.disable();
  const peak = 1024 * process.resourceUsage().maxRSS;
  const figures = {
    milliseconds,
    megabytes: Math.max(0, peak - before) / MEGABYTE,
    stall: delays.max / 1e6,
    ...(fault && { fault }),
  };
  console.log(JSON.stringify(figures));
}

void main(process.argv[2], process.argv[3]);
