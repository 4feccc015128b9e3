/** Parts of sequences that are too long to run whole. */
import { say } from '../../words/say';
import { counted } from '../json/decode';
import { furtherInputs, type Network } from '../network';
import { runningPart, type Lengths } from '../partial';
import type { Sequence } from '../samples';

/** Steps `from`, `from` + 1, … of a sequence, `steps` of them. */
export interface StepRange {
  readonly from: number;
  /** As many as there are where absent. */
  readonly steps?: number;
}

/** First step and the one behind the last of a window. Throws RangeError if it is not within `length` steps. */
export function windowBounds(window: StepRange, length: number): [number, number] {
  const { from } = window;
  const steps = window.steps ?? length - from;
  if (!Number.isSafeInteger(from) || from < 0 || from >= length) {
    throw new RangeError(say`the first step: expected a whole number from 0 to ${length - 1}, found ${from}`);
  }
  if (!Number.isSafeInteger(steps) || steps < 1 || from + steps > length) {
    const left = from === 0 ? '' : say` and this part begins at step ${from}`;
    throw new RangeError(
      say`the number of steps: expected a whole number from 1 to ${length - from}, since the sequence has ${counted(length, 'step')}${left}, found ${steps}`,
    );
  }
  return [from, from + steps];
}

/**
 * The part of a sequence that a window shows, and of the further inputs that are read step by step with it. Throws
 * RangeError as `windowBounds` does.
 */
export function cutSequence(network: Network, sequence: Sequence, window: StepRange): Sequence {
  const [start, end] = windowBounds(window, sequence.steps);
  const { more } = sequence;
  if (!more) return steps(sequence, start, end);
  const shared = readStepByStep(network, sequence);
  const cut = ([name, one]: [string, Sequence]): [string, Sequence] =>
    shared.has(name) ? [name, steps(one, start, end)] : [name, one];
  return { ...steps(sequence, start, end), more: new Map([...more].map(cut)) };
}

/** How long `cutSequence` leaves a sequence. Throws as it does. */
export function cutLengths(network: Network, lengths: Lengths, window: StepRange): Lengths {
  const [start, end] = windowBounds(window, lengths.steps);
  const shared = readStepByStep(network, lengths);
  const more = [...(lengths.more ?? [])].map(
    ([name, own]) => [name, shared.has(name) ? { steps: end - start } : own] as const,
  );
  return { steps: end - start, more: new Map(more) };
}

/** The further inputs that are read step by step with a network's own. */
function readStepByStep(network: Network, lengths: Lengths): ReadonlySet<string> {
  const inputs = furtherInputs(runningPart(network, lengths));
  return new Set(inputs.filter(({ clock }) => clock === 'shared').map(({ name }) => name));
}

function steps(sequence: Sequence, start: number, end: number): Sequence {
  if (sequence.kind === 'token') {
    const { ids, tokens } = sequence;
    return { ...sequence, steps: end - start, ids: ids.slice(start, end), tokens: tokens.slice(start, end) };
  }
  const { size, values, mask, table } = sequence;
  const dates = table?.dates?.slice(start, end);
  const place = table?.place && { ...table.place, lines: table.place.lines.slice(start, end) };
  return {
    ...{ ...sequence, steps: end - start, values: values.slice(start * size, end * size) },
    ...(mask && { mask: mask.slice(start, end) }),
    ...(table && { table: { ...table, ...(dates && { dates }), ...(place && { place }) } }),
  };
}

/** `480, 2000`: the first step and the number of steps. Throws RangeError if it is no window within `length` steps. */
export function parseWindow(text: string, length: number): Required<StepRange> {
  const found = /^\s*(\d+)\s*[,;\s]\s*(\d+)\s*$/.exec(text);
  if (!found) {
    throw new RangeError(
      say`expected the first step and the number of steps, such as 0, 2000, found ${JSON.stringify(text)}`,
    );
  }
  const window = { from: Number(found[1]), steps: Number(found[2]) };
  windowBounds(window, length);
  return window;
}
