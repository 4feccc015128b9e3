/** What may be asked: each tool's schema, and the words of the command line that answer it. */
import { z, type ZodRawShape } from 'zod';
import { SEQUENCE_FILE } from '../model/sequences/file';
import type { Roots } from './roots';

interface Asked {
  readonly [name: string]: unknown;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: ZodRawShape;
  /** The command and its options, without `--json`. */
  words(asked: Asked, roots: Roots): Promise<string[]>;
  /** Signals that are to be had as numbers: the file is written to `out`. */
  written?(asked: Asked, roots: Roots, out: string): Promise<string[] | undefined>;
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

/** Values stand behind `=`, so that none is taken for an option. */
function options(asked: Asked, ...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = asked[name];
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => `--${name}=${String(one)}`);
  });
}

async function files(asked: Asked, roots: Roots, ...names: readonly string[]): Promise<string[]> {
  const given = names.filter((name) => asked[name] !== undefined);
  return Promise.all(given.map(async (name) => `--${name}=${await roots.file(String(asked[name]))}`));
}

async function sequence(asked: Asked, roots: Roots): Promise<string[]> {
  return [
    ...options(asked, 'sample', 'text', 'as', 'set'),
    ...(await files(asked, roots, 'input', 'weights')),
  ];
}

/** A sample, a text, or, as the command line takes it, a file. */
async function against(asked: Asked, roots: Roots): Promise<string[]> {
  const isFile = asked.input !== undefined || SEQUENCE_FILE.test(String(asked.against));
  return asked.text === undefined && isFile ? files(asked, roots, 'against') : options(asked, 'against');
}

const model = (asked: Asked, roots: Roots) => roots.file(String(asked.model));

export const TOOLS: readonly Tool[] = [
  {
    name: 'info',
    title: 'What a model is',
    description:
      'Layers, shapes, parameters, conventions, samples and problems of a recurrent network in a file of PyTorch, Keras, TensorFlow, ONNX, TFLite, TensorFlow.js, brain.js, RTNeural, NAM, safetensors or the native format.',
    schema: { ...MODEL, weights: SEQUENCE.weights, as: SEQUENCE.as },
    words: async (asked, roots) => [
      ...['info', await model(asked, roots), ...options(asked, 'as')],
      ...(await files(asked, roots, 'weights')),
    ],
  },
  {
    name: 'run',
    title: 'Run a model on a sequence',
    description:
      "Runs the network and gives its output step by step; with signals, every number of those gates, states or layers ('lstm.f', 'lstm.1.backward.c', 'fc', 'input', 'output'), of the steps that are asked for.",
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      signals: z.array(words).min(1).max(50).optional().describe("layers or signals, such as 'lstm.f'"),
      from: step
        .optional()
        .describe('the first step of signals; the run itself begins where the sequence does'),
      steps: z.number().int().min(1).optional().describe('how many steps of signals'),
    },
    words: async (asked, roots) => ['run', await model(asked, roots), ...(await sequence(asked, roots))],
    async written(asked, roots, out) {
      if (asked.signals === undefined) return undefined;
      return [
        ...['export', await model(asked, roots), '--format=json', `--out=${out}`],
        ...[...(await sequence(asked, roots)), ...options(asked, 'from', 'steps')],
        ...options({ signal: asked.signals }, 'signal'),
      ];
    },
  },
  {
    name: 'explain',
    title: 'Why a unit has its value',
    description:
      'The sum inside the activation of one unit of a gate, candidate, state or output at a step, term by term: bias, each input, each hidden unit. The products add up to the sum.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      at: words.describe(
        "LAYER.SIGNAL[UNIT]@STEP, such as 'lstm.f[12]@21', 'lstm.1.backward.c[3]', 'fc.y[e]@21'",
      ),
    },
    words: async (asked, roots) => [
      ...['explain', await model(asked, roots), ...options(asked, 'at')],
      ...(await sequence(asked, roots)),
    ],
  },
  {
    name: 'verify',
    title: 'Whether a model gives what is expected',
    description:
      'Compares the output with what is known of it (a file, or what the samples bring), says where it begins to differ, and the likely cause, such as another order of gates.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE },
      expect: file.optional().describe('the expected output: .csv, .json or .wav'),
      tolerance: z.number().positive().optional(),
    },
    words: async (asked, roots) => [
      ...['verify', await model(asked, roots), ...(await sequence(asked, roots))],
      ...[...(await files(asked, roots, 'expect')), ...options(asked, 'tolerance')],
    ],
  },
  {
    name: 'compare',
    title: 'Where two runs differ',
    description:
      'Compares two models on a sequence, or one model with and without what is held (set), signal by signal: the largest difference, and the first step at which it exceeds the tolerance.',
    schema: {
      ...{ ...MODEL, ...SEQUENCE, ...SET },
      other: file.optional().describe('the model to compare with; the same one where absent'),
      against: words
        .optional()
        .describe('of one model: the other sample, with text the other text, with input the other file'),
      tolerance: z.number().positive().optional(),
    },
    words: async (asked, roots) => [
      ...['compare', await model(asked, roots)],
      ...(asked.other === undefined ? [] : [await roots.file(String(asked.other))]),
      ...[...(await sequence(asked, roots)), ...options(asked, 'tolerance')],
      ...(await against(asked, roots)),
    ],
  },
];
