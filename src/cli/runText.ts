/** A run in words: the output, step by step. */
import type { Recording } from '../engine/recording/record';
import type { SignalTrace, Trace } from '../engine/trace';
import { counted } from '../model/json/decode';
import { type Network } from '../model/network';
import { outputLayer } from '../model/partial';
import type { Sequence } from '../model/samples';
import { stepOfRow } from '../model/time';
import { firstText } from './first';
import { oneLine } from './output';
import type { Chosen } from './sequence';
import { short, tableLines } from './table';

/** Rows that are shown of a long output, half from its beginning, half from its end. */
const MAX_ROWS = 40;
const MAX_FEATURES = 4;
const MAX_UNITS = 6;
/** Of wider outputs, the largest. */
const LARGEST = 3;

/** The rows of an output, of which some are looked at. */
export interface OutputRows extends Pick<SignalTrace, 'rows' | 'units' | 'time'> {
  row(row: number): Float32Array;
}

export function rowsOfTrace({ output }: Pick<Trace, 'output'>): OutputRows {
  const { rows, units, time, values } = output;
  return { rows, units, time, row: (row) => values.subarray(row * units, (row + 1) * units) };
}

/** The same of a recording: those that are shown. */
export async function rowsOfRecording(recording: Recording): Promise<OutputRows> {
  const { steps, output } = recording;
  if (output) return rowsOfTrace({ output });
  const edge = Math.min(steps, MAX_ROWS);
  const [first, last] = [await recording.stretch(0, edge), await recording.stretch(steps - edge, steps)];
  const [head, tail] = [rowsOfTrace(first), rowsOfTrace(last)];
  return {
    ...{ rows: steps, units: head.units },
    row: (row) => (row < edge ? head.row(row) : tail.row(row - steps + edge)),
  };
}

/** What ran, and with what held. */
interface Given extends Pick<Chosen, 'called' | 'from'> {
  readonly set: readonly string[];
}

export function* runText(
  network: Network,
  sequence: Sequence,
  output: OutputRows,
  given: Given,
): Generator<string> {
  const { name } = outputLayer(network);
  const { called, set } = given;
  const on = oneLine(`${called}${set.length > 0 ? ` with ${set.join(' ')}` : ''}`);
  yield `${oneLine(network.name)} on ${on}: ${counted(sequence.steps, 'step')}; the output of ${oneLine(name)}, ${output.rows} × ${output.units}\n`;
  yield* firstText(given);
  const rows = Array.from({ length: output.rows }, (_, row) => row);
  const shown =
    rows.length > MAX_ROWS ? [...rows.slice(0, MAX_ROWS / 2), ...rows.slice(-MAX_ROWS / 2)] : rows;
  const cells = shown.map((row) => {
    const step = stepOfRow(sequence, output, row);
    const values = output.row(row);
    const input = output.time === 'own' ? '' : inputAt(sequence, step);
    return [String(step), input, ...outputCells(network, values)];
  });
  const lines = tableLines(['step', 'input', ...outputHeads(network, output.units)], cells);
  const cut = shown.length < rows.length ? 1 + MAX_ROWS / 2 : lines.length;
  for (const line of lines.slice(0, cut)) yield `${line}\n`;
  if (cut < lines.length) yield `… ${rows.length - shown.length} more; --json has all, and every gate\n`;
  for (const line of lines.slice(cut)) yield `${line}\n`;
}

function inputAt(sequence: Sequence, step: number): string {
  if (sequence.kind === 'token') return oneLine(JSON.stringify(sequence.tokens[step]));
  const { size, values } = sequence;
  const shown = Array.from(values.subarray(step * size, step * size + Math.min(size, MAX_FEATURES)), short);
  return [...shown, ...(size > MAX_FEATURES ? ['…'] : [])].join(' ');
}

function outputHeads(network: Network, units: number): string[] {
  if (units > MAX_UNITS) return ['largest'];
  return Array.from({ length: units }, (_, unit) => labelOf(network, unit));
}

function outputCells(network: Network, values: Float32Array): string[] {
  if (values.length <= MAX_UNITS) return Array.from(values, short);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  return [
    order
      .slice(0, LARGEST)
      .map((unit) => `${labelOf(network, unit)} ${short(values[unit])}`)
      .join(', '),
  ];
}

/** The name of a unit of the output, or its number. */
export function labelOf({ outputLabels }: Network, unit: number): string {
  const label = outputLabels?.[unit];
  return label === undefined ? `y${unit}` : oneLine(/^\S+$/.test(label) ? label : JSON.stringify(label));
}
