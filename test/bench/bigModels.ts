/** Models of a chosen size in every dialect: one LSTM on one feature, and a linear layer where the dialect wants one. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '../../src/model/tensors/safetensors';
import type { Tensor } from '../../src/model/weights';
import { graph, initializer, model, node } from './onnx';

export interface BigModel {
  readonly dialect: string;
  /** Bytes that a number takes in its file, about. */
  readonly bytesPerNumber: number;
  /** Writes it into a folder and gives the model's file; undefined where what writes it is not here. */
  readonly write: (folder: string, numbers: number) => string | undefined;
}

const TEXT = 12;

export const BIG_MODELS: readonly BigModel[] = [
  { dialect: 'native + F32', bytesPerNumber: 4, write: native('F32') },
  { dialect: 'native + F16', bytesPerNumber: 2, write: native('F16') },
  { dialect: 'pytorch safetensors', bytesPerNumber: 4, write: stateDict },
  { dialect: 'pytorch .pth', bytesPerNumber: 4, write: torchSave('archive') },
  { dialect: 'pytorch .pth, legacy', bytesPerNumber: 4, write: torchSave('legacy') },
  { dialect: 'onnx', bytesPerNumber: 4, write: onnx },
  { dialect: 'tfjs', bytesPerNumber: 4, write: tfjs },
  { dialect: 'keras .h5', bytesPerNumber: 4, write: keras('h5') },
  { dialect: 'keras .keras', bytesPerNumber: 4, write: keras('keras') },
  { dialect: 'pytorch JSON', bytesPerNumber: TEXT, write: stateDictJson },
  { dialect: 'guitarml', bytesPerNumber: TEXT, write: guitarml },
  { dialect: 'nam', bytesPerNumber: TEXT, write: nam },
  { dialect: 'rtneural', bytesPerNumber: TEXT, write: rtneural },
  { dialect: 'brainjs', bytesPerNumber: TEXT, write: brainjs },
];

/** Units of an LSTM on one feature that has about so many numbers. */
function unitsFor(numbers: number): number {
  return Math.round(Math.sqrt(numbers / 4));
}

/** Numbers that are the same in every run. */
class Numbers {
  private state = 1;

  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state / 2 ** 31 - 1) / 32;
  }

  floats(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.next());
  }

  /** A JSON list, with as many digits as PyTorch prints. */
  list(count: number): string {
    return `[${Array.from({ length: count }, () => this.next().toFixed(9)).join(',')}]`;
  }

  matrix(rows: number, columns: number): string {
    return `[${Array.from({ length: rows }, () => this.list(columns)).join(',')}]`;
  }
}

function lstmTensors(numbers: Numbers, prefix: string, units: number): Map<string, Tensor> {
  const tensor = (...shape: number[]): Tensor => ({
    shape,
    data: numbers.floats(shape.reduce((a, b) => a * b)),
  });
  return new Map([
    [`${prefix}weight_ih_l0`, tensor(4 * units, 1)],
    [`${prefix}weight_hh_l0`, tensor(4 * units, units)],
    [`${prefix}bias_ih_l0`, tensor(4 * units)],
    [`${prefix}bias_hh_l0`, tensor(4 * units)],
  ]);
}

function native(dtype: 'F32' | 'F16') {
  return (folder: string, count: number): string => {
    const units = unitsFor(count);
    const weights = lstmTensors(new Numbers(), 'lstm.', units);
    writeFileSync(
      join(folder, 'w.safetensors'),
      dtype === 'F32' ? writeSafetensors(weights) : halfSafetensors(weights),
    );
    const file = join(folder, 'model.rnn.json');
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: units }];
    const samples = [{ name: 'x', values: [[1], [0]] }];
    const input = { kind: 'vector', size: 1 };
    const text = {
      format: 'rnn-model',
      version: 1,
      input,
      layers,
      weights: { file: 'w.safetensors' },
      samples,
    };
    writeFileSync(file, JSON.stringify(text));
    return file;
  };
}

/** The same tensors' shapes with halves of any bits but those of infinities. */
function halfSafetensors(weights: ReadonlyMap<string, Tensor>): Uint8Array {
  let end = 0;
  const header = [...weights].map(([name, { shape, data }]) => {
    const offsets = [end, (end += 2 * data.length)];
    return [name, { dtype: 'F16', shape, data_offsets: offsets }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(start + end, ' ');
  file.writeBigUInt64LE(BigInt(start - 8));
  json.copy(file, 8);
  for (let at = start; at < file.length; at += 2) file.writeUInt16LE((at * 7919) & 0x33ff, at);
  return file;
}

function stateDict(folder: string, count: number): string {
  const file = join(folder, 'model.safetensors');
  writeFileSync(file, writeSafetensors(lstmTensors(new Numbers(), 'lstm.', unitsFor(count))));
  return file;
}

function lstmJson(numbers: Numbers, prefix: string, units: number): string[] {
  return [
    `"${prefix}weight_ih_l0":${numbers.matrix(4 * units, 1)}`,
    `"${prefix}weight_hh_l0":${numbers.matrix(4 * units, units)}`,
    `"${prefix}bias_ih_l0":${numbers.list(4 * units)}`,
    `"${prefix}bias_hh_l0":${numbers.list(4 * units)}`,
  ];
}

function stateDictJson(folder: string, count: number): string {
  const file = join(folder, 'model.json');
  writeFileSync(file, `{${lstmJson(new Numbers(), 'lstm.', unitsFor(count)).join(',')}}`);
  return file;
}

function guitarml(folder: string, count: number): string {
  const units = unitsFor(count);
  const numbers = new Numbers();
  const data = {
    ...{ model: 'SimpleRNN', input_size: 1, skip: 1, output_size: 1, unit_type: 'LSTM', num_layers: 1 },
    ...{ hidden_size: units, bias_fl: true },
  };
  const head = [`"lin.weight":${numbers.matrix(1, units)}`, `"lin.bias":${numbers.list(1)}`];
  const dict = [...lstmJson(numbers, 'rec.', units), ...head].join(',');
  const file = join(folder, 'model.json');
  writeFileSync(file, `{"model_data":${JSON.stringify(data)},"state_dict":{${dict}}}`);
  return file;
}

function nam(folder: string, count: number): string {
  const units = unitsFor(count);
  const config = { input_size: 1, hidden_size: units, num_layers: 1 };
  const head = { version: '0.5.4', metadata: {}, architecture: 'LSTM', config, sample_rate: 48000 };
  const weights = new Numbers().list(4 * units * (1 + units) + 6 * units + units + 1);
  const file = join(folder, 'model.nam');
  writeFileSync(file, `${JSON.stringify(head).slice(0, -1)},"weights":${weights}}`);
  return file;
}

function rtneural(folder: string, count: number): string {
  const units = unitsFor(count);
  const numbers = new Numbers();
  const lstm = [numbers.matrix(1, 4 * units), numbers.matrix(units, 4 * units), numbers.list(4 * units)];
  const dense = [numbers.matrix(units, 1), numbers.list(1)];
  const layer = (type: string, width: number, weights: readonly string[]) =>
    `{"type":"${type}","activation":"","shape":[null,null,${width}],"weights":[${weights.join(',')}]}`;
  const file = join(folder, 'model.json');
  const layers = [layer('lstm', units, lstm), layer('dense', 1, dense)].join(',');
  writeFileSync(file, `{"in_shape":[null,null,1],"layers":[${layers}]}`);
  return file;
}

function brainjs(folder: string, count: number): string {
  const units = unitsFor(count);
  const numbers = new Numbers();
  const matrix = (rows: number, columns: number) =>
    `{"rows":${rows},"columns":${columns},"weights":${numbers.list(rows * columns)}}`;
  const gates = ['input', 'forget', 'output', 'cellActivation'].flatMap((gate) => [
    `"${gate}Matrix":${matrix(units, 1)}`,
    `"${gate}Hidden":${matrix(units, units)}`,
    `"${gate}Bias":${matrix(units, 1)}`,
  ]);
  const options = JSON.stringify({ inputSize: 1, hiddenLayers: [units], outputSize: 1 });
  const ends = `"outputConnector":${matrix(1, units)},"output":${matrix(1, 1)}`;
  const file = join(folder, 'model.json');
  const text = `{"type":"LSTMTimeStep","options":${options},"hiddenLayers":[{${gates.join(',')}}],${ends}}`;
  writeFileSync(file, text);
  return file;
}

function onnx(folder: string, count: number): string {
  const H = unitsFor(count);
  const numbers = new Numbers();
  const lstm = node('LSTM', ['X', 'W', 'R', 'B'], ['Y'], { hidden_size: H });
  const tensor = (name: string, shape: readonly number[]) =>
    initializer(name, shape, numbers.floats(shape.reduce((a, b) => a * b)));
  const weights = [tensor('W', [1, 4 * H, 1]), tensor('R', [1, 4 * H, H]), tensor('B', [1, 8 * H])];
  const file = join(folder, 'model.onnx');
  writeFileSync(file, model(graph([lstm], { X: [8, 1, 1] }, { Y: [8, 1, 1, H] }, weights)));
  return file;
}

function kerasConfig(units: number) {
  const lstm = {
    ...{ name: 'memory', batch_input_shape: [null, null, 1], units, activation: 'tanh', use_bias: true },
    ...{ recurrent_activation: 'sigmoid', return_sequences: true },
  };
  return { class_name: 'Sequential', config: { name: 'm', layers: [{ class_name: 'LSTM', config: lstm }] } };
}

function tfjs(folder: string, count: number): string {
  const units = unitsFor(count);
  const shapes = { kernel: [1, 4 * units], recurrent_kernel: [units, 4 * units], bias: [4 * units] };
  const weights = Object.entries(shapes).map(([name, shape]) => ({
    name: `memory/${name}`,
    shape,
    dtype: 'float32',
  }));
  const topology = { ...kerasConfig(units), keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' };
  const manifest = [{ paths: ['group1-shard1of1.bin'], weights }];
  const file = join(folder, 'model.json');
  writeFileSync(
    file,
    JSON.stringify({ format: 'layers-model', modelTopology: topology, weightsManifest: manifest }),
  );
  writeFileSync(
    join(folder, 'group1-shard1of1.bin'),
    new Uint8Array(new Numbers().floats(4 * units * (units + 2)).buffer),
  );
  return file;
}

/** Written by h5py, where a python3 has it. */
function keras(kind: 'h5' | 'keras') {
  return (folder: string, count: number): string | undefined => {
    const file = join(folder, `model.${kind}`);
    const config = JSON.stringify(kerasConfig(unitsFor(count)));
    return byPython('bigKeras.py', [kind, file, config]) ? file : undefined;
  };
}

/** Written by PyTorch, where a python3 has it. */
function torchSave(form: 'archive' | 'legacy') {
  return (folder: string, count: number): string | undefined => {
    const file = join(folder, 'model.pth');
    return byPython('bigTorch.py', [form, file, String(unitsFor(count))]) ? file : undefined;
  };
}

function byPython(script: string, args: readonly string[]): boolean {
  return ['python3', '/usr/bin/python3'].some(
    (python) => spawnSync(python, [join(import.meta.dirname, script), ...args]).status === 0,
  );
}
