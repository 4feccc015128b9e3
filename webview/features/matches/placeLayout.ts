/** Where what is shown of a place stands. No DOM. */
import type { Surroundings } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';

/** From the first to the last step. */
export interface Steps {
  readonly from: number;
  readonly to: number;
}

/** Height of a line in units of its own. */
export const HEIGHT = 100;
const LABEL_COLOURS = 6;

export function written(token: string): string {
  return token === '\n' ? '⏎' : visible(token) || '∅';
}

/** The index of the last of `around` that is not behind a step. */
export function indexOf({ first, ...around }: Surroundings, step: number): number {
  const stride = around.kind === 'vector' ? around.stride : 1;
  return Math.max(0, Math.min(countOf(around) - 1, Math.floor((step - first) / stride)));
}

export function countOf(
  around: Omit<Surroundings, 'first'> & { tokens?: unknown; values?: unknown },
): number {
  const items = (around.tokens ?? around.values) as { readonly length: number };
  return items.length;
}

/** From its least to its largest number: the shape is what is compared. Broken where a number is not finite. */
export function pathOf(values: Float32Array): string {
  const finite = values.filter(Number.isFinite);
  const least = finite.reduce((low, value) => Math.min(low, value), Infinity);
  const span = finite.reduce((high, value) => Math.max(high, value), -Infinity) - least || 1;
  let path = '';
  let pen = 'M';
  for (const [at, value] of values.entries()) {
    const isThere = Number.isFinite(value);
    const y = HEIGHT * (0.94 - 0.88 * ((value - least) / span));
    if (isThere) path += `${pen}${at + 0.5} ${y.toFixed(1)}`;
    pen = isThere ? 'L' : 'M';
  }
  return path;
}

/** The colours of labels, by the order in which they come. */
export class LabelNames {
  private readonly known = new Map<string, number>();

  /** 0 … 5; the seventh label has the first one's, and every label its name. */
  colourOf(label: string): number {
    let colour = this.known.get(label);
    if (colour === undefined) this.known.set(label, (colour = this.known.size % LABEL_COLOURS));
    return colour;
  }
}
