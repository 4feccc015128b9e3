/** Examples from columns of numbers: read a month, say the next. */
import type { Network } from '../../src/model/network';
import { run } from '../../src/engine/run';
import type { Example } from '../../src/engine/train/train';
import type { Weights } from '../../src/model/weights';

export function csvRows(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, k) => [names[k], value])));
}

/** A window scaled to mean 0 and deviation 1, as the samples are; the target of a step is the next value. */
export function nextValue(window: readonly number[]): Example {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  const deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length);
  const scaled = Float32Array.from(window, (value) => (value - mean) / deviation);
  return {
    sequence: { kind: 'vector', steps: window.length - 1, size: 1, values: scaled.slice(0, -1) },
    target: { kind: 'values', values: scaled.slice(1) },
  };
}

export function windows(values: readonly number[], length: number, stride: number): number[][] {
  const result = [];
  for (let from = 0; from + length <= values.length; from += stride)
    result.push(values.slice(from, from + length));
  return result;
}

/** Mean squared error of the network, and of saying that the next value is this one. */
export async function errors(network: Network, weights: Weights, examples: readonly Example[]) {
  let own = 0;
  let same = 0;
  let count = 0;
  for (const { sequence, target } of examples) {
    if (sequence.kind !== 'vector' || target.kind !== 'values') continue;
    const { output } = await run(network, weights, sequence);
    target.values.forEach((value, k) => {
      own += (output.values[k] - value) ** 2;
      same += (sequence.values[k] - value) ** 2;
      count++;
    });
  }
  return { own: (own / count).toPrecision(3), same: (same / count).toPrecision(3) };
}
