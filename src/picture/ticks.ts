/** Texts below an axis, as many as do not touch. */

export interface Tick {
  readonly text: string;
  /** Its middle. */
  readonly x: number;
  /** Of its width. */
  readonly half: number;
}

/**
 * At most `most` texts with at least `gap` pixels between two; one where two have no room.
 *
 * @param placed gives about as many ticks as asked for, from left to right.
 */
export function ticksApart(
  most: number,
  gap: number,
  placed: (count: number) => readonly Tick[],
): readonly Tick[] {
  for (let count = most; count > 1; count--) {
    const ticks = placed(count);
    const touches = ticks.some(
      ({ x, half }, k) => k > 0 && x - half < ticks[k - 1].x + ticks[k - 1].half + gap,
    );
    if (!touches) return ticks;
  }
  return placed(1).slice(0, 1);
}
