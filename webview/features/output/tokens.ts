/** The text, a cell a token, as high and as coloured as the network held it probable before it came. */
import { css, type Theme } from '../../colour/color';
import type { ColorScale } from '../../colour/scale';
import { extremesIn } from '../../shared/bins';
import { visible } from '../../../src/unroll/mermaid';
import { tokenText } from '../../ui/text';
import type { Size } from './timeline';

export interface TokenPicture {
  readonly tokens: readonly string[];
  /** By the step before: that of the token at step 1 stands at 0. */
  readonly probabilities: Float32Array;
  readonly scale: ColorScale;
}

const LETTERS = 20;
/** Narrower cells have no letters. */
const LETTER_ROOM = 9;

export function paintTokens(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  { tokens, probabilities, scale }: TokenPicture,
  theme: Theme,
): void {
  context.clearRect(0, 0, width, height);
  const cell = width / Math.max(1, tokens.length);
  const letters = cell >= LETTER_ROOM;
  const base = height - (letters ? LETTERS : 1);
  context.fillStyle = css(theme.line);
  for (const share of [0, 0.5, 1]) context.fillRect(0, Math.round(base * (1 - share)), width, 1);
  const bar = (x: number, room: number, share: number) => {
    if (Number.isNaN(share)) return;
    const size = Math.max(1, share * base);
    context.fillStyle = scale.swatch('gate', Math.max(0.12, share)).fill;
    context.fillRect(x, base - size, room, size);
  };
  if (tokens.length > 2 * width) {
    // Of many tokens the one that was least expected is seen.
    const { min } = extremesIn(probabilities, Math.max(1, width));
    min.forEach((share, place) => bar(place, 1, share));
    return;
  }
  for (let step = 1; step < tokens.length; step++) {
    bar(step * cell, Math.max(1, cell - (cell > 4 ? 1 : 0)), probabilities[step - 1]);
  }
  if (!letters) return;
  context.font = `12px ${theme.monoFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = css(theme.foreground);
  for (const [step, token] of tokens.entries()) {
    const text = visible(tokenText(token));
    const fits = context.measureText(text).width <= Math.max(cell, LETTER_ROOM);
    context.fillText(fits ? text : [...text][0], (step + 0.5) * cell, height - LETTERS / 2 + 1);
  }
}
