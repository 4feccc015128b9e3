/**
 * How long a million steps are searched for places at which the same units are on: `npm run bench -- matches`. Of a trace
 * that is held, and of a recording, whose stretches are computed again.
 */
import { Ranking, findMatches } from '../../src/engine/matches/find';
import { onUnits } from '../../src/engine/matches/onUnits';
import { onUnitsOfRun } from '../../src/engine/matches/ofRun';
import { unitsThrough } from '../../src/engine/matches/pattern';
import { type Work, inSlices } from '../../src/engine/slices';
import { parametersOf } from '../../src/model/parameters';
import type { Network } from '../../src/model/network';
import type { Sequence } from '../../src/model/samples';
import { type Tensor, elementCount } from '../../src/model/weights';
import { median, printTable, type Row } from './table';

const STEPS = 1_000_000;
const UNITS = 16;
const RUNS = 5;
const MOST = 200;
const THRESHOLD = 0.02;
const OWN = { from: 500_000, to: 500_003 };
const MARGINS = { offBefore: 0, offAfter: 0 };

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const [name, noise] of [
    ['waves', 0],
    ['noise', 1],
  ] as const) {
    const values = Float32Array.from({ length: STEPS * UNITS }, (_, at) => valueAt(at, noise));
    const signal = { signal: 'c', rows: STEPS, units: UNITS, values };
    const { took, stall, found } = await timed(() => searched(onUnits(signal, THRESHOLD)));
    rows.push(ms(`${STEPS} steps × ${UNITS} units of ${name}: ${found} places`, took, 1000));
    rows.push(ms('  the longest stall', stall, 50));
  }
  const ran = { network: NETWORK, weights: weights(), sequence: waves(), clamps: [] };
  const signal = { layer: 'lstm', level: 0, direction: 'forward', signal: 'c' } as const;
  const recorded = await timed(() => searched(onUnitsOfRun(ran, { signal, threshold: THRESHOLD })), 1);
  rows.push(ms(`as many steps of an LSTM, computed again: ${recorded.found} places`, recorded.took, 5000));
  rows.push(ms('  the longest stall', recorded.stall, 50));
  printTable('Matches', rows);
}

function ms(what: string, value: number, aim: number): Row {
  return { what, value, unit: 'ms', aim };
}

/** How many places there are. */
function* searched(on: ReturnType<typeof onUnits>): Work<number> {
  const known = yield* on;
  const units = unitsThrough(known, { ...OWN, ...MARGINS });
  const pattern = { units, length: OWN.to - OWN.from + 1, ...MARGINS };
  const ranking = new Ranking(pattern.length, MOST);
  const found = yield* findMatches(known, pattern, OWN);
  yield* ranking.addAll(found, (match) => match);
  return ranking.found;
}

async function timed(work: () => Work<number>, runs = RUNS) {
  const times: number[] = [];
  let [stall, found] = [0, 0];
  for (let k = 0; k < runs; k++) {
    const began = performance.now();
    let last = began;
    const onProgress = () => {
      const now = performance.now();
      stall = Math.max(stall, now - last);
      last = now;
    };
    found = await inSlices(work(), { onProgress }, (cost) => [cost, cost]);
    stall = Math.max(stall, performance.now() - last);
    times.push(performance.now() - began);
  }
  return { took: median(times), stall, found };
}

function valueAt(at: number, noise: number): number {
  const [row, unit] = [Math.floor(at / UNITS), at % UNITS];
  // A product of primes is as good as chance.
  return noise === 0 ? Math.sin(row / (7 + unit)) : (((at * 7919) % 104_729) / 104_729) * 2 - 0.4;
}

const NETWORK: Network = {
  ...{ name: 'matches', dialect: 'native', conventions: [] },
  input: { kind: 'vector', size: 1 },
  layers: [
    {
      ...{
        name: 'lstm',
        type: 'lstm',
        inputs: ['input'],
        inputSize: 1,
        outputSize: UNITS,
        hiddenSize: UNITS,
      },
      ...{
        projSize: 0,
        levels: 1,
        directions: ['forward'],
        merge: 'concat',
        bias: true,
        returnSequences: true,
      },
    },
  ],
};

function weights(): Map<string, Tensor> {
  const values = (count: number) => Float32Array.from({ length: count }, (_, k) => Math.sin(k) / 2);
  return new Map(
    parametersOf(NETWORK).map(({ name, shape }) => [name, { shape, data: values(elementCount(shape)) }]),
  );
}

function waves(): Sequence {
  const values = Float32Array.from({ length: STEPS }, (_, step) => Math.sin(step / 9));
  return { kind: 'vector', steps: STEPS, size: 1, values };
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
