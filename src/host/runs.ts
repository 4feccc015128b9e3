import type { Clamp } from '../engine/clamps';
import type { Network } from '../model/network';
import type { RunChanges, RunId, RunRole, RunSummary, UnitChanges } from '../protocol';
import type { FinishedRun } from './finishedRun';
import type { ChosenSequence } from './scene';

/** A run that the panel may ask about, and what it was of. */
export interface HeldRun {
  readonly id: RunId;
  readonly role: RunRole;
  /** Of the scene that it ran on. */
  readonly scene: number;
  readonly choice: ChosenSequence;
  readonly finished: FinishedRun;
  /** Of a what-if. */
  readonly changes?: RunChanges;
  readonly unitChanges?: UnitChanges;
  /** Of a compared run. */
  readonly name?: string;
  /** Of a compared run of another model. */
  readonly network?: Network;
  readonly clamps?: readonly Clamp[];
}

/** The runs that are held: one in each role, found by its id. */
export class Runs {
  private readonly held = new Map<RunId, HeldRun>();

  /** Takes the place of the run before in its role. */
  put(run: HeldRun): void {
    this.drop(run.role);
    this.held.set(run.id, run);
  }

  get(id: RunId): HeldRun | undefined {
    return this.held.get(id);
  }

  in(role: RunRole): HeldRun | undefined {
    return [...this.held.values()].find((run) => run.role === role);
  }

  drop(role: RunRole): void {
    const run = this.in(role);
    if (run) this.held.delete(run.id);
  }

  get all(): readonly HeldRun[] {
    return [...this.held.values()];
  }
}

/** What the panel is told of a run. */
export function toRunSummary(held: HeldRun): RunSummary {
  const { id, role, scene, finished, changes, unitChanges, name, network } = held;
  const { sequence, milliseconds, summary, recorded } = finished;
  const { signals, mean, top } = summary;
  const run = { trace: id, role, scene, sequence, milliseconds, recorded, signals, mean, top };
  return {
    ...run,
    ...(changes && { changes }),
    ...(unitChanges && { unitChanges }),
    ...(name !== undefined && { name }),
    ...(network && { network }),
  };
}
