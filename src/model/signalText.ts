/** Signals in text, as `--set` and `--at` take them: `lstm.1.backward.f[12]@3`. */
import { type Layer, type SignalAddress, isRecurrent } from './network';

/** A unit of a signal at a step of the sequence. */
export interface UnitAddress extends SignalAddress {
  readonly unit: number;
  readonly step: number;
}

/** Level and direction are named where the layer has several. */
export function signalText(
  { layer: name, level, direction, signal }: SignalAddress,
  layer: Layer | undefined,
): string {
  const recurrent = layer && isRecurrent(layer) ? layer : undefined;
  const levels = recurrent && recurrent.levels > 1 ? [level] : [];
  const directions = recurrent && recurrent.directions.length > 1 ? [direction] : [];
  return [name, ...levels, ...directions, signal].join('.');
}
