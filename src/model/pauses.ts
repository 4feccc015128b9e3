/** Longest stretch of work between two pauses, in milliseconds. */
const STRETCH = 16;

/** Lets long work give way to the host's other tasks, and be cancelled. */
export class Pauses {
  private since = performance.now();

  constructor(private readonly signal?: AbortSignal) {
    signal?.throwIfAborted();
  }

  /** Call between pieces of work that take a few milliseconds at most. Throws if the work was cancelled. */
  async take(): Promise<void> {
    if (performance.now() - this.since < STRETCH) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.signal?.throwIfAborted();
    this.since = performance.now();
  }
}
