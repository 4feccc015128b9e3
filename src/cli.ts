import { type Options, type Values, parseArguments } from './cli/arguments';
import { check } from './cli/check';
import { convert } from './cli/convert';
import { generateCommand } from './cli/generate';
import { gradientCommand } from './cli/gradient';
import { info } from './cli/info';
import { EXIT, Failure, oneLine, say } from './cli/output';
import { runCommand } from './cli/run';
import { unrollCommand } from './cli/unroll';
import { verifyCommand } from './cli/verify';
import { didYouMean } from './model/near';

const USAGE = `gatescope: what a recurrent network does, step by step

  gatescope check  MODEL                       problems, one a line: FILE:LINE:COL: SEVERITY CODE MESSAGE
  gatescope info   MODEL [--json]              layers, shapes, parameters, samples
  gatescope unroll MODEL [--steps 8] [--detail gates|cells]
                                               the unrolled graph as Mermaid text
  gatescope run    MODEL [--sample NAME | --text TEXT | --input FILE.json|.csv|.wav]
                         [--from STEP] [--steps N] [--weights FILE] [--set LAYER.SIGNAL=VALUE …] [--json]
                                               the output, step by step; as JSON every gate of every step.
                                               --input is taken as it is: a sample's "normalize" is not applied
                                               to it. --from and --steps run a part
                                               of the sequence, as if it began there. --set holds a signal fixed:
                                               LAYER[.LEVEL][.backward].SIGNAL[UNIT or UNIT..UNIT]@STEP or
                                               @STEP..STEP=VALUE, such as 'lstm.f[12]=0', 'lstm.1.c@0..9=0',
                                               'lstm.h0=[1,0,0]' (the initial state), 'input@3=[0.5,1]'
  gatescope gradient MODEL [the options of run] [--step T] [--unit K] [--json]
                                               how much y[T][K] depends on every earlier state and input
  gatescope generate MODEL [--prompt TEXT | --sample NAME] [--length 40] [--temperature 1 | --greedy]
                         [--top-k K] [--seed 0] [--weights FILE] [--json]
                                               goes on from a prompt, token by token; as JSON with every gate
  gatescope verify MODEL [--input X --expect Y | --sample NAME] [--tolerance 1e-5] [--weights FILE] [--json]
                                               whether the output is as expected, where it begins to differ, and
                                               the likely cause. X and Y are .csv, .json or .wav, a row a step (Y may be
                                               the last row alone). Without them: the samples that bring "expected"
                                               and NAME_x*.csv with NAME_y*.csv beside the model. Exit code 1: differs
  gatescope convert MODEL [--to native] -o OUT.rnn.json
                                               any model in the native format, its weights beside it
  gatescope convert MODEL --to pytorch|keras -o OUT.py
                                               a Python file that builds the model and loads its weights

A file that can be read in several ways is read as --as WAY,… says; check lists the ways.
Every command takes --weights FILE: the weights of a native or Keras model, in place of those that it names or finds.
Exit code 0; 1 for an error in the input (warnings never change it); 2 for wrong usage.
`;

/** How to read a file that can be read in several ways, and weights in place of its own. */
const reading: Options = { as: { type: 'string' }, weights: { type: 'string' } };

const given: Options = {
  ...reading,
  sample: { type: 'string' },
  text: { type: 'string' },
  input: { type: 'string' },
  weights: { type: 'string' },
  json: { type: 'boolean' },
};

const sequence: Options = { ...given, from: { type: 'string' }, steps: { type: 'string' } };

const COMMANDS: Record<string, { readonly options: Options; readonly run: Command }> = {
  check: { options: reading, run: check },
  info: { options: { ...reading, json: { type: 'boolean' } }, run: info },
  unroll: {
    options: { ...reading, steps: { type: 'string' }, detail: { type: 'string' } },
    run: unrollCommand,
  },
  run: { options: { ...sequence, set: { type: 'string', multiple: true } }, run: runCommand },
  gradient: {
    options: { ...sequence, step: { type: 'string' }, unit: { type: 'string' } },
    run: gradientCommand,
  },
  verify: {
    options: { ...given, expect: { type: 'string' }, tolerance: { type: 'string' } },
    run: verifyCommand,
  },
  convert: {
    options: { ...reading, to: { type: 'string' }, out: { type: 'string', short: 'o' } },
    run: convert,
  },
  generate: {
    options: {
      ...reading,
      prompt: { type: 'string' },
      sample: { type: 'string' },
      length: { type: 'string' },
      temperature: { type: 'string' },
      greedy: { type: 'boolean' },
      'top-k': { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: generateCommand,
  },
};

export type { Values };
/** Runs one command on a model file and gives the exit code. */
export type Command = (model: string, values: Values) => Promise<number>;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (!command) {
    const hint = didYouMean(name ?? '', Object.keys(COMMANDS));
    throw new Failure(EXIT.usage, name ? `unknown command ${oneLine(name)}${hint}\n\n${USAGE}` : USAGE);
  }
  const { values, words } = parseArguments(name, rest, command.options);
  if (words.length !== 1) {
    const found = words.length === 0 ? 'none' : `${words.length}: ${words.map(oneLine).join(', ')}`;
    throw new Failure(EXIT.usage, `${name} takes one model file, found ${found}`);
  }
  return command.run(words[0], values);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof Failure) {
      say(error.message);
      process.exitCode = error.code;
      return;
    }
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT.input;
  },
);

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
