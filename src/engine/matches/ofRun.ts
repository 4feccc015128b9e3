/** Which units of a signal are on in a sequence that is run for that alone: nothing else of it is kept. */
import type { SignalAddress } from '../../model/network';
import { runningPart } from '../../model/partial';
import { checkClamps } from '../clamps';
import { checkRun } from '../check';
import { forward } from '../forward';
import type { Ran } from '../gradient';
import { arithmeticFor } from '../kernels/choose';
import type { ThreadHelper } from '../kernels/shared/helper';
import { isRecorded } from '../recording/plan';
import { ComputedStretches, type Stretches } from '../recording/stretches';
import type { Work } from '../slices';
import { signalAt } from '../statistics';
import { withInput } from '../trace';
import { OnUnits, onUnits } from './onUnits';

export interface OnQuestion {
  readonly signal: SignalAddress;
  readonly threshold: number;
}

/** Hears of what is being filled, stretch by stretch. */
export type OnProgress = (on: OnUnits) => void;

export interface OnOptions {
  /** Bytes of a trace beyond which it is run in stretches, where the network allows it. */
  readonly most?: number;
  readonly helper?: ThreadHelper;
  /** Called after each stretch. */
  readonly onStretch?: OnProgress;
}

/** Throws as `run` does, and RangeError for a signal that it does not have. */
export function* onUnitsOfRun(
  { network: whole, weights, sequence, clamps }: Ran,
  question: OnQuestion,
  { most, helper, onStretch }: OnOptions = {},
): Work<OnUnits> {
  const network = runningPart(whole, sequence);
  checkRun(network, weights, sequence, undefined);
  checkClamps(network, sequence, clamps);
  const arithmetic = arithmeticFor(weights, undefined, helper);
  if (isRecorded(whole, sequence, most)) {
    const ran = { network, weights, sequence, clamps };
    return yield* onUnitsOfStretches(new ComputedStretches(ran, arithmetic, undefined), question, onStretch);
  }
  const trace = yield* forward(network, weights, sequence, { arithmetic, clamps });
  return yield* onUnits(signalAt(withInput(trace, sequence), question.signal), question.threshold);
}

/** Stretch by stretch; of a signal with a single row that of the last. */
export function* onUnitsOfStretches(
  stretches: Stretches,
  { signal: address, threshold }: OnQuestion,
  onStretch?: OnProgress,
): Work<OnUnits> {
  let on: OnUnits | undefined;
  for (let index = 0; index < stretches.count; index++) {
    const trace = yield* stretches.trace(index);
    const signal = signalAt(trace, address);
    const whole = signal.rows === trace.steps;
    if (!whole || !on) {
      on = new OnUnits(signal.signal, whole ? stretches.ran.sequence.steps : 1, signal.units);
    }
    yield* on.add(signal.values, threshold);
    onStretch?.(on);
  }
  return on!;
}
