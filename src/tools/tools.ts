/**
 * What an assistant may ask, over the Model Context Protocol and in VS Code: each tool's schema, and the command that
 * answers it. package.json lists the same for VS Code, which a test holds.
 */
import * as z from 'zod';
import type { Values } from '../cli/values';
import { SEQUENCE_FILE } from '../model/sequences/file';

interface Asked {
  readonly [name: string]: unknown;
}

/** The files that may be read. */
export interface Paths {
  /** The path of a file as it is opened. Rejects with an Error for one that may not be read. */
  file(path: string): Promise<string>;
}

/** A command of the command line, and its options; `export` is that of the numbers of signals, as JSON. */
export interface Call {
  readonly command: 'info' | 'run' | 'explain' | 'verify' | 'compare' | 'export';
  readonly model: string;
  readonly second?: string;
  readonly values: Values;
}

export interface Tool {
  readonly name: 'info' | 'run' | 'explain' | 'verify' | 'compare';
  readonly title: string;
  /** For the assistant: what it gives, and when to ask for it. */
  readonly description: string;
  readonly schema: z.ZodRawShape;
  call(asked: Asked, paths: Paths): Promise<Call>;
}

const file = z.string().min(1).max(4096);
const words = z.string().max(10_000);
const step = z.number().int().min(0);

const MODEL = { model: file.describe('the model file, such as nets/char-lstm.rnn.json') };

const SEQUENCE = {
  sample: words
    .optional()
    .describe("one of the model's samples by its name; the first where nothing is given"),
  text: words.optional().describe('a text, for a model that reads tokens'),
  input: file.optional().describe('a file with the sequence: .json, .csv, .txt or .wav'),
  weights: file.optional().describe('weights in place of those that a native or Keras model names'),
  as: words
    .optional()
    .describe('the way to read a file that can be read in several, as the problems of info list them'),
};

const SET = {
  set: z
    .array(words)
    .max(100)
    .optional()
    .describe("what is held: 'lstm.f[12]=0', 'lstm.1.c@0..2=0', 'lstm.h0=[1,0]', 'input@3=[0.5,1]'"),
};

/** Options as words; those that are not given are left out. */
function options(asked: Asked, ...names: readonly string[]): Values {
  const given = names.filter((name) => asked[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const value = asked[name];
      return [name, Array.isArray(value) ? value.map(String) : String(value)];
    }),
  );
}

async function files(asked: Asked, paths: Paths, ...names: readonly string[]): Promise<Values> {
  const given = names.filter((name) => asked[name] !== undefined);
  const found = given.map(async (name) => [name, await paths.file(String(asked[name]))] as const);
  return Object.fromEntries(await Promise.all(found));
}

async function sequence(asked: Asked, paths: Paths): Promise<Values> {
  const { input, ...more } = await files(asked, paths, 'input', 'weights');
  return {
    ...{ ...options(asked, 'sample', 'text', 'as', 'set'), ...more },
    ...(input !== undefined && { input: [String(input)] }),
  };
}

/** A sample, a text, or, as the command line takes it, a file. */
async function against(asked: Asked, paths: Paths): Promise<Values> {
  const isFile = asked.input !== undefined || SEQUENCE_FILE.test(String(asked.against));
  return asked.text === undefined && isFile ? files(asked, paths, 'against') : options(asked, 'against');
}

const model = (asked: Asked, paths: Paths) => paths.file(String(asked.model));

export const TOOLS: readonly Tool[] = [
  {
    name: 'info',
    title: 'What a model is',
    description:
      'Layers, shapes, parameters, conventions, samples and problems of a recurrent network (RNN, LSTM, GRU) in a file of PyTorch, Keras, TensorFlow, ONNX, TFLite, TensorFlow.js, brain.js, RTNeural, NAM, safetensors or the native format. Ask this first: the other tools take the names of layers and samples that it gives.',
    schema: { ...MODEL, weights: SEQUENCE.weights, as: SEQUENCE.as },
    call: async (asked, paths) => ({
      ...{ command: 'info', model: await model(asked, paths) },
      values: { ...options(asked, 'as'), ...(await files(asked, paths, 'weights')) },
    }),
  },
  {
    name: 'run',
    title: 'Run a model on a sequence',
    description:
      "Runs a recurrent network on a sequence and gives its output step by step, or of some steps; with signals, every number of those gates, states or layers ('lstm.f', 'lstm.1.backward.c', 'fc', 'input', 'output'), of the steps that are asked for. Ask this instead of guessing what a gate or a state did. Of a long run, ask for few signals and steps at a time.",
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      signals: z.array(words).min(1).max(50).optional().describe("layers or signals, such as 'lstm.f'"),
      from: step
        .optional()
        .describe('the first step that is given; the run itself begins where the sequence does'),
      steps: z.number().int().min(1).optional().describe('how many steps are given'),
    },
    async call(asked, paths) {
      const given = { model: await model(asked, paths), values: await sequence(asked, paths) };
      if ([asked.signals, asked.from, asked.steps].every((one) => one === undefined))
        return { command: 'run', ...given };
      const signal = asked.signals ?? ['output'];
      const chosen = options({ ...asked, signal }, 'from', 'steps', 'signal');
      return { ...given, command: 'export', values: { ...given.values, ...chosen } };
    },
  },
  {
    name: 'explain',
    title: 'Why a unit has its value',
    description:
      'Why one unit of a gate, candidate, state or output of a recurrent network has its value at a step: the sum inside its activation term by term, bias, each input, each hidden unit. The products add up to the sum.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      at: words.describe(
        "LAYER.SIGNAL[UNIT]@STEP, such as 'lstm.f[12]@21', 'lstm.1.backward.c[3]', 'fc.y[e]@21'",
      ),
    },
    call: async (asked, paths) => ({
      ...{ command: 'explain', model: await model(asked, paths) },
      values: { ...options(asked, 'at'), ...(await sequence(asked, paths)) },
    }),
  },
  {
    name: 'verify',
    title: 'Whether a model gives what is expected',
    description:
      'Compares the output of a recurrent network with what is known of it (a file, or what the samples bring), says where it begins to differ, and the likely cause, such as another order of gates. Ask this where a model was converted or written again and its numbers may be wrong.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE },
      expect: file.optional().describe('the expected output: .csv, .json or .wav'),
      tolerance: z.number().positive().optional(),
    },
    call: async (asked, paths) => ({
      ...{ command: 'verify', model: await model(asked, paths) },
      values: {
        ...{ ...(await sequence(asked, paths)), ...(await files(asked, paths, 'expect')) },
        ...options(asked, 'tolerance'),
      },
    }),
  },
  {
    name: 'compare',
    title: 'Where two runs differ',
    description:
      'Compares two recurrent networks on a sequence, or one with and without what is held (set), signal by signal: the largest difference, and the first step at which it exceeds the tolerance. Ask this for what a change does, to the weights or to one gate.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      other: file.optional().describe('the model to compare with; the same one where absent'),
      against: words
        .optional()
        .describe('of one model: the other sample, with text the other text, with input the other file'),
      tolerance: z.number().positive().optional(),
    },
    call: async (asked, paths) => ({
      ...{ command: 'compare', model: await model(asked, paths) },
      ...(asked.other !== undefined && { second: await paths.file(String(asked.other)) }),
      values: {
        ...{ ...(await sequence(asked, paths)), ...options(asked, 'tolerance') },
        ...(await against(asked, paths)),
      },
    }),
  },
];
