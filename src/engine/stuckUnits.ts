/** Units that did nothing but stay at an end of their range over a whole run: they carry no information, and hardly learn. */
import type { Network, SignalAddress } from '../model/network';
import { signalFacts } from '../model/signals';
import type { Saturation } from '../model/signalFacts';
import { isSaturated } from './statistics';
import { PIECE, type Work } from './slices';
import type { SignalTrace, Trace } from './trace';

export interface StuckUnits extends SignalAddress {
  /** `dead` are 0 at every step, behind relu; others are saturated at every step. */
  readonly saturation: Saturation;
  /** In ascending order, at least one. */
  readonly stuck: readonly number[];
  /** How many there are in all. */
  readonly units: number;
}

/** Of every signal that can be saturated and has a row per step; none of runs of fewer than `leastSteps`. */
export function* stuckUnits(network: Network, trace: Trace, leastSteps: number): Work<StuckUnits[]> {
  const found: StuckUnits[] = [];
  for (const { layer: name, level, direction, signals } of trace.layers) {
    const layer = network.layers.find((one) => one.name === name);
    for (const signal of layer ? signals : []) {
      const { saturation } = signalFacts(layer!, signal.signal);
      if (!saturation || signal.rows < leastSteps) continue;
      const stuck = yield* stuckIn(signal, saturation);
      const address = { layer: name, level, direction, signal: signal.signal };
      if (stuck.length > 0) found.push({ ...address, saturation, stuck, units: signal.units });
    }
  }
  return found;
}

function* stuckIn({ values, units, rows }: SignalTrace, saturation: Saturation): Work<number[]> {
  let left = Array.from({ length: units }, (_, unit) => unit);
  let done = 0;
  for (let row = 0; row < rows && left.length > 0; row++) {
    left = left.filter((unit) => isSaturated(values[row * units + unit], saturation));
    done += units;
    if (done < PIECE) continue;
    yield done;
    done = 0;
  }
  yield done;
  return left;
}
