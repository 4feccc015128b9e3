/** What other extensions are given, of a model that has been read. */
import { infoOf } from '../cli/info';
import { demandSteps } from '../cli/memory';
import { Failure } from '../cli/output';
import { partThatRuns } from '../cli/partial';
import { accept, chosenSequence, further } from '../cli/sequence';
import type { Terminal } from '../cli/terminal';
import { MOST_STEPS } from '../cli/unroll';
import type { Values } from '../cli/values';
import { whatIf } from '../cli/whatIf';
import { run } from '../engine/run';
import type { ModelInfo, ModelRun, ModelRunOptions, ModelUnrollOptions } from '../library/vscode';
import type { Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { hasErrors, type ProblemSubject } from '../model/problem';
import { sequenceFromJson } from '../model/sequences';
import { unroll } from '../unroll/graph';
import { toMermaid } from '../unroll/mermaid';
import type { Around } from './answer';

/** Throws an Error with what is wrong where there is no network. */
export function infoOfModel(reading: Reading): ModelInfo {
  return JSON.parse(JSON.stringify(infoOf(demand(reading, ['structure']), reading))) as ModelInfo;
}

/** Throws as `infoOfModel`, and a RangeError for a number of steps that is not drawn. */
export function unrollModel(reading: Reading, { steps = 8, detail = 'gates' }: ModelUnrollOptions): string {
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw new RangeError(`steps: expected 1 to ${MOST_STEPS}, found ${steps}`);
  }
  return toMermaid(unroll(demand(reading, ['structure']), { columns: steps, detail }));
}

/** Rejects with an Error that says what is wrong. */
export async function runModel(
  name: string,
  reading: Reading,
  asked: ModelRunOptions,
  { files, running, values }: Around,
): Promise<ModelRun> {
  const remarks: string[] = [];
  const terminal: Terminal = {
    ...{ files, running },
    write: () => Promise.resolve(),
    say: (text) => remarks.push(text.trimEnd()),
  };
  try {
    const network = demand(reading, ['structure', 'weights']);
    const given = await sequenceOf(terminal, name, network, reading, asked, values);
    const { sequence, clamps } = whatIf(network, given.sequence, asked.set ?? []);
    partThatRuns(terminal, network, sequence);
    const { steps, layers, output } = await run(network, reading.weights!, sequence, { clamps, ...running });
    return {
      ...{ sample: given.sample, steps, remarks },
      signals: layers.flatMap(({ signals, ...where }) =>
        signals.map(({ signal, rows, units, values }) => ({ ...where, signal, rows, units, values })),
      ),
      output: { rows: output.rows, units: output.units, values: output.values },
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Error([...remarks, error.message].join('\n'), { cause: error });
  }
}

async function sequenceOf(
  terminal: Terminal,
  name: string,
  network: Network,
  reading: Reading,
  { sample, text, values }: ModelRunOptions,
  limits: Values = {},
) {
  const fits = (lengths: Parameters<typeof demandSteps>[3]) =>
    demandSteps(limits, 'the run', network, lengths, { advice: 'run fewer steps' });
  if (values === undefined) {
    return chosenSequence(terminal, name, network, reading, { ...limits, sample, text }, fits);
  }
  if (sample !== undefined || text !== undefined) throw new TypeError('take one of sample, text and values');
  const own = accept(terminal, 'values', sequenceFromJson(network, JSON.stringify(values)));
  const sequence = further(terminal, network, own, reading);
  fits(sequence);
  return { sample: null, sequence };
}

function demand({ network, problems }: Reading, about: readonly ProblemSubject[]): Network {
  if (network && !about.some((subject) => hasErrors(problems, subject))) return network;
  const faults = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  throw new Error(faults.join('\n'));
}
