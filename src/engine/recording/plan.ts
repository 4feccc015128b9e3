/** Which runs are recorded, and what they take, known before any of it is computed. */
import { type Network, inputWidth } from '../../model/network';
import { runningPart, type Lengths } from '../../model/partial';
import { outputRows, plan, traceBytes } from '../plan';
import { Blocks } from './blocks';
import { Magnitudes } from './magnitudes';
import { KEPT_SEGMENTS, runsInSegments, segmentSteps, stepBytes } from './segments';

/** A trace that would take more is not kept whole where the network allows it. */
export const WHOLE_TRACE_BYTES = 128 * 2 ** 20;

/** An output that takes no more is kept whole, whatever is not. */
export const MOST_OUTPUT_BYTES = 32 * 2 ** 20;

export function outputBytes(rows: number, units: number): number {
  return rows * units * Float32Array.BYTES_PER_ELEMENT;
}

/** Whether a network can be run on sequences that are too long to keep every row of. */
export function canRecord(network: Network): boolean {
  return network.layers.length > 0 && runsInSegments(network);
}

/** Whether a run is to be recorded: `record` takes it, and its trace would take more than `limit` bytes. */
export function isRecorded(whole: Network, lengths: Lengths, limit = WHOLE_TRACE_BYTES): boolean {
  return canRecord(runningPart(whole, lengths)) && traceBytes(whole, lengths) > limit;
}

/** The least memory that a run can be kept in, in bytes: its trace, or its recording. */
export function keptBytes(whole: Network, lengths: Lengths): number {
  const bytes = traceBytes(whole, lengths);
  return canRecord(runningPart(whole, lengths)) ? Math.min(bytes, recordingBytes(whole, lengths)) : bytes;
}

/** The most memory that a recording takes, in bytes, beside its sequence. */
export function recordingBytes(whole: Network, lengths: Lengths): number {
  const network = runningPart(whole, lengths);
  const { steps } = lengths;
  const input = { rows: steps, signals: [{ units: inputWidth(network.input) }] };
  let bytes = TOP_BYTES * steps;
  for (const { rows, signals } of [input, ...plan(network, lengths)]) {
    for (const { units } of signals) {
      bytes += FIGURE_BYTES * rows + Blocks.bytes(rows, units) + Magnitudes.BYTES;
    }
  }
  const last = network.layers[network.layers.length - 1];
  bytes += Math.min(
    MOST_OUTPUT_BYTES,
    outputBytes(outputRows(network, lengths).get(last.name)!, last.outputSize),
  );
  const length = segmentSteps(network);
  const states = Math.ceil(steps / length) * stepBytes(network);
  return bytes + states + (KEPT_SEGMENTS + 1) * length * stepBytes(network);
}

/** The largest unit of a row of the output, and its value. */
const TOP_BYTES = 8;
/** Mean and root mean square of a row. */
const FIGURE_BYTES = 8;
