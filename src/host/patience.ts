/** How long a run may take that nobody asked for. */

/** Models whose sequence is estimated to take longer than this wait for the user. */
export const UNASKED_MILLISECONDS = 100;

/**
 * Watches a run that began by itself, which an estimate can be wrong about. When its time is up it goes on only if it
 * will end within about as long again.
 */
export class Patience {
  private began?: number;
  /** The first sign of the part that is under way: what comes before, such as compiling, says nothing of how fast it is. */
  private first?: { readonly at: number; readonly done: number };

  /** @param tries how often it is begun: the first time, code may be compiled while it runs. */
  constructor(private readonly tries = 2) {}

  /** With the next try; undefined after the last. */
  again(): Patience | undefined {
    return this.tries > 1 ? new Patience(this.tries - 1) : undefined;
  }

  /** How long all of it takes, in milliseconds, if that is too long; `done` of `total` is done at the time `at`. */
  tooLong(done: number, total: number, at: number): number | undefined {
    this.began ??= at;
    this.first ??= { at, done };
    const spent = at - this.began;
    if (spent < UNASKED_MILLISECONDS) return undefined;
    // Where all that was estimated is done, nobody knows how much is left.
    if (done >= total) return spent > 3 * UNASKED_MILLISECONDS ? 2 * spent : undefined;
    const before = this.first.at - this.began;
    const each = (spent - before) / Math.max(1, done - this.first.done);
    return (total - done) * each > UNASKED_MILLISECONDS ? before + total * each : undefined;
  }

  /** Other work follows: how fast it is has nothing to do with what was seen. */
  another(): void {
    this.first = undefined;
  }
}
