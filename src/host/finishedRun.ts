/** A run of a model on a sequence, kept to answer the panel's questions. */
import type { OrderBy, UnitOrder } from '../engine/order/order';
import { differencesOf, type Differences } from '../differences/differences';
import { type StretchedRun, differencesOfStretches } from '../differences/stretches';
import { isRecorded } from '../engine/recording/plan';
import { cut } from '../engine/recording/stretches';
import type { RowsQuestion } from '../engine/rows';
import type { TraceSummary } from '../engine/statistics';
import { INPUT, type SignalAddress } from '../model/network';
import { addressKey } from '../model/states';
import type { SequenceSummary, Shades } from '../protocol';
import { orderOfUnits } from './orderOfUnits';
import { recordedRun } from './recordedRun';
import type { FinishOptions, RunNumbers, RunnableModel } from './runNumbers';
import { toSequenceSummary, type ChosenSequence } from './scene';
import { shadesOf } from '../picture/heatmap/shades';
import { wholeRun } from './wholeRun';

/** What differs by less is the same but for rounding. */
const TOLERANCE = 1e-5;

export interface FinishedRun extends RunNumbers {
  readonly sequence: SequenceSummary;
  readonly milliseconds: number;
  /** `rows` as shades of the signal's scale. */
  shades(question: RowsQuestion): Promise<Shades>;
  /** A signal's units, ordered. Rejects as `rows` does, and with an error named `AbortError` when cancelled. */
  order(signal: SignalAddress, by: OrderBy, cancel: AbortSignal): Promise<UnitOrder>;
  /** Where this run differs from another; what is not held is computed again. Rejects as `order` when cancelled. */
  differencesFrom(other: FinishedRun, cancel: AbortSignal): Promise<Differences>;
}

/** Runs a network; rejects as the engine's `run` does. */
export async function finishRun(
  model: RunnableModel,
  choice: ChosenSequence,
  options: FinishOptions,
): Promise<FinishedRun> {
  const recorded = isRecorded(model.network, choice.sequence, options.most);
  const { numbers, milliseconds } = await (recorded ? recordedRun : wholeRun)(model, choice, options);
  return {
    ...numbers,
    milliseconds,
    sequence: toSequenceSummary(choice),
    shades: async (question) =>
      shadesOf(await numbers.rows(question), scaleOf(numbers.summary, question.signal)),
    order: (signal, by, cancel) =>
      orderOfUnits(numbers.summary, numbers.rows, signal, by, { signal: cancel }),
    async differencesFrom(other, cancel) {
      if (numbers.trace && other.trace) {
        return differencesOf(other.trace, numbers.trace, TOLERANCE, { signal: cancel });
      }
      const { length } = (numbers.recording ?? other.recording)!.stretches;
      const [a, b] = [other, numbers].map(stretchedRun);
      return differencesOfStretches(a, b, TOLERANCE, { signal: cancel, length });
    },
  };
}

/** Without the network's input. */
function stretchedRun({ trace, recording }: Pick<RunNumbers, 'trace' | 'recording'>): StretchedRun {
  if (trace) return { steps: trace.steps, stretch: async (from, to) => cut(trace, from, to) };
  return {
    steps: recording!.steps,
    async stretch(from, to) {
      const found = await recording!.stretch(from, to);
      return { ...found, layers: found.layers.filter(({ layer }) => layer !== INPUT) };
    },
  };
}

/** Of a signal that the run has. */
function scaleOf({ signals }: TraceSummary, signal: SignalAddress): number {
  return signals.find((one) => addressKey(one) === addressKey(signal))!.scale;
}
