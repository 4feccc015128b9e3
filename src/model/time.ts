/** How the rows that a layer gives stand to the steps of the sequence. */
import { say } from '../words/say';
import {
  INPUT,
  type Conv1dLayer,
  type Conv2dLayer,
  type Layer,
  type Network,
  type PaddingMode,
  type Pool1dLayer,
  type Pool2dLayer,
  type SliceLayer,
  isRecurrent,
} from './network';

/**
 * A row per step; a row at some of the steps; a single one, for the last step; a row per step of another sequence, of a
 * further input or a decoder's; or rows that are counted on their own.
 */
export type Time = 'steps' | 'some' | 'row' | 'further' | 'own';

const OF_CLOCK = { shared: 'steps', own: 'further', row: 'row' } as const;

/** What each layer gives, by name, and the network's input. */
export function timesOf({ layers }: Pick<Network, 'layers'>): ReadonlyMap<string, Time> {
  const times = new Map<string, Time>([[INPUT, 'steps']]);
  for (const layer of layers) times.set(layer.name, timeAfter(layer, times.get(layer.inputs[0]) ?? 'steps'));
  return times;
}

/** `before` is what the layer's first input gives. */
function timeAfter(layer: Layer, before: Time): Time {
  if (isRecurrent(layer)) return layer.returnSequences ? before : 'row';
  switch (layer.type) {
    case 'input':
      return OF_CLOCK[layer.clock];
    case 'flatten':
    case 'global_pool':
    case 'select':
    case 'final_state':
      return 'row';
    case 'reshape':
      return 'own';
    case 'repeat_vector':
      return 'further';
    case 'slice':
      return before === 'steps' ? 'some' : before;
    case 'conv1d':
    case 'pool1d':
    case 'conv2d':
    case 'pool2d': {
      const lost = windowLoss(layer);
      if (lost < 0) return 'own';
      return before !== 'steps' || (strideOf(layer) === 1 && lost === 0) ? before : 'some';
    }
    default:
      return before;
  }
}

/** Rows that a layer gives for `rows` of its first input, if it can take so many: see `rowFault`. */
export function rowsAfter(layer: Layer, rows: number): number {
  if (isRecurrent(layer)) return layer.returnSequences ? rows : 1;
  switch (layer.type) {
    case 'input':
      return layer.clock === 'row' ? 1 : rows;
    case 'flatten':
    case 'global_pool':
    case 'select':
    case 'final_state':
      return 1;
    case 'reshape':
      return Math.max(1, Math.floor((rows * layer.inputSize) / layer.outputSize));
    case 'repeat_vector':
      return layer.count;
    case 'conv1d':
    case 'pool1d':
    case 'conv2d':
    case 'pool2d':
      return Math.max(1, placesOf(layer, rows));
    case 'slice': {
      const { from, to } = boundsOf(layer, rows);
      return Math.max(1, Math.ceil((to - from) / layer.stride));
    }
    default:
      return rows;
  }
}

type WindowLayer = Conv1dLayer | Pool1dLayer | Conv2dLayer | Pool2dLayer;

/** Rows that get lost where windows do not reach beyond the ends; less than 0 where they reach so far that rows are added. */
export function windowLoss(layer: WindowLayer): number {
  const { padding } = layer;
  if (padding === 'same' || padding === 'causal') return 0;
  const spanned =
    layer.type === 'conv2d' || layer.type === 'pool2d'
      ? (layer.kernel.steps - 1) * layer.dilation.steps
      : reachOf(layer) - 1;
  return padding === 'valid' ? spanned : spanned - padding.before - padding.after;
}

/** Rows from one window to the next. */
export function strideOf({ stride }: WindowLayer): number {
  return typeof stride === 'number' ? stride : stride.steps;
}

function placesOf(layer: WindowLayer, rows: number): number {
  return Math.floor((rows - windowLoss(layer) - 1) / strideOf(layer)) + 1;
}

/** Why the units of a row are no whole columns of an image that the windows fit into; undefined if they are. */
export function imageFault(layer: Conv2dLayer | Pool2dLayer): string | undefined {
  const { channels, inputSize, outputSize } = layer;
  if (inputSize % channels !== 0) return say`${inputSize} units are no whole number of ${channels} channels`;
  const height = heightAfter(layer, inputSize / channels);
  if (height < 1) return say`its windows are higher than the ${inputSize / channels} units of a channel`;
  if (layer.type === 'conv2d' && (channels % layer.groups || layer.outChannels % layer.groups)) {
    return say`${channels} and ${layer.outChannels} channels do not make ${layer.groups} groups`;
  }
  const expected = height * (layer.type === 'conv2d' ? layer.outChannels : channels);
  return outputSize === expected ? undefined : say`expected ${expected} outputs, found ${outputSize}`;
}

/** The height of what a layer gives, from that of what it reads. */
export function heightAfter(
  { kernel, stride, dilation, padding }: Pick<Conv2dLayer, 'kernel' | 'stride' | 'dilation' | 'padding'>,
  height: number,
): number {
  const lost = (kernel.height - 1) * dilation.height - padding.top - padding.bottom;
  return Math.floor((height - lost - 1) / stride.height) + 1;
}

/** The first row that a slice takes of so many, and the first that it does not take any more. */
export function boundsOf(
  { from, to }: SliceLayer,
  rows: number,
): { readonly from: number; readonly to: number } {
  const bound = (place: number) => Math.min(Math.max(place < 0 ? rows + place : place, 0), rows);
  return { from: bound(from), to: to === undefined ? rows : bound(to) };
}

/** Why a layer cannot take so many rows of its first input; undefined if it can. */
export function rowFault(layer: Layer, rows: number): string | undefined {
  switch (layer.type) {
    case 'flatten': {
      const expected = layer.outputSize / layer.inputSize;
      return rows === expected ? undefined : say`flattens ${expected} rows, found ${rows}`;
    }
    case 'reshape': {
      const numbers = rows * layer.inputSize;
      const whole = numbers % layer.outputSize === 0;
      return whole ? undefined : say`${numbers} numbers do not make whole rows of ${layer.outputSize}`;
    }
    case 'repeat_vector':
      return rows === 1 ? undefined : say`repeats a single row, found ${rows}`;
    case 'select': {
      const { step } = layer;
      const there = step < 0 ? -step <= rows : step < rows;
      return there ? undefined : say`takes row ${step}, found only ${rows}`;
    }
    case 'conv2d':
    case 'pool2d':
      return placesOf(layer, rows) > 0 ? undefined : say`its windows are longer than ${rows} rows`;
    case 'slice': {
      const { from, to } = boundsOf(layer, rows);
      return from < to ? undefined : say`takes rows [${pythonRange(layer)}], of which ${rows} have none`;
    }
    case 'conv1d':
    case 'pool1d': {
      const least =
        Math.max(windowLoss(layer), layer.type === 'conv1d' ? leastForPadding(layer, rows) : 0) + 1;
      return rows >= least ? undefined : say`expected at least ${least} rows, found ${rows}`;
    }
    default:
      return undefined;
  }
}

/** Rows that must be there beside one, for padding that is taken from them. */
function leastForPadding(layer: Conv1dLayer, rows: number): number {
  const { paddingMode: mode } = layer;
  if (mode !== 'reflect' && mode !== 'wrap') return 0;
  const before = paddingBefore(layer, rows);
  const around = Math.max(before, reachOf(layer) - 1 - windowLoss(layer) - before);
  return mode === 'reflect' ? around : around - 1;
}

/** As Python writes it: `-3:`, `::2`. */
export function pythonRange({ from, to, stride }: SliceLayer): string {
  return `${from === 0 ? '' : from}:${to ?? ''}${stride === 1 ? '' : `:${stride}`}`;
}

/** Rows that one window spans. */
export function reachOf(layer: Conv1dLayer | Pool1dLayer): number {
  return layer.type === 'pool1d' ? layer.size : (layer.kernelSize - 1) * layer.dilation + 1;
}

/** The row that stands at a place, which may lie beyond the ends; −1 where zeros do. */
export function rowAt(place: number, rows: number, mode: PaddingMode | undefined): number {
  if (place >= 0 && place < rows) return place;
  switch (mode) {
    case undefined:
      return -1;
    case 'edge':
      return place < 0 ? 0 : rows - 1;
    case 'reflect':
      return place < 0 ? -place : 2 * (rows - 1) - place;
    case 'wrap':
      return place < 0 ? place + rows : place - rows;
  }
}

/** Rows of padding before the first: as said, none, enough to end on the first row, or half of what is needed (Keras). */
export function paddingBefore(layer: Conv1dLayer | Pool1dLayer, rows: number): number {
  const { padding, stride } = layer;
  const reach = reachOf(layer);
  if (padding === 'valid') return 0;
  if (padding === 'causal') return reach - 1;
  if (padding !== 'same') return padding.before;
  const needed = Math.max(0, (Math.ceil(rows / stride) - 1) * stride + reach - rows);
  return Math.floor(needed / 2);
}

/**
 * Every `stride`th step from `first` on (after a convolution or pooling, the last step that a row has seen, or the one
 * it is centred on), or rows that are counted on their own (of a decoder, after a reshape).
 */
export type RowTime = { readonly first: number; readonly stride: number } | 'own';

/** The rows of a signal. */
export interface TimedRows {
  readonly rows: number;
  /** Absent where it is one per step, or the last alone. */
  readonly time?: RowTime;
}

/** The row of a signal that belongs to a step of the sequence; −1 if there is none. */
export function rowOfStep(trace: { readonly steps: number }, signal: TimedRows, step: number): number {
  const { rows, time } = signal;
  const counted = time && time !== 'own' ? (step - time.first) / time.stride : step;
  const row = rows === 1 && time !== 'own' ? 0 : counted;
  const exists = Number.isInteger(row) && row >= 0 && row < rows;
  return exists && stepOfRow(trace, signal, row) === step ? row : -1;
}

/** The step of the sequence that a row of a signal belongs to; the row itself where rows are counted on their own. */
export function stepOfRow(trace: { readonly steps: number }, signal: TimedRows, row: number): number {
  if (signal.time === 'own') return row;
  if (signal.time) return signal.time.first + row * signal.time.stride;
  return signal.rows === trace.steps ? row : trace.steps - 1;
}
