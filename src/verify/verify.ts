/** Whether a model gives what is expected of it; if not, where it begins to differ, and what would make it match. */
import { run } from '../engine/run';
import { type Layer, type LayerType, type Network, isRecurrent } from '../model/network';
import { nothingRuns, outputNotRun, type Lengths, type OutputNotRun } from '../model/partial';
import type { KnownOutput } from '../model/sequences/expected';
import { paddingBefore, reachOf, windowLoss } from '../model/time';
import { cutSequence } from '../model/sequences/window';
import { compare, type Comparison } from './compare';
import { isRoundingOfFloat32, roundingOf } from './rounding';
import type { Model, Variant } from './variant';
import { isComparable, type Check, type Checked, type Doubt, type Finding, type Verdict } from './verdict';
import { variantsOf } from './variants';

export const TOLERANCE = 1e-5;
/** No more variants are tried after so long. */
const PATIENCE_MILLISECONDS = 10_000;
/** Steps of a long sequence that variants are tried on, where those say as much as all. */
const ENOUGH_STEPS = 1000;
/** How much closer a variant must come to be named where none matches. */
const MUCH_CLOSER = 10;

export interface VerifyOptions {
  /** Largest absolute error that still matches. */
  readonly tolerance?: number;
  readonly doubt?: Doubt;
  /** See `computesInEightBits`. */
  readonly eightBits?: boolean;
  readonly signal?: AbortSignal;
}

/** What is expected of a check. */
export function expectedOutput(network: Network, lengths: Lengths): KnownOutput {
  if (outputNotRun(network, lengths)) return { units: undefined };
  const { layers, outputLabels } = network;
  return { units: layers[layers.length - 1].outputSize, ...(outputLabels && { labels: outputLabels }) };
}

/** Rejects as `run` does: with a RangeError if model and sequence do not fit, with an `AbortError` when cancelled. */
export async function verify(
  model: Model,
  checks: readonly Check[],
  { tolerance = TOLERANCE, doubt, eightBits, signal }: VerifyOptions = {},
): Promise<Verdict> {
  const checked: Checked[] = [];
  for (const { name, sequence, expected } of checks) {
    const notRun = outputNotRun(model.network, sequence);
    if (notRun && notRun.last === undefined) throw new RangeError(nothingRuns(notRun.cause));
    const trace = await run(model.network, model.weights, sequence, { signal });
    const compared = compare(trace, expected, tolerance);
    checked.push({ name, steps: sequence.steps, ...(notRun ? ofAnother(compared, notRun) : compared) });
  }
  const matches = checked.every((one) => one.matches);
  const comparable = checks.filter((_, k) => isComparable(checked[k]));
  const compared = checked.filter(isComparable);
  if (compared.every((one) => one.matches)) return { matches, tolerance, checks: checked, tried: 0 };
  if (isRoundingOfFloat32(comparable, compared)) {
    const rounding = { precision: 'float32', own: false } as const;
    return { matches, tolerance, checks: checked, rounding, tried: 0 };
  }
  const short = comparable.map((check, k) => shortened(model, check, compared[k]));
  const tellsNothing = compared.every(({ matches, constant }) => matches || constant);
  const { finding, tried } =
    tellsNothing || isSpoilt(model, compared)
      ? { finding: undefined, tried: 0 }
      : await searchCause(model, short, tolerance, signal);
  const rounding = finding?.matches
    ? undefined
    : await roundingOf(model, comparable, compared, { eightBits, signal });
  return {
    ...{ matches, tolerance, checks: checked, tried },
    ...(finding && { finding }),
    ...(rounding && { rounding }),
    ...(doubt !== undefined && { doubt }),
  };
}

/** What is said where another layer's output stands for the model's own: figures only where it matches. */
function ofAnother(compared: Comparison, notRun: OutputNotRun) {
  if (compared.matches) return { ...compared, notRun };
  return { ...compared, maxError: Infinity, meanError: Infinity, first: undefined, notRun };
}

/** Whether weights that are no finite numbers are why the output is none: no change of the model mends that. */
function isSpoilt({ weights }: Model, checked: readonly Checked[]): boolean {
  const spoilt = [...weights.values()].some(({ data }) => !data.every(Number.isFinite));
  return spoilt && checked.some(({ nonFinite }) => nonFinite !== undefined);
}

/** The beginning of a long sequence up to where the output differs, unless the network looks ahead. */
function shortened({ network }: Model, check: Check, { first }: Checked): Check {
  const { sequence, expected } = check;
  const steps = Math.max(ENOUGH_STEPS, first ? first.step + 1 : 0);
  if (steps >= sequence.steps || expected.rows !== sequence.steps || !network.layers.every(isCausal))
    return check;
  return {
    ...check,
    sequence: cutSequence(network, sequence, { from: 0, steps }),
    expected: { ...expected, rows: steps, values: expected.values.subarray(0, steps * expected.units) },
  };
}

/** Whether a step's row is made of that step and those before it. */
function isCausal(layer: Layer): boolean {
  if (isRecurrent(layer)) {
    const handed = layer.initialState?.kind === 'handed';
    return layer.directions.join() === 'forward' && !layer.reverseOutput && !handed;
  }
  if (layer.type === 'attention') return layer.causal === true;
  if (layer.type === 'conv1d')
    return (
      windowLoss(layer) === 0 &&
      paddingBefore(layer, 1) === reachOf(layer) - 1 &&
      (layer.paddingMode ?? 'edge') === 'edge'
    );
  return STEP_BY_STEP.includes(layer.type);
}

const STEP_BY_STEP: readonly LayerType[] = [
  ...(['embedding', 'linear', 'dropout', 'activation', 'merge'] as const),
  ...(['layer_norm', 'rms_norm', 'batch_norm', 'masking'] as const),
];

async function searchCause(
  model: Model,
  checks: readonly Check[],
  tolerance: number,
  signal?: AbortSignal,
): Promise<{ readonly finding?: Finding; readonly tried: number }> {
  const began = performance.now();
  const base = await errorOf(model, checks, tolerance, signal);
  let best: Finding | undefined;
  let tried = 0;
  for (const variant of variantsOf(model)) {
    if (performance.now() - began > PATIENCE_MILLISECONDS) break;
    const maxError = await errorOf(variant.of(model), changedInput(checks, variant), tolerance, signal);
    tried += 1;
    if (!(maxError < (best?.maxError ?? base))) continue;
    const { remedies, layer } = variant;
    best = { remedies, ...(layer !== undefined && { layer }), maxError, matches: maxError <= tolerance };
    if (best.matches) return { finding: best, tried };
  }
  return { ...(best && best.maxError * MUCH_CLOSER <= base && { finding: best }), tried };
}

function changedInput(checks: readonly Check[], { input }: Variant): readonly Check[] {
  return input ? checks.map((check) => ({ ...check, sequence: input(check.sequence) })) : checks;
}

/** The largest error over all checks; infinite if the model cannot be run on them. */
async function errorOf(
  { network, weights }: Model,
  checks: readonly Check[],
  tolerance: number,
  signal?: AbortSignal,
): Promise<number> {
  let worst = 0;
  for (const { sequence, expected } of checks) {
    try {
      const trace = await run(network, weights, sequence, { signal });
      worst = Math.max(worst, compare(trace, expected, tolerance).maxError);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      return Infinity;
    }
  }
  return worst;
}
