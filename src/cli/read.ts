import type { Values } from './command';
import type { Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { hasErrors, START_OF_FILE, type Problem, type ProblemSubject } from '../model/problem';
import { limitsOf } from './memory';
import { EXIT, Failure, oneLine, problemLine } from './output';
import type { Terminal } from './terminal';

/**
 * Reads a model file. A file that cannot be read at all is a problem like any other. Fails if `--as` names none of the ways
 * in which the file can be read.
 */
export async function read(terminal: Terminal, model: string, values: Values = {}): Promise<Reading> {
  const { weights } = values;
  const reading = await terminal.files.readModel(model, {
    limits: limitsOf(values),
    choices: choicesOf(values),
    ...(typeof weights === 'string' && { weights }),
  });
  checkChoices(model, reading, choicesOf(values));
  const problems = reading.problems.map(inOptions);
  const seeded = reading.weights !== undefined && !reading.trained;
  return { ...reading, problems: seeded ? [...problems, UNTRAINED] : problems };
}

/** What is said whatever is asked of such a model; the editor shows it beside the numbers. */
const UNTRAINED: Problem = {
  ...{ severity: 'warning', code: 'untrained', place: START_OF_FILE, about: 'weights' },
  message:
    "the weights are seeded, not trained: the model's numbers say nothing of a trained one (--weights FILE gives a native or Keras model others)",
};

/** What `--as` names. */
export function choicesOf({ as }: Values): readonly string[] {
  return typeof as === 'string' ? as.split(',') : [];
}

function checkChoices(model: string, { choices, problems }: Reading, given: readonly string[]): void {
  const strange = given.filter((value) => !choices?.some((choice) => choice.value === value));
  if (strange.length === 0) return;
  if (choices) {
    const listed = choices.map(({ value, label }) => `${value}: ${label}`).join('; ');
    throw new Failure(EXIT.usage, oneLine(`--as takes one of ${listed}, found ${strange.join(', ')}`));
  }
  if (hasErrors(problems, 'structure')) return;
  throw new Failure(EXIT.usage, oneLine(`--as ${given.join(',')}: there is only one way to read ${model}`));
}

/** A problem as it is on the command line, where an option is an order. */
function inOptions(problem: Problem): Problem {
  switch (problem.code) {
    case 'weights-not-used':
      return { ...problem, severity: 'error' };
    case 'several-readings':
      return { ...problem, message: `${problem.message}; say it with --as VALUE` };
    default:
      return {
        ...problem,
        message: problem.message.replace(/\bchoose otherwise as (?=")/g, 'choose otherwise with --as '),
      };
  }
}

/** The network of a reading, its warnings on stderr; fails with the problems there if anything named has errors. */
export function demand(
  terminal: Terminal,
  model: string,
  reading: Reading,
  about: readonly ProblemSubject[],
): Network {
  const network = networkOf(terminal, model, reading, about);
  report(
    terminal,
    model,
    reading.problems.filter(({ severity }) => severity === 'warning'),
  );
  return network;
}

/** As `demand`, without the warnings. */
export function networkOf(
  terminal: Terminal,
  model: string,
  reading: Reading,
  about: readonly ProblemSubject[],
): Network {
  const failed = about.some((subject) => hasErrors(reading.problems, subject));
  if (!failed && reading.network) return reading.network;
  report(terminal, model, reading.problems);
  throw new Failure(EXIT.input, `${oneLine(model)} cannot be used: see above`);
}

export function report(terminal: Terminal, model: string, problems: readonly Problem[]): void {
  for (const problem of problems) terminal.say(problemLine(model, problem));
}
