/** How long runs of a model took, so that one that waits for the user is said to take that long. */
import { record } from '../untrusted';

/** Where they are kept between one window and the next; what it gives is not trusted. */
export interface TimesKeeper {
  get(): unknown;
  put(times: readonly RunTime[]): void;
}

/** In milliseconds. A run of the same network on as long a sequence is estimated alike. */
export interface RunTime {
  readonly estimate: number;
  readonly took: number;
}

/** The oldest gives way. */
const MOST = 16;

export class RunTimes {
  constructor(private readonly keeper: TimesKeeper) {}

  /** What a run took that was estimated so; undefined where there was none. */
  of(estimate: number): number | undefined {
    return this.known().find((one) => one.estimate === estimate)?.took;
  }

  put(estimate: number, took: number): void {
    const others = this.known().filter((one) => one.estimate !== estimate);
    this.keeper.put([{ estimate, took }, ...others].slice(0, MOST));
  }

  private known(): readonly RunTime[] {
    const kept = this.keeper.get();
    if (!Array.isArray(kept)) return [];
    return kept
      .map(record)
      .filter((one): one is Record<keyof RunTime, number> => isTime(one.estimate) && isTime(one.took));
  }
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}
