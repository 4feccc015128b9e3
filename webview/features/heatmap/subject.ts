/** Which signal is shown, and which of its rows. */
import { INPUT, SIGNALS, isRecurrent, type Network, type SignalAddress } from '../../../src/model/network';
import { rowOfStep, stepOfRow, type TimedRows } from '../../../src/model/time';
import { hasText as sequenceHasText } from '../../../src/picture/heatmap/picture';
import type { Rows, RunSummary, SignalSummary } from '../../../src/protocol';
import { notRunReason, signalOf } from '../../shared/signals';
import type { State } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { shownRows, type Cursor, type HeatMap } from './state';
import { words } from './words';

export const NAME = 'heatmap';

/** What is shown. */
export interface Subject {
  readonly run: RunSummary;
  readonly signal: SignalAddress;
  readonly summary: SignalSummary;
  /** The rows that are shown: from, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Null where there is nothing to show: `obstacle` says why. */
export function subjectOf(state: State, { zoom }: HeatMap): Subject | null {
  const { run, selection } = state;
  const summary = run && selection.signal && signalOf(run, selection.signal);
  if (!summary) return null;
  return { run, signal: selection.signal!, summary, ...shownRows(zoom, summary.rows) };
}

/** Why there is nothing to show, and whether that is by a fault, or will pass. */
export function obstacle(state: State): {
  readonly phase: 'loading' | 'empty' | 'error';
  readonly words: string;
} {
  const { scene, run, running, runFailure, selection } = state;
  if (running) return { phase: 'loading', words: words.running };
  if (!run) return runFailure === null ? { phase: 'empty', words: common.notRunYet } : failed(runFailure);
  if (!scene || !selection.signal) return { phase: 'loading', words: words.reading };
  const reason = notRunReason(scene.network, run, selection.signal);
  const { signal, layer } = selection.signal;
  return { phase: 'empty', words: reason ?? fill(words.absent, signal, layer) };
}

function failed(message: string): ReturnType<typeof obstacle> {
  return { phase: 'error', words: message };
}

/** Whether the text of the sequence is what the signal's rows belong to. */
export function hasText({ sequence }: State, signal: Pick<SignalSummary, 'rows' | 'time'>): boolean {
  return sequence !== null && sequenceHasText(sequence, signal);
}

/** Where the cursor is: at the chosen unit and the playhead unless it was moved, on a row that there is. */
export function cursorOf(state: State, own: HeatMap, { run, summary }: Subject): Cursor {
  const { unit, step } = own.cursor ?? { unit: state.selection.unit ?? 0, step: state.step };
  const row = nearestRow(run.sequence, summary, step);
  return { unit: Math.min(unit, summary.units - 1), step: stepOfRow(run.sequence, summary, row) };
}

/** The row of a step, or the one nearest to it. */
export function nearestRow(sequence: { readonly steps: number }, signal: TimedRows, step: number): number {
  const row = rowOfStep(sequence, signal, step);
  if (row >= 0) return row;
  const { time, rows } = signal;
  const counted = time && time !== 'own' ? Math.round((step - time.first) / time.stride) : step;
  return Math.max(0, Math.min(counted, rows - 1));
}

export function isWithin({ run, summary, from, to }: Subject, step: number): boolean {
  const row = nearestRow(run.sequence, summary, step);
  return row >= from && row < to;
}

/** Rows that share a column. */
interface RowsOfColumn {
  readonly first: number;
  readonly last: number;
}

/** What a unit is in some rows. */
export interface CellReading extends RowsOfColumn {
  readonly min: number;
  readonly max: number;
}

/** The column of an answer in which a row is, and what shares it; null where it does not hold that row. */
export function columnAt({ from, to, columns }: Pick<Rows, 'from' | 'to' | 'columns'>, row: number) {
  if (row < from || row >= to) return null;
  const count = to - from;
  const startOf = (column: number) => from + Math.floor((column * count) / columns);
  let column = Math.min(columns - 1, Math.floor(((row - from) * columns) / count));
  while (column + 1 < columns && startOf(column + 1) <= row) column++;
  return { column, first: startOf(column), last: startOf(column + 1) - 1 };
}

/** The least and the largest number of the only unit of an answer, NaN where one is, in the columns that hold some rows. */
export function extremesIn(rows: Rows, { first, last }: RowsOfColumn): CellReading | null {
  const [from, to] = [columnAt(rows, first), columnAt(rows, last)];
  if (!from || !to) return null;
  const part = (values: Float32Array) => values.subarray(from.column, to.column + 1);
  return { first, last, min: Math.min(...part(rows.min)), max: Math.max(...part(rows.max ?? rows.min)) };
}

/** A layer, level and direction, and its signals. */
export interface Place extends Omit<SignalAddress, 'signal'> {
  readonly signals: readonly string[];
}

/** All that can be chosen, in the order of the network: also what is not run, which says so. */
export function placesOf(network: Network): Place[] {
  const places: Place[] = [{ layer: INPUT, level: 0, direction: 'forward', signals: ['x'] }];
  for (const layer of network.layers) {
    const { name, type } = layer;
    const signals = SIGNALS[type];
    if (!isRecurrent(layer)) places.push({ layer: name, level: 0, direction: 'forward', signals });
    else {
      for (let level = 0; level < layer.levels; level++) {
        for (const direction of layer.directions) places.push({ layer: name, level, direction, signals });
      }
    }
  }
  return places;
}
