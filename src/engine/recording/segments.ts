/** Sequences in segments, each run from the states that the one before ended in. */
import { INPUT, type Layer, type LayerType, type Network, isRecurrent } from '../../model/network';
import type { Sequence } from '../../model/samples';
import { cutSequence } from '../../model/sequences/window';
import { timesOf } from '../../model/time';
import type { Clamp } from '../clamps';
import { traceBytes } from '../plan';

/** Whether a run in segments gives what one run gives: each step needs nothing but itself and the states before it. */
export function runsInSegments({ layers }: Network): boolean {
  const times = timesOf({ layers });
  const single = (name: string) => times.get(name) === 'row';
  const mixes = ({ inputs }: Layer) => inputs.some(single) && !inputs.every(single);
  return layers.every((layer) => goesOn(layer) && !mixes(layer));
}

function goesOn(layer: Layer): boolean {
  if (isRecurrent(layer)) {
    const forward = layer.directions.join() === 'forward' && !layer.reverseOutput;
    return forward && layer.sequenceLength === undefined && layer.initialState?.kind !== 'handed';
  }
  if (layer.type === 'input') return layer.clock === 'shared';
  if (layer.type === 'select') return layer.step === -1;
  return STEP_BY_STEP.includes(layer.type);
}

const STEP_BY_STEP: readonly LayerType[] = [
  ...(['embedding', 'linear', 'dropout', 'activation', 'merge', 'final_state'] as const),
  ...(['layer_norm', 'rms_norm', 'batch_norm', 'masking'] as const),
];

/** What one segment's trace may take. */
const SEGMENT_BYTES = 4 << 20;
const LEAST_STEPS = 64;
const MOST_STEPS = 4096;

/** Segments whose traces are kept, the newest first. */
export const KEPT_SEGMENTS = 3;

/** What a step adds to a trace. */
export function stepBytes(network: Network): number {
  return traceBytes(network, { steps: 2 }) - traceBytes(network, { steps: 1 });
}

/** Steps of a segment: a power of 2, so that blocks of rows never cross an end. */
export function segmentSteps(network: Network): number {
  const fit = 2 ** Math.floor(Math.log2(SEGMENT_BYTES / Math.max(1, stepBytes(network))));
  return Math.min(MOST_STEPS, Math.max(LEAST_STEPS, fit));
}

/** Steps `from` to `to` − 1 of a sequence. */
export function segmentOf(network: Network, sequence: Sequence, from: number, to: number): Sequence {
  return cutSequence(network, sequence, { from, steps: to - from });
}

/** What is held within those steps, counted from the segment's first. */
export function clampsWithin(clamps: readonly Clamp[], from: number, to: number): readonly Clamp[] {
  return clamps.flatMap((clamp): Clamp[] => {
    if (isOfStart(clamp)) return from === 0 ? [clamp] : [];
    if (!clamp.steps) return [clamp];
    const [first, last] = [Math.max(clamp.steps[0], from), Math.min(clamp.steps[1], to - 1)];
    return first > last ? [] : [{ ...clamp, steps: [first - from, last - from] }];
  });
}

/** A state before the first step. */
function isOfStart({ layer, signal }: Clamp): boolean {
  return layer !== INPUT && (signal === 'h0' || signal === 'c0');
}
