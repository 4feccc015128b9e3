/**
 * What a trace holds against its signals' own size, and how time and memory grow with the steps: `npm run bench --
 * growth`. Both should be the same per step, however many there are.
 */
import { run } from '../../src/engine/run';
import { traceBytes } from '../../src/engine/plan';
import { parametersOf } from '../../src/model/parameters';
import type { Network } from '../../src/model/network';
import type { Sequence } from '../../src/model/samples';
import { type Tensor, elementCount } from '../../src/model/weights';
import { median } from './table';

const STEPS = [500, 1000, 2000, 4000, 8000, 16000];
const RUNS = 5;
const INPUTS = 16;
const UNITS = 64;

const NETWORK: Network = {
  name: 'growth',
  dialect: 'native',
  conventions: [],
  input: { kind: 'vector', size: INPUTS },
  layers: [
    {
      name: 'lstm',
      type: 'lstm',
      inputs: ['input'],
      inputSize: INPUTS,
      outputSize: 2 * UNITS,
      hiddenSize: UNITS,
      projSize: 0,
      levels: 2,
      directions: ['forward', 'backward'],
      merge: 'concat',
      bias: true,
      returnSequences: true,
    },
  ],
};

function weightsOf(network: Network): Map<string, Tensor> {
  const values = (count: number) => Float32Array.from({ length: count }, (_, k) => Math.sin(k) / 8);
  return new Map(
    parametersOf(network).map(({ name, shape }) => [name, { shape, data: values(elementCount(shape)) }]),
  );
}

/** Bytes of array buffers that are still held after a collection, when nothing is on the stack any more. */
async function held(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc!();
  globalThis.gc!();
  return process.memoryUsage().arrayBuffers;
}

async function main(): Promise<void> {
  const weights = weightsOf(NETWORK);
  const sequenceOf = (steps: number): Sequence => {
    const values = Float32Array.from({ length: steps * INPUTS }, (_, k) => Math.cos(k));
    return { kind: 'vector', steps, size: INPUTS, values };
  };
  await run(NETWORK, weights, sequenceOf(STEPS[0]));
  console.log(`LSTM, ${INPUTS} inputs × ${UNITS} units × 2 levels × 2 directions; medians of ${RUNS} runs\n`);
  console.log('   steps   µs a step   signals, MB   held, MB   held / signals   planned / signals');
  for (const steps of STEPS) {
    const sequence = sequenceOf(steps);
    const times: number[] = [];
    for (let k = 0; k < RUNS; k++) {
      const began = performance.now();
      await run(NETWORK, weights, sequence);
      times.push(performance.now() - began);
    }
    const before = await held();
    const trace = await run(NETWORK, weights, sequence);
    const bytes = (await held()) - before;
    const signals = trace.layers.flatMap((layer) => layer.signals);
    const own = signals.reduce((sum, { values }) => sum + values.byteLength, 0);
    const cells = [
      String(steps).padStart(8),
      ((1000 * median(times)) / steps).toFixed(2).padStart(12),
      (own / 1e6).toFixed(2).padStart(14),
      (bytes / 1e6).toFixed(2).padStart(11),
      (bytes / own).toFixed(3).padStart(17),
      (traceBytes(NETWORK, { steps }) / own).toFixed(3).padStart(20),
    ];
    console.log(cells.join(''));
  }
}

void main();
