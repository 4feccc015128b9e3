/** A run of a model on a sequence, kept to answer the panel's questions. */
import type { OrderBy, UnitOrder } from '../engine/order/order';
import { isRecorded } from '../engine/recording/plan';
import type { RowsQuestion } from '../engine/rows';
import type { TraceSummary } from '../engine/statistics';
import type { SignalAddress } from '../model/network';
import { addressKey } from '../model/states';
import type { SequenceSummary, Shades } from '../protocol';
import { orderOfUnits } from './orderOfUnits';
import { recordedRun } from './recordedRun';
import type { FinishOptions, RunNumbers, RunnableModel } from './runNumbers';
import { toSequenceSummary, type ChosenSequence } from './scene';
import { shadesOf } from './shades';
import { wholeRun } from './wholeRun';

export interface FinishedRun extends RunNumbers {
  readonly sequence: SequenceSummary;
  readonly milliseconds: number;
  /** `rows` as shades of the signal's scale. */
  shades(question: RowsQuestion): Promise<Shades>;
  /** A signal's units, ordered. Rejects as `rows` does, and with an error named `AbortError` when cancelled. */
  order(signal: SignalAddress, by: OrderBy, cancel: AbortSignal): Promise<UnitOrder>;
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
  };
}

/** Of a signal that the run has. */
function scaleOf({ signals }: TraceSummary, signal: SignalAddress): number {
  return signals.find((one) => addressKey(one) === addressKey(signal))!.scale;
}
