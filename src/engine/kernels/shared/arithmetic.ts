/** Large cells on two threads; all else as another arithmetic has it. */
import { equationsOf } from '../../../cells/equations';
import type { Weights } from '../../../model/weights';
import { type Arithmetic, isGeneral } from '../../arithmetic';
import { cellParameters, stateKey } from '../../cells/cell';
import type { DividedForm } from '../../cells/equations';
import type { LevelRun } from '../../levelRun';
import type { Work } from '../../slices';
import {
  MOST_PARAMETERS,
  type Prepared,
  blockSizes,
  inBlocks,
  inputValues,
  preparedAs,
  setInput,
  stepCost,
} from '../blocks';
import { type KernelChoice, sharingAvailable } from '../instance';
import type { KernelMemory } from '../heap';
import { type DividedCell, divideCell } from './cells';
import type { ThreadHelper } from './helper';
import { Pace } from './pace';
import { Team } from './team';

/** Below these, meeting after each step costs more than the second thread brings. */
const FEWEST_UNITS = 256;
const FEWEST_STEPS = 16;

interface PreparedForTwo extends Prepared<DividedCell> {
  readonly pace: Pace;
}

/** The same numbers as `single`, bit for bit, which also finishes what the second thread fails at. */
export function onTwoThreads(
  weights: Weights,
  choice: KernelChoice,
  helper: ThreadHelper,
  single: Arithmetic,
): Arithmetic {
  const team = madeOnce(() => makeTeam(choice, helper));
  const cells = new Map<string, PreparedForTwo>();

  function* prepared(memory: KernelMemory, form: DividedForm, run: LevelRun): Work<PreparedForTwo> {
    const { layer, level, direction, input } = run;
    const key = preparedAs(stateKey(layer.name, level, direction), input);
    const known = cells.get(key);
    if (known) return known;
    const sizes = blockSizes(layer, input.width);
    const parameters = cellParameters(layer, level, direction, weights);
    const cell = yield* divideCell(memory, form, { layer, parameters, inputSize: input.width, sizes });
    const x = memory.take(inputValues(input, sizes.rows));
    const found = { ...sizes, cell, x, pace: new Pace() };
    cells.set(key, found);
    return found;
  }

  return {
    linear: single.linear,
    back: single.back,
    *cell(run) {
      const { layer, input } = run;
      const form = isLarge(run) && !isGeneral(run) && equationsOf(layer).standard?.divided?.(layer);
      if (!form) return yield* single.cell(run);
      const two = team();
      if (!two || two.lost) return yield* single.cell(run);
      const { memory } = two;
      const ready = yield* prepared(memory, form, run);
      const { cell, x, pace } = ready;
      const cost = (rows: number, steps: number) =>
        rows * stepCost(layer, inputValues(input, 1)) - (rows - steps) * stepCost(layer, 0);
      const done = yield* inBlocks(memory, ready, run, (steps, rows) => {
        if (rows) setInput(memory, input, rows, x);
        const block = {
          ...{ cell, steps, cost: cost(rows?.count ?? 0, steps.count) },
          input: rows && { kind: input.kind, x, rows: rows.count },
        };
        return two.compute(block, pace);
      });
      if (!done) yield* single.cell(run);
    },
  };
}

function isLarge({ layer, input }: LevelRun): boolean {
  return (
    layer.hiddenSize >= FEWEST_UNITS &&
    input.rows >= FEWEST_STEPS &&
    stepCost(layer, input.width) <= MOST_PARAMETERS
  );
}

/** When it is first asked for. */
function madeOnce<Made>(make: () => Made): () => Made {
  let made: { readonly it: Made } | undefined;
  return () => (made ??= { it: make() }).it;
}

/** Undefined where there is no room for a shared memory. */
function makeTeam(choice: KernelChoice, helper: ThreadHelper): Team | undefined {
  if (!sharingAvailable(choice)) return undefined;
  try {
    return new Team(choice, helper);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
