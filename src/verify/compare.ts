/** A run's output against the output that is expected of it. */
import type { Trace } from '../engine/trace';
import type { ExpectedOutput } from '../model/samples';
import { stepOfRow } from '../model/time';

/** Where an output is not what is expected. */
export interface Difference {
  readonly step: number;
  readonly unit: number;
  readonly found: number;
  readonly expected: number;
}

export interface Comparison {
  readonly matches: boolean;
  /** Rows compared. */
  readonly rows: number;
  readonly units: number;
  /** Absolute errors; infinite where only one of the two is a number, or where `fault` says that nothing compares. */
  readonly maxError: number;
  readonly meanError: number;
  /** The first step that differs by more than the tolerance, and the unit of it that differs most. */
  readonly first?: Difference;
  /** The first step at which the output is no finite number. */
  readonly nonFinite?: number;
  /** Whether at least half of the rows differ, by more than a hundredth of the largest error. */
  readonly spread: boolean;
  /** Whether several numbers are expected that are all the same. */
  readonly constant: boolean;
  /** Why there is nothing to compare. */
  readonly fault?: Fault;
}

/** An output of another shape: how many numbers a row, or how many rows, are given and expected. */
export interface Fault {
  readonly code: 'units' | 'rows';
  readonly given: number;
  readonly expected: number;
}

/** Row by row; a single expected row is held against the last one. */
export function compare(trace: Trace, expected: ExpectedOutput, tolerance: number): Comparison {
  const { output } = trace;
  const { rows, units } = expected;
  const fault = shapeFault(output, expected);
  const constant =
    expected.values.length > 1 && expected.values.every((value) => Object.is(value, expected.values[0]));
  if (fault) {
    const errors = { maxError: Infinity, meanError: Infinity };
    return { matches: false, rows, units, ...errors, spread: false, constant, fault };
  }
  const firstRow = output.rows - rows;
  let maxError = 0;
  let sum = 0;
  let first: Difference | undefined;
  const worsts = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let worst = 0;
    let at = 0;
    for (let unit = 0; unit < units; unit++) {
      const error = errorOf(
        output.values[(firstRow + row) * units + unit],
        expected.values[row * units + unit],
      );
      sum += error;
      if (error > worst) [worst, at] = [error, unit];
    }
    worsts[row] = worst;
    maxError = Math.max(maxError, worst);
    if (first || worst <= tolerance) continue;
    first = {
      step: stepOfRow(trace, output, firstRow + row),
      unit: at,
      found: output.values[(firstRow + row) * units + at],
      expected: expected.values[row * units + at],
    };
  }
  const nonFinite = output.values.findIndex((value) => !Number.isFinite(value));
  return {
    matches: maxError <= tolerance,
    ...{ rows, units, maxError, meanError: sum / (rows * units), first },
    ...(nonFinite >= 0 && { nonFinite: stepOfRow(trace, output, Math.floor(nonFinite / units)) }),
    spread: 2 * worsts.filter((worst) => worst > maxError / 100).length >= rows,
    constant,
  };
}

function shapeFault(output: Trace['output'], { rows, units }: ExpectedOutput): Fault | undefined {
  if (units !== output.units) return { code: 'units', given: output.units, expected: units };
  if (rows === output.rows || rows === 1) return undefined;
  return { code: 'rows', given: output.rows, expected: rows };
}

function errorOf(found: number, expected: number): number {
  if (Object.is(found, expected)) return 0;
  const error = Math.abs(found - expected);
  return Number.isNaN(error) ? Infinity : error;
}
