/**
 * The engine, keeping every gate, against onnxruntime, native and in WebAssembly (outputs only, and a graph that
 * yields the gates), and TF.js: `npm run bench -- engine`. Medians of paired runs; a ratio above 1 says that the engine is faster.
 */
import * as ort from 'onnxruntime-node';
import * as ortWeb from 'onnxruntime-web';
import * as tf from '@tensorflow/tfjs';
import { type ArithmeticChoice } from '../../src/engine/kernels/choose';
import { available } from '../../src/engine/kernels/instance';
import type { ThreadHelper } from '../../src/engine/kernels/shared/helper';
import { run } from '../../src/engine/run';
import { nodeThreads } from '../../src/platform/nodeThreads';
import { buildWorker } from '../worker';
import { parametersOf } from '../../src/model/parameters';
import { type GruLayer, HARD_SIGMOID_02, type LstmLayer, type Network } from '../../src/model/network';
import { type Tensor, elementCount } from '../../src/model/weights';
import { graph, initializer, model, node } from './onnx';
import { median } from './table';

type Kind = 'lstm' | 'gru';

/** Steps × inputs × hidden units. */
const SIZES = [
  [32, 16, 32],
  [128, 64, 128],
  [512, 128, 256],
  [256, 256, 512],
  [128, 512, 1024],
] as const;

/** A cell's options, in the engine's words and in ONNX's. */
interface Variant {
  readonly name: string;
  readonly kind: Kind;
  readonly options: Partial<LstmLayer> | Partial<GruLayer>;
  readonly attributes: Parameters<typeof node>[3];
}

const PLAIN: readonly Variant[] = [
  { name: 'LSTM', kind: 'lstm', options: {}, attributes: {} },
  { name: 'GRU', kind: 'gru', options: {}, attributes: { linear_before_reset: 1 } },
];

const OPTIONED_SIZE = SIZES[1];
const OPTIONED: readonly Variant[] = [
  { name: 'LSTM with peepholes', kind: 'lstm', options: { peepholes: true }, attributes: {} },
  {
    name: 'LSTM with hard sigmoid',
    kind: 'lstm',
    options: { recurrentActivation: HARD_SIGMOID_02 },
    attributes: {
      activations: ['HardSigmoid', 'Tanh', 'Tanh'],
      ...{ activation_alpha: { floats: [0.2] }, activation_beta: { floats: [0.5] } },
    },
  },
  { name: 'GRU, reset before', kind: 'gru', options: { resetAfter: false }, attributes: {} },
  {
    name: 'GRU, reset before, softsign',
    kind: 'gru',
    options: { resetAfter: false, activation: 'softsign' },
    attributes: { activations: ['Sigmoid', 'Softsign'] },
  },
];

const GATES = { lstm: 4, gru: 3 };
const MILLISECONDS = 2500;
/** Units of the least cells that are computed on two threads. */
const FEWEST_UNITS_FOR_TWO = 256;
/** Until JavaScript and WebAssembly are compiled for good. */
const WARM_MILLISECONDS = 200;

function networkOf({ kind, options }: Variant, inputs: number, hiddenSize: number): Network {
  const common = {
    name: 'cell',
    inputs: ['input'],
    inputSize: inputs,
    outputSize: hiddenSize,
    hiddenSize,
    levels: 1,
    directions: ['forward'],
    merge: 'concat',
    bias: true,
    returnSequences: true,
  } as const;
  const cell = kind === 'lstm' ? { type: 'lstm', projSize: 0 } : { type: 'gru', resetAfter: true };
  const layer = { ...common, ...cell, ...options } as LstmLayer | GruLayer;
  return {
    name: kind,
    dialect: 'native',
    conventions: [],
    input: { kind: 'vector', size: inputs },
    layers: [layer],
  };
}

/** Numbers that are the same in every run of the benchmark. */
function numbers(count: number, scale: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * scale;
  });
}

/** PyTorch's order of gates → ONNX's: LSTM i, o, f, c; GRU z, r, h. */
const ONNX_ORDER = { lstm: [0, 3, 1, 2], gru: [1, 0, 2] };

function reordered(kind: Kind, { data }: Tensor): Float32Array {
  const block = data.length / GATES[kind];
  const result = new Float32Array(data.length);
  ONNX_ORDER[kind].forEach((gate, k) =>
    result.set(data.subarray(gate * block, (gate + 1) * block), k * block),
  );
  return result;
}

/** onnxruntime's fused operator: outputs only. */
function fused(
  { kind, options, attributes }: Variant,
  T: number,
  I: number,
  H: number,
  weights: ReadonlyMap<string, Tensor>,
): Buffer {
  const peepholes = 'peepholes' in options && options.peepholes;
  const seen = (peepholes ? ['i', 'o', 'f'] : []).map(
    (gate) => weights.get(`cell.peephole_${gate}_l0`)!.data,
  );
  const of = (name: string) => reordered(kind, weights.get(`cell.${name}_l0`)!);
  const G = GATES[kind];
  const bias = Float32Array.of(...of('bias_ih'), ...of('bias_hh'));
  return model(
    graph(
      [
        node(kind.toUpperCase(), ['X', 'W', 'R', 'B', ...(peepholes ? ['', '', '', 'P'] : [])], ['Y'], {
          hidden_size: H,
          ...attributes,
        }),
      ],
      { X: [T, 1, I] },
      { Y: [T, 1, 1, H] },
      [
        initializer('W', [1, G * H, I], of('weight_ih')),
        initializer('R', [1, G * H, H], of('weight_hh')),
        initializer('B', [1, 2 * G * H], bias),
        ...(peepholes ? [initializer('P', [1, 3 * H], Float32Array.of(...seen.flatMap((p) => [...p])))] : []),
      ],
    ),
  );
}

/** The LSTM as a Scan over its equations, which yields the gates. */
function withGates(T: number, I: number, H: number, weights: ReadonlyMap<string, Tensor>): Buffer {
  const data = (name: string) => weights.get(`cell.${name}_l0`)!.data;
  const bias = data('bias_ih').map((value, k) => value + data('bias_hh')[k]);
  const row = [1, H];
  const body = graph(
    [
      node('Gemm', ['h', 'R', 'a'], ['s'], { transB: 1 }),
      node('Split', ['s'], ['ai', 'af', 'ag', 'ao'], { axis: 1 }),
      node('Sigmoid', ['ai'], ['i']),
      node('Sigmoid', ['af'], ['f']),
      node('Tanh', ['ag'], ['g']),
      node('Sigmoid', ['ao'], ['o']),
      node('Mul', ['f', 'c'], ['fc']),
      node('Mul', ['i', 'g'], ['ig']),
      node('Add', ['fc', 'ig'], ['c1']),
      node('Tanh', ['c1'], ['tc']),
      node('Mul', ['o', 'tc'], ['h1']),
      ...['i', 'f', 'g', 'o', 'c1', 'h1'].map((name) => node('Identity', [name], [`${name}_row`])),
    ],
    { h: row, c: row, a: [1, 4 * H] },
    Object.fromEntries(
      ['h1', 'c1', 'i_row', 'f_row', 'g_row', 'o_row', 'c1_row', 'h1_row'].map((k) => [k, row]),
    ),
  );
  const outputs = ['I', 'F', 'G', 'O', 'C', 'Y'];
  return model(
    graph(
      [
        node('MatMul', ['X', 'W'], ['xw']),
        node('Add', ['xw', 'B'], ['A']),
        node('Scan', ['h0', 'c0', 'A'], ['hT', 'cT', ...outputs], { body, num_scan_inputs: 1 }),
      ],
      { X: [T, 1, I] },
      Object.fromEntries(outputs.map((name) => [name, [T, 1, H]])),
      [
        initializer('W', [I, 4 * H], transposed(data('weight_ih'), 4 * H, I)),
        initializer('R', [4 * H, H], data('weight_hh')),
        initializer('B', [4 * H], bias),
        initializer('h0', row, new Float32Array(H)),
        initializer('c0', row, new Float32Array(H)),
      ],
    ),
  );
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  return data.map((_, k) => data[(k % rows) * columns + Math.floor(k / rows)]);
}

type Contender = () => Promise<Float32Array>;

async function onnxContender(
  bytes: Buffer,
  threads: number,
  x: ort.Tensor,
  output: string,
): Promise<Contender> {
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  return async () => (await session.run({ X: x }))[output].data as Float32Array;
}

/** What runs in the sandbox in which the engine runs too; one thread, since a session's count is that of all. */
async function webContender(bytes: Buffer, x: ort.Tensor, output: string): Promise<Contender> {
  ortWeb.env.wasm.numThreads = 1;
  const session = await ortWeb.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
  const input = new ortWeb.Tensor('float32', x.data as Float32Array, x.dims);
  return async () => (await session.run({ X: input }))[output].data as Float32Array;
}

async function tfContender(
  kind: Kind,
  T: number,
  I: number,
  H: number,
  weights: ReadonlyMap<string, Tensor>,
  x: Float32Array,
): Promise<Contender> {
  await tf.setBackend('cpu');
  const of = (name: string) => weights.get(`cell.${name}_l0`)!.data;
  const G = GATES[kind];
  const bias = of('bias_ih').map((value, k) => value + of('bias_hh')[k]);
  const options = {
    units: H,
    returnSequences: true,
    inputShape: [T, I] as [number, number],
    recurrentActivation: 'sigmoid' as const,
    ...(kind === 'gru' && { resetAfter: false }),
  };
  const layer = kind === 'lstm' ? tf.layers.lstm(options) : tf.layers.gru(options);
  const net = tf.sequential({ layers: [layer] });
  net.setWeights([
    tf.tensor2d(transposed(of('weight_ih'), G * H, I), [I, G * H]),
    tf.tensor2d(transposed(of('weight_hh'), G * H, H), [H, G * H]),
    tf.tensor1d(bias),
  ]);
  const input = tf.tensor3d(x, [1, T, I]);
  return async () => {
    const output = net.predict(input) as tf.Tensor;
    const values = (await output.data()) as Float32Array;
    output.dispose();
    return values;
  };
}

/** onnxruntime's second thread looks for more work for some 40 ms: it would take a core from who comes next. */
const REST_MILLISECONDS = 60;

/** Runs in a row of which the first is not measured: after others, and after a rest, caches and cores are cold. */
const BURST = 3;

/** Median milliseconds of each, run in turn so that all meet the same weather. */
async function paired(contenders: Readonly<Record<string, Contender>>): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (const [name, contender] of Object.entries(contenders)) {
    times[name] = [];
    const warm = performance.now() + WARM_MILLISECONDS;
    do await contender();
    while (performance.now() < warm);
  }
  const end = performance.now() + MILLISECONDS;
  for (let round = 0; round < 200 && (round < 5 || performance.now() < end); round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      for (let run = 0; run < BURST; run++) {
        const began = performance.now();
        await contender();
        if (run > 0) times[name].push(performance.now() - began);
      }
      if (name.endsWith('2 threads')) await new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/** Once, not in the paired rounds: it takes seconds. */
async function once(contender: Contender): Promise<number> {
  await contender();
  const began = performance.now();
  await contender();
  return performance.now() - began;
}

const threads = nodeThreads(buildWorker());

async function compare(variant: Variant, [T, I, H]: readonly [number, number, number]): Promise<void> {
  const { name, kind } = variant;
  const plain = PLAIN.includes(variant);
  const network = networkOf(variant, I, H);
  const weights = new Map<string, Tensor>(
    parametersOf(network).map(({ name, shape }, k) => [
      name,
      { shape, data: numbers(elementCount(shape), 1 / Math.sqrt(H), k + 1) },
    ]),
  );
  const values = numbers(T * I, 1, 99);
  const sequence = { kind: 'vector', steps: T, size: I, values } as const;
  const x = new ort.Tensor('float32', values, [T, 1, I]);
  const own = (arithmetic?: ArithmeticChoice, helper?: ThreadHelper) => async () =>
    (await run(network, weights, sequence, { arithmetic, helper })).output.values;

  const bytes = fused(variant, T, I, H, weights);
  const contenders: Record<string, Contender> = {};
  for (const choice of available()) contenders[choice] = own(choice);
  if (plain && threads && H >= FEWEST_UNITS_FOR_TWO) contenders['2 threads'] = own(undefined, threads);
  contenders['onnxruntime, 1 thread'] = await onnxContender(bytes, 1, x, 'Y');
  contenders['onnxruntime, 2 threads'] = await onnxContender(bytes, 2, x, 'Y');
  contenders['onnxruntime-web, 1 thread'] = await webContender(bytes, x, 'Y');
  if (plain && kind === 'lstm') {
    const gates = withGates(T, I, H, weights);
    contenders['onnxruntime, gates, 1 thread'] = await onnxContender(gates, 1, x, 'Y');
    contenders['onnxruntime, gates, 2 threads'] = await onnxContender(gates, 2, x, 'Y');
    contenders['onnxruntime-web, gates, 1 thread'] = await webContender(gates, x, 'Y');
  }
  const expected = await own('reference')();
  for (const [name, contender] of Object.entries(contenders)) {
    const found = await contender();
    const error = expected.reduce((most, value, k) => Math.max(most, Math.abs(value - found[k])), 0);
    if (!(error <= 1e-4)) throw new Error(`${name} differs by ${error}`);
  }

  const times = await paired(contenders);
  if (plain && T * H * H < 1e7)
    times['TF.js, cpu'] = await once(await tfContender(kind, T, I, H, weights, values));
  times.reference = await once(own('reference'));
  const best = times[available()[0]];
  const work = 2 * T * GATES[kind] * H * (I + H);
  // Each step reads the recurrent weights once: what moves when they are larger than the caches.
  const moved = T * GATES[kind] * H * H * Float32Array.BYTES_PER_ELEMENT;
  console.log(`\n${name}, ${T} steps × ${I} inputs × ${H} units`);
  for (const [name, time] of Object.entries(times)) {
    const speed = (work / time / 1e6).toFixed(1).padStart(6);
    const ratio = `${(time / best).toFixed(2).padStart(8)} ×`;
    const bandwidth = `${(moved / time / 1e6).toFixed(1).padStart(7)} GB/s of weights`;
    console.log(
      `  ${name.padEnd(34)}${time.toFixed(3).padStart(10)} ms ${speed} GFLOP/s ${ratio} ${bandwidth}`,
    );
  }
}

/** Bytes per second of a plain copy, for comparison with the weights read per step beyond the caches. */
function copySpeed(): number {
  const from = new Float32Array(1 << 24).fill(1);
  const to = new Float32Array(1 << 24);
  const times = Array.from({ length: 7 }, () => {
    const began = performance.now();
    to.set(from);
    return performance.now() - began;
  });
  return (2 * from.byteLength) / median(times) / 1e6;
}

async function main(): Promise<void> {
  console.log(
    `Node ${process.version}; kernels: ${available().join(', ') || 'none'}. All times are medians.`,
  );
  console.log(`A plain copy moves ${copySpeed().toFixed(1)} GB/s (read and written).`);
  const sizes = SIZES.slice(0, Number(process.argv[2] ?? SIZES.length));
  for (const variant of PLAIN) {
    for (const size of sizes) await compare(variant, size);
  }
  for (const variant of OPTIONED) await compare(variant, OPTIONED_SIZE);
}

void main();
