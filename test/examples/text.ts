/** Examples from text: read a letter, say the next. */
import type { Network } from '../../src/model/network';
import { sequenceFromText } from '../../src/model/sequences';
import type { Example } from '../../src/engine/train/train';

/** Targets of a text's letters: each one's successor; nothing is asked of the last. */
export function nextToken(network: Network, text: string): Example {
  const { sequence } = sequenceFromText(network, text);
  if (sequence?.kind !== 'token') throw new Error(`not a text for this network: ${text}`);
  const classes = new Int32Array(sequence.steps).fill(-1);
  classes.set(sequence.ids.subarray(1));
  return { sequence, target: { kind: 'classes', classes } };
}

/** Stretches of a long text, `length` letters each, beginning at words. */
export function stretches(text: string, length: number): string[] {
  const words = text.split(/\s+/);
  const result: string[] = [];
  let current = '';
  for (const word of words) {
    if (current.length + word.length + 1 > length && current) {
      result.push(current);
      current = '';
    }
    current = current ? `${current} ${word}` : word;
  }
  return current ? [...result, current] : result;
}

/** Each line, and after it one of the others, `distances` lines on. */
export function followed(lines: readonly string[], distances: readonly number[]): string[] {
  return lines.flatMap((line, k) =>
    distances.map((distance) => `${line} ${lines[(k + distance) % lines.length]}`),
  );
}
