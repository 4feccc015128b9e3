/** What a signal does, in words: for people who learn. */
import { cellFacts } from '../cells';
import { isRecurrent, type Network, type RecurrentLayer } from '../model/network';
import { formatValue } from './format';
import { textWidth } from './text';
import { fill, words as common } from './words';

/** How much a gate lets through, by the share from which on it is more. */
const AMOUNTS = [
  [0.05, common.nothing],
  [0.2, common.little],
  [0.4, common.third],
  [0.6, common.half],
  [0.8, common.twoThirds],
  [0.95, common.most],
  [Infinity, common.all],
] as const;

/** `share` from 0 to 1. */
export function amountInWords(share: number): string {
  return AMOUNTS.find(([below]) => share < below)?.[1] ?? common.all;
}

/** A number of a signal. */
export interface Said {
  /** Undefined where there is none. */
  readonly value: number | undefined;
  /** A gate's is the share that it lets through. */
  readonly isGate: boolean;
}

/** `forget gate 55 %: keeps about half of what was in c`. */
export function saidOf(layer: RecurrentLayer, signal: string, said: Said): string {
  const { signals, words } = cellFacts(layer);
  return phrase(signals[signal], words[signal].does, said);
}

/** `forget 55 %: keeps about half`. */
export function brieflySaid(layer: RecurrentLayer, signal: string, said: Said): string {
  const { signals, words } = cellFacts(layer);
  if (!isThere(said)) return signals[signal];
  const { called, brief } = words[signal];
  return phrase(called, brief, said);
}

function phrase(name: string, does: string, said: Said): string {
  if (!isThere(said)) return name;
  const { value, isGate } = said;
  return isGate
    ? fill(common.saidOfGate, name, Math.round(value * 100), fill(does, amountInWords(value)))
    : fill(common.saidOfValue, name, fill(does, formatValue(value)));
}

function isThere(said: Said): said is Said & { readonly value: number } {
  return said.value !== undefined && Number.isFinite(said.value);
}

/** Of a letter at 11 pixels. */
const LETTER = 6;

/** The width that `brieflySaid` takes at most of the cells of a network, in pixels at 11. */
export function saidWidth({ layers }: Network): number {
  const widths = layers
    .filter(isRecurrent)
    .flatMap((layer) =>
      Object.keys(cellFacts(layer).signals).flatMap((signal) => [
        ...AMOUNTS.map(([below]) =>
          brieflySaid(layer, signal, { value: Math.min(below, 1) - 0.04, isGate: true }),
        ),
        brieflySaid(layer, signal, { value: -1, isGate: false }),
      ]),
    );
  return Math.max(0, ...widths.map(textWidth)) * LETTER;
}
