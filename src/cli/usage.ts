/** What the commands and their options are, in words. */
import { VIEW_OPTIONS } from '../export/format';
import { MATRIX_STEPS } from '../protocol';
import { MAX_COLUMNS } from '../unroll/graph';

/** A line for each view of a picture: what it heeds. */
const VIEWS = Object.entries(VIEW_OPTIONS)
  .map(
    ([view, options]) =>
      `${' '.repeat(49)}--view ${view.padEnd(11)} ${options.map((one) => `--${one}`).join(' ')}\n`,
  )
  .join('');

const COMMANDS = {
  check: `  gatescope check  MODEL [--as WAY,…] [--weights FILE] [--fix] [--json]
                                               problems, one a line: FILE:LINE:COL: SEVERITY CODE MESSAGE;
                                               where there are none, that is said on stderr, and what would mend
                                               them, and the ways to read the file; as JSON { problems, ways }. --fix
                                               does the first of what would mend each in a native model's file,
                                               and takes away nothing that stands there
`,
  info: `  gatescope info   MODEL [--json]              layers, shapes, parameters, samples, and problems as of check
`,
  unroll: `  gatescope unroll MODEL [--steps 8] [--detail gates|cells]
                                               the unrolled graph as Mermaid text, of up to 1000 steps
`,
  run: `  gatescope run    MODEL [--sample NAME | --text TEXT | --input FILE.json|.csv|.txt|.wav] [--input NAME=FILE …]
                         [--from STEP] [--steps N] [--weights FILE] [--set LAYER.SIGNAL=VALUE …] [--json]
                                               the output, step by step; as JSON every gate of every step.
                                               --input is taken as it is: a sample's "normalize" is not applied
                                               to it. For a model that reads tokens it is text, or ids: a JSON list,
                                               or a CSV table of one column. NAME= gives a further input (a layer of
                                               type input); a JSON object {"input": …, NAME: …} has them all, and
                                               those that are missing are the first sample's. --from and --steps run a part
                                               of the sequence, as if it began there. JSON has what ran, too, as "tokens" or
                                               "input". --set holds a signal fixed: LAYER[.LEVEL][.backward].SIGNAL[UNIT or
                                               UNIT..UNIT]@STEP or @STEP..STEP=VALUE, such as 'lstm.f[12]=0', 'lstm.1.c@0..2=0',
                                               'lstm.h0=[1,0,0]' (the initial state), 'input@3=[0.5,1]'
`,
  explain: `  gatescope explain MODEL --at LAYER.SIGNAL[UNIT]@STEP [the options of run] [--json]
                                               why a unit has its value at a step: the sum inside its activation, term by
                                               term, of a gate, candidate, state or output, such as 'lstm.f[12]@3',
                                               'lstm.1.backward.c[3]', 'head.y[e]@3' (a class by its name). Without [UNIT]
                                               the one that stands out, without @STEP the last
`,
  gradient: `  gatescope gradient MODEL [the options of run] [--step T] [--unit K] [--json]
                                               how much y[T][K] depends on every earlier state and input: the last step
                                               and unit 0 where they are not given; K is a number or the name of a class
`,
  attribute: `  gatescope attribute MODEL [the options of run] [--step T] [--unit K] [--method integrated|gradient]
                         [--baseline zero|mean] [--points 64] [--logit] [--json]
                                               how much each feature, or token, of each step brings to y[T][K]: the last
                                               step and unit 0 where they are not given. Integrated gradients, taken
                                               at Gauss-Legendre points between the baseline (zeros, or each feature's
                                               mean over the sequence) and the input, or gradient × (input − baseline).
                                               Of the output as run prints it; with --logit before its last activation.
                                               Tokens are taken as the vectors that embed them, a number a token. Says
                                               how much is missing of the difference to the baseline's output
`,
  generate: `  gatescope generate MODEL [--prompt TEXT | --sample NAME] [--length 40] [--temperature 1 | --greedy]
                         [--top-k K] [--seed 0] [--weights FILE] [--json]
                                               goes on from a prompt, token by token; as JSON with every gate
`,
  verify: `  gatescope verify MODEL [--input X --expect Y | --text TEXT --expect Y | --sample NAME] [--tolerance 1e-5] [--weights FILE] [--json]
                                               whether the output is as expected, where it begins to differ, and
                                               the likely cause. X is as for run, further inputs too; Y is .csv, .json or
                                               .wav, a row a step, or the last row alone. Without them: the samples that bring "expected"
                                               and NAME_x*.csv with NAME_y*.csv beside the model. Exit code 1: differs
`,
  compare: `  gatescope compare A B [the options of run] [--tolerance 1e-5] [--json]
  gatescope compare A --input X --against Y    one model on two inputs: Y is a file, with --text a text, else a sample
  gatescope compare A --set LAYER.SIGNAL=VALUE as it is, and with what is held
                                               where two runs differ, signal by signal, and from which step on.
                                               Layers are paired by name, then by order and type; what has no counterpart
                                               is listed. --against-weights FILE and --against-as WAY are --weights and
                                               --as of the second. Exit code 1: they differ by more than the tolerance
`,
  match: `  gatescope match MODEL --signal lstm.c --range 10:15 [the options of run] [--threshold 0.3] [--off-before N]
                         [--off-after N] [--in FILE] [--json]
                                               the units of a signal that are above the threshold through steps 10 to
                                               15, both of them, and where else they are: in every sample and in FILE,
                                               the likest first. The score is the share of units in common: 1 where the
                                               same ones are on. --off-before and --off-after ask that they are off in
                                               so many steps beside
`,
  convert: `  gatescope convert MODEL [--to native] -o OUT.rnn.json
                                               any model in the native format, its weights beside it in
                                               OUT.rnn.safetensors, unless its own file there serves as it is
  gatescope convert MODEL --to pytorch|keras -o OUT.py
                                               a Python file that builds the model and loads its weights, which
                                               are written beside it as OUT.rnn.safetensors
`,
  export: `  gatescope export MODEL [--format npz|csv|json] -o FILE [the options of run] [--from STEP] [--steps N]
                         [--signal LAYER[.LEVEL][.DIRECTION][.SIGNAL] …]
                                               every number of a run as a file: npz (arrays LAYER.LEVEL.DIRECTION.SIGNAL,
                                               input and output, steps × units, for numpy.load), csv (a line a number) or json
                                               (as run --json, without "input" where signals are chosen). The format is told by the file's ending where --format is
                                               not given. --from and --steps choose steps of the run, which is run from its
                                               beginning all the same (JSON: "from", and "first": 0); --signal chooses a layer, a signal, input or output
  gatescope export MODEL [--format svg|png] -o FILE [the options of run] [--from STEP] [--steps 8] [--detail gates|cells]
                         [--theme light|dark|hc-light|hc-dark|print] [--scale 1] [--no-values]
                         [--view diagram|heatmap|memory|matrix|output|why|attribution] [--signal LAYER.SIGNAL] [--unit K]
                                               the unrolled picture as the panel has it, up to ${MAX_COLUMNS} steps of it, a standalone SVG
                                               or pixels, up to 4 for each of the picture's; without values the network
                                               alone. The heat map is of one signal; Memory of the output at the last of its
                                               steps, of the likeliest unit or K; Output is as in the panel: how probable each
                                               next token was, the likeliest classes, or unit K (a number or a class) beside
                                               what came. The matrix is of every output against every state, of the first
                                               ${MATRIX_STEPS} steps or of as many from --from on; Why has the bars of explain,
                                               attribution is What mattered, with the options of attribute.
                                               Beside --theme and --scale each heeds, from steps of the whole run:
${VIEWS}  gatescope export MODEL [--format html] -o FILE.html [the options of run] [--from STEP]
                         [--theme dark|light|hc-dark|hc-light] [--detail gates|cells] [--signal LAYER[.LEVEL][.DIRECTION][.SIGNAL]]
                                               the run as one web page that needs no network: it steps, hovers and has every view
                                               of the panel. It holds up to 8 MB of weights and sequence. Without --theme it is as
                                               the browser is; it begins at the step --from, with --signal its heat map is open
  gatescope export MODEL [--format md] -o FILE.md [--steps 8] [--detail gates|cells]
                                               the layers and the unrolled graph, of up to 1000 steps, as Mermaid text, in a Markdown
                                               document
`,
  mcp: `  gatescope mcp [--root FOLDER …]              answers assistants over the Model Context Protocol, on standard input and
                                               output: info, run, explain, verify and compare. Only files in the folders
                                               are read: this one where none is given
`,
} as const;

export type CommandName = keyof typeof COMMANDS;

const FOR_ALL = `Steps are counted from 0. With --from a run (but not an export's) begins at that step: all steps, typed or printed, count
from it, and JSON says as "first" which step of the sequence it is.
A file that can be read in several ways is read as --as WAY,… says; check lists the ways.
Every command takes --weights FILE: the weights of a native or Keras model, in place of those that it names or finds;
for any other model it is an error. Weights, a sequence or a run that would take more than --memory MB (1024) are
refused. The warnings of check go to stderr.
Exit code 0; 1 for an error in the input (warnings never change it; info and unroll need the structure alone: errors in
weights and samples, which info lists, are no errors of theirs); 2 for wrong usage.
`;

export const USAGE = `gatescope: what a recurrent network does, step by step

${Object.values(COMMANDS).join('')}
${FOR_ALL}gatescope COMMAND --help says this of one command; gatescope --version says which version this is.
`;

const OPTIONS_OF_RUN = `The options of run: [--sample NAME | --text TEXT | --input FILE.json|.csv|.txt|.wav] [--input NAME=FILE …]
[--from STEP] [--steps N] [--weights FILE] [--set LAYER.SIGNAL=VALUE …]; gatescope run --help explains them.
`;

/** Of one command alone. */
export function usageOf(command: CommandName): string {
  const text = COMMANDS[command];
  return `${text}\n${text.includes('[the options of run]') ? OPTIONS_OF_RUN : ''}${FOR_ALL}`;
}
