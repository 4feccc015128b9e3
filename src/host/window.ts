/** Every signal at the steps that a panel shows, so that what the pointer comes to is there before it. */
import { valuesAt } from '../engine/statistics';
import type { LayerTrace, SignalTrace, Trace } from '../engine/trace';
import type { Network } from '../model/network';
import { rowOfStep } from '../model/time';
import { MOST_AHEAD, type AddressedValues } from '../protocol';
import { say } from '../words/say';

interface Window {
  /** The first step, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * What `valuesAt` says of each signal at each step of a window; nothing of those that have no row there. Throws RangeError
 * for more numbers than a page may ask for.
 *
 * @param first the step of the trace's first row; of a trace that is only a part, signals that have a row a step count.
 */
export function valuesIn(
  network: Network,
  trace: Pick<Trace, 'steps' | 'layers'>,
  { from, to }: Window,
  first?: number,
): AddressedValues[] {
  const signals = trace.layers.flatMap((layer) => layer.signals.map((signal) => ({ layer, signal })));
  const units = signals.reduce((sum, { signal }) => sum + signal.units, 0);
  if (!(from < to && (to - from) * units <= MOST_AHEAD)) {
    throw new RangeError(
      say`expected steps of up to ${MOST_AHEAD} numbers, found ${from} to ${to} of ${units} each`,
    );
  }
  const found: AddressedValues[] = [];
  const numbers = new Float32Array((to - from) * units);
  let at = 0;
  for (const { layer, signal } of signals) {
    for (let step = from; step < to; step++) {
      if (first === undefined ? rowOfStep(trace, signal, step) < 0 : signal.rows !== trace.steps) continue;
      const address = addressOf(layer, signal, step);
      const { values, ...figures } = valuesAt(network, trace, { ...address, step: step - (first ?? 0) });
      // In one buffer, which is sent as one.
      numbers.set(values, at);
      found.push({ address, values: { ...figures, values: numbers.subarray(at, (at += values.length)) } });
    }
  }
  return found;
}

function addressOf(
  { layer, level, direction }: LayerTrace,
  { signal }: SignalTrace,
  step: number,
): AddressedValues['address'] {
  return { layer, level, direction, signal, step };
}
