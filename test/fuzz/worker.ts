/** A process that makes trials and tells of each, so that one that hangs or takes too much can be ended from outside. */
import { largestAllocation, watchAllocations } from './allocations';

export interface Order {
  readonly group: string;
  readonly way: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

export interface Told {
  readonly round: number;
  readonly outcome: 'fine' | 'problems' | 'failed';
  readonly fault?: string;
  readonly milliseconds: number;
}

watchAllocations();

async function work(): Promise<void> {
  const { findKinds } = await import('./kinds');
  const { MEMORY, isRefusal, spoiltModel } = await import('./trial');
  const kinds = await findKinds();
  process.on('message', (order: Order) => void obey(order));
  process.send!('ready');

  async function obey({ group, way, from, to, seed }: Order): Promise<void> {
    const { seeds: chosen, attempt } = kinds.find((kind) => kind.group === group)!;
    for (let round = from; round < to; round++) {
      const spoilt = spoiltModel(chosen, way, round, seed);
      largestAllocation();
      const start = performance.now();
      let told: Omit<Told, 'round' | 'milliseconds'>;
      try {
        told = { outcome: await attempt(spoilt) };
      } catch (error) {
        told = isRefusal(error)
          ? { outcome: 'problems' }
          : {
              outcome: 'failed',
              fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
            };
      }
      const bytes = largestAllocation();
      // Of twice the limit, since what is read may have to be converted.
      if (bytes > 2 * MEMORY)
        told = { outcome: 'failed', fault: `asked for ${bytes} bytes of memory at once` };
      process.send!({ ...told, round, milliseconds: performance.now() - start } satisfies Told);
    }
  }
}

void work();
