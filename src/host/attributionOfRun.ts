/** What the input brings to a run's output, for the panel. */
import { type Attribution as Whole, Attributing, DEFAULT_POINTS } from '../engine/attribution/attribute';
import { findingsOf } from '../engine/attribution/findings';
import { attributionBytes } from '../engine/attribution/memory';
import type { Stretch } from '../engine/attribution/way';
import { runCost } from '../engine/plan';
import type { Stretches } from '../engine/recording/stretches';
import { type SliceOptions, inSlices } from '../engine/slices';
import { DEFAULT_LIMITS } from '../model/dialects/dialect';
import { cutLengths } from '../model/sequences/window';
import type { Attribution, AttributionChoice, AttributionFound } from '../protocol';
import { threads } from '../platform/platform';
import { attributionInWords } from '../words/attribution';
import { type Facts, targetOf } from './memoryOfRun';
import { words } from './words';

const helper = threads();

export type AttributionAnswer = Pick<Attribution, 'done' | 'total' | 'found'>;

/**
 * The parts of an answer go on where the one before ended, until something is found. Reject as `attribute` does, and with an
 * Error for people where the limit is too low.
 */
export interface AttributionOfRun {
  (choice: AttributionChoice, part: number, options?: SliceOptions): Promise<AttributionAnswer>;
}

/** What a part takes at most, in milliseconds. */
const PART_MILLISECONDS = 300;

/** Multiply-adds of an answer: some seconds' work. What takes more is done for the steps before the target alone. */
const MOST_COST = 5e10;
/** What a step takes beside them, in multiply-adds. */
const STEP_COST = 30_000;
/** As the engine counts: a run and its way back. */
const PASSES = 3;
/** What of the steps before the target may take of memory. */
const STRETCH_BYTES = 128 * 2 ** 20;

/** `stretches` are those of a network that runs in them. */
export function attributionOfRun(
  facts: Facts,
  stretches: Stretches | undefined,
  limit = DEFAULT_LIMITS.memory,
): AttributionOfRun {
  let going: { readonly key: string; readonly work: Attributing } | undefined;

  function begin(choice: AttributionChoice): Attributing {
    const target = targetOf(facts, choice.step);
    const { method, baseline, logit, unit } = choice;
    const asked = { step: target.step, unit: unit ?? target.unit, method, baseline, logit, helper };
    const points = method === 'gradient' ? 1 : DEFAULT_POINTS;
    const stretch = stretches && stretchBefore(facts, stretches, target.step, points, limit);
    if (!stretch) demandMemory(facts, limit);
    return new Attributing(facts, asked, stretch);
  }

  return async (choice, part, options = {}) => {
    const key = JSON.stringify(choice);
    if (part === 0 || going?.key !== key) {
      const work = begin(choice);
      going = { key, work };
    }
    const { work } = going;
    await inSlices(work.until(performance.now() + PART_MILLISECONDS), options, (cost) => [cost, cost]);
    const [done, total] = work.progress;
    return { done, total, found: work.result ? inPanel(facts, work.result) : null };
  };
}

/** As many steps before the target as can be afforded, from the beginning of one of the run's stretches. */
function stretchBefore(
  { network, sequence }: Facts,
  stretches: Stretches,
  step: number,
  points: number,
  limit: number,
): Stretch {
  const costOf = (steps: number) => runCost(network, cutLengths(network, sequence, { from: 0, steps }));
  const bytesOf = (steps: number) =>
    attributionBytes(network, cutLengths(network, sequence, { from: 0, steps }));
  const each = (of: (steps: number) => number) => Math.max(1, sequence.steps > 1 ? of(2) - of(1) : of(1));
  const affordable = Math.min(
    MOST_COST / (PASSES * points * (STEP_COST + each(costOf))),
    Math.min(STRETCH_BYTES, limit) / each(bytesOf),
  );
  if (step + 1 <= affordable) return { from: 0, states: stretches.statesBefore(0) };
  const index = stretches.at(Math.max(0, step + 1 - Math.max(1, Math.floor(affordable))));
  return { from: stretches.bounds(index)[0], states: stretches.statesBefore(index) };
}

function demandMemory({ network, sequence, translate }: Facts, limit: number): void {
  const bytes = attributionBytes(network, sequence);
  if (bytes <= limit) return;
  const megabytes = [bytes, limit].map((one) => Math.ceil(one / 2 ** 20));
  throw new Error(
    translate(words.attributionTooLarge, megabytes[0], sequence.steps.toLocaleString('en'), megabytes[1]),
  );
}

function inPanel({ translate }: Facts, found: Whole): AttributionFound {
  const { target, logit, points, inputs, completeness } = found;
  const [{ from }] = inputs;
  const step = words.time;
  const text = attributionInWords(findingsOf(found), { translate, step });
  const before = from > 0 ? [translate(words.attributedFrom, target.step - from, translate(step, from))] : [];
  return { target, logit, points, inputs, completeness, text: [...before, ...text] };
}
