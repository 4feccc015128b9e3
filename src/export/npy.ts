/** Names and headers of NumPy's files. */
import { INPUT } from '../model/network';
import { OUTPUT } from './exported';
import type { ChosenSignal } from './signals';

/** Longer layers' names are cut. */
const MOST_CHARACTERS = 1000;
/** A header's length is a multiple of it, so that the numbers are aligned. */
const ALIGNMENT = 64;

/**
 * The head of a `.npy` file of float32 rows × units, format 1.0 (numpy.lib.format): magic, version, the length of what
 * follows, a Python dictionary, spaces up to the next multiple of 64, a line feed.
 */
export function npyHeader(rows: number, units: number): Uint8Array {
  const facts = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${units}), }`;
  const magic = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0];
  const length = Math.ceil((magic.length + 2 + facts.length + 1) / ALIGNMENT) * ALIGNMENT;
  const text = new TextEncoder().encode(`${facts.padEnd(length - magic.length - 2 - 1)}\n`);
  return Uint8Array.of(...magic, text.length & 0xff, text.length >> 8, ...text);
}

/**
 * `LAYER.LEVEL.DIRECTION.SIGNAL`, `input`, `output`. A layer's name is as it is, but for what no file may be called:
 * control characters, backslashes, `..` as a part of a path, lone surrogates. No two are alike.
 */
export function arrayNames(signals: readonly ChosenSignal[]): Map<ChosenSignal, string> {
  const taken = new Set<string>();
  return new Map(
    signals.map((one) => {
      const name = nameOf(one);
      let own = name;
      for (let k = 2; taken.has(own); k++) own = `${name}_${k}`;
      taken.add(own);
      return [one, own];
    }),
  );
}

function nameOf({ layer, level, direction, signal, type }: ChosenSignal): string {
  if (type === OUTPUT) return OUTPUT;
  if (type === 'input' && layer === INPUT) return INPUT;
  const cut = layer.slice(0, MOST_CHARACTERS);
  const safe = cut
    .replace(/[\\\p{Cc}\p{Surrogate}]/gu, '_')
    .replace(/(^|\/)\.\.(?=\/|$)/g, '$1__')
    .replace(/^\/+(?=\/)/, '');
  return `${safe}.${level}.${direction}.${signal}`;
}
