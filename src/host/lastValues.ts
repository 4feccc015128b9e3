/** What a layer's signals were at the last step of a run. */
import type { FinishedRun } from './finishedRun';

export interface LastValues {
  /** The sequence's name. */
  readonly title: string;
  /** How many steps it has. */
  readonly steps: number;
  /** Of the highest level, direction by direction. */
  readonly signals: readonly {
    readonly signal: string;
    readonly direction: 'forward' | 'backward';
    readonly mean: number;
    readonly min: number;
    readonly max: number;
  }[];
}

/** Undefined where the run has nothing of the layer. */
export async function lastValues(run: FinishedRun, layer: string): Promise<LastValues | undefined> {
  const { title, steps } = run.sequence;
  const own = run.summary.signals.filter((one) => one.layer === layer);
  const highest = Math.max(...own.map(({ level }) => level));
  const asked = own.filter(({ level, time }) => level === highest && time === undefined);
  const signals = await Promise.all(
    asked.map(async (address) => {
      const { mean, min, max } = await run.values({ ...address, step: steps - 1 });
      return { signal: address.signal, direction: address.direction, mean, min, max };
    }),
  );
  return signals.length === 0 ? undefined : { title, steps, signals };
}
