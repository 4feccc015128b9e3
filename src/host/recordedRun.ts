/** A run that is too long to hold every row of: what is asked for is computed again. */
import { Activities } from '../engine/activity';
import { explainingRecording } from '../engine/explain/ofRun';
import { onUnitsOfStretches } from '../engine/matches/ofRun';
import { record } from '../engine/recording/record';
import type { RowsQuestion } from '../engine/rows';
import { valuesAt } from '../engine/statistics';
import { stretchThreads, threads } from '../platform/platform';
import { attributionOfRun } from './attributionOfRun';
import { matrixOfRun } from './matrixOfRun';
import { memoryOfStretches } from './memoryOfRun';
import type { FinishOptions, RunNumbers, RunnableModel } from './runNumbers';
import { NextTokens, forecastOf, outputRow } from '../engine/outputOfRun';
import type { ChosenSequence } from './scene';
import { valuesIn } from './window';
import { whyOfRun } from './whyOfRun';
import { words } from './words';

const helper = threads();
const stretchHelper = stretchThreads();

/** Rows of a gate that an average is taken of: more would have to be computed again. */
const AVERAGED_ROWS = 2048;

/** Rejects as the engine's `record` does. */
export async function recordedRun(
  { network, weights, trained, clamps = [] }: RunnableModel,
  { sequence, expected }: ChosenSequence,
  options: FinishOptions,
): Promise<{ readonly numbers: RunNumbers; readonly milliseconds: number }> {
  const { translate } = options;
  const { steps } = sequence;
  const began = performance.now();
  const next = new NextTokens(network, sequence);
  const activities = new Activities(network);
  let outputUnits = 0;
  const recording = await record(network, weights, sequence, {
    ...options,
    ...{ clamps, helper },
    onStretch(trace, from) {
      next.add(trace, from);
      activities.add(trace);
      outputUnits = trace.output.units;
    },
  });
  const milliseconds = performance.now() - began;
  const { summary, output, stretches } = recording;
  const rows = { rows: summary.top.unit.length, units: outputUnits };
  const facts = { ...stretches.ran, trained, translate, summary, output: rows };
  const memory = memoryOfStretches(facts, stretches, activities, { threads: stretchHelper });
  const matrix = matrixOfRun(facts, stretches);
  const attribution = attributionOfRun(facts, stretches, options.memory);
  const explained = {
    ...{ network, signals: summary.signals, explain: explainingRecording(recording) },
    rows: (question: RowsQuestion) => recording.rows(question),
    most: AVERAGED_ROWS,
  };
  const numbers: RunNumbers = {
    summary,
    recorded: true,
    recording,
    async values(address) {
      const { step } = address;
      return valuesAt(network, await recording.stretch(step, step + 1), { ...address, step: 0 });
    },
    window: async (from, to) => valuesIn(network, await recording.stretch(from, to), { from, to }, from),
    unit: async (unit, stretch = { from: 0, to: steps }) => recording.unit(unit, stretch.from, stretch.to),
    rows: explained.rows,
    why: (question) => whyOfRun(explained, question),
    on: (question, onStretch) => onUnitsOfStretches(stretches, question, onStretch),
    async output(step) {
      const found = outputRow(await recording.stretch(step, step + 1), 0);
      return { ...found, step: summary.top.unit.length === 1 ? steps - 1 : step };
    },
    next: () => next.probabilities,
    forecast(unit, against) {
      if (output) return forecastOf({ network, sequence, expected, trace: { steps, output } }, unit, against);
      throw new Error(translate(words.outputNotKept, steps.toLocaleString('en')));
    },
    memory: (question, signal) => memory(question, { signal }),
    matrix: (question, signal) => matrix(question, { signal }),
    attribution: (choice, part, signal) => attribution(choice, part, { signal }),
  };
  return { numbers, milliseconds };
}
