/** A run of which every row is held. */
import { explainingTrace } from '../engine/explain/ofRun';
import { arithmeticFor } from '../engine/kernels/choose';
import { canRecord } from '../engine/recording/plan';
import { HeldStretches } from '../engine/recording/stretches';
import { run } from '../engine/run';
import { onUnits } from '../engine/matches/onUnits';
import { rowsOf } from '../engine/rows';
import { signalAt, summarise, unitValues, valuesAt } from '../engine/statistics';
import { withInput } from '../engine/trace';
import { threads } from '../platform/platform';
import type { FinishOptions, RunNumbers, RunnableModel } from './runNumbers';
import { runningPart } from '../model/partial';
import { attributionOfRun } from './attributionOfRun';
import { matrixOfRun } from './matrixOfRun';
import { memoryOfTrace } from './memoryOfRun';
import { whyOfRun } from './whyOfRun';
import { forecastOf, nextTokens, outputRow } from '../engine/outputOfRun';
import type { ChosenSequence } from './scene';
import { valuesIn } from './window';

const helper = threads();

/** Rows of a gate that an average is taken of, so that a question takes a few milliseconds. */
const AVERAGED_ROWS = 1 << 16;

/** Rejects as the engine's `run` does. */
export async function wholeRun(
  { network, weights, trained, clamps = [] }: RunnableModel,
  { sequence, expected }: ChosenSequence,
  { onSummary, ...options }: FinishOptions,
): Promise<{ readonly numbers: RunNumbers; readonly milliseconds: number }> {
  const began = performance.now();
  const trace = await run(network, weights, sequence, { ...options, clamps, helper });
  const milliseconds = performance.now() - began;
  const whole = withInput(trace, sequence);
  const summary = await summarise(network, whole, { ...options, onProgress: onSummary });
  const ran = { network, sequence, expected, trace };
  const facts = {
    ...{ network: runningPart(network, sequence), weights, sequence, clamps },
    ...{ trained, translate: options.translate, summary, output: trace.output },
  };
  const memory = memoryOfTrace(facts, trace);
  const stretches = canRecord(facts.network) && new HeldStretches(facts, arithmeticFor(weights), trace);
  const matrix = matrixOfRun(facts, stretches || trace);
  const attribution = attributionOfRun(facts, stretches || undefined, options.memory);
  const rows: RunNumbers['rows'] = async (question) => rowsOf(whole, question);
  const explained = {
    ...{ network, signals: summary.signals, explain: explainingTrace(facts, trace), rows },
    most: AVERAGED_ROWS,
  };
  const numbers: RunNumbers = {
    summary,
    recorded: false,
    trace,
    values: async (address) => valuesAt(network, whole, address),
    window: async (from, to) => valuesIn(network, whole, { from, to }),
    unit: async (unit) => ({ values: unitValues(whole, unit) }),
    rows,
    why: (question) => whyOfRun(explained, question),
    on: ({ signal, threshold }) => onUnits(signalAt(whole, signal), threshold),
    output: async (step) => outputRow(trace, step),
    next: () => nextTokens(ran),
    forecast: (unit, against) => forecastOf(ran, unit, against),
    memory: (question, signal) => memory(question, { signal }),
    matrix: (question, signal) => matrix(question, { signal }),
    attribution: (choice, part, signal) => attribution(choice, part, { signal }),
  };
  return { numbers, milliseconds };
}
