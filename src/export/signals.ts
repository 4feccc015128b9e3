/** The signals of a run, in the order in which they are written: the input, the layers', the output. */
import type { LayerType, SignalAddress } from '../model/network';
import { windowBounds } from '../model/sequences/window';
import { type TimedRows, stepOfRow } from '../model/time';
import type { SignalTrace, Trace } from '../engine/trace';
import { addressKey } from '../model/states';
import { OUTPUT, type KeptRun, type SignalChoice } from './exported';
import { ChoiceError, byChoice, type ExportOptions } from './format';

/** Rows of one signal that are written. */
export interface ChosenSignal extends SignalAddress {
  readonly type: LayerType | typeof OUTPUT;
  readonly units: number;
  /** The first row, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Whether it has a row a step, all over the run. */
  readonly stepwise: boolean;
  /** The step of the run that a row belongs to. */
  stepOf(row: number): number;
  /** Where it stands in a trace of the run, or of a stretch of it. */
  in(trace: Trace): SignalTrace;
}

/** Throws RangeError for a choice that the run has nothing of, and for a range that is not within the run. */
export async function chosenSignals(
  kept: KeptRun,
  { range, signals }: Pick<ExportOptions, 'range' | 'signals'>,
): Promise<ChosenSignal[]> {
  const { steps, found } = await signalsOf(kept);
  const missing = signals?.find((choice) => !found.some(({ address }) => fits(choice, address)));
  if (missing) throw new ChoiceError(`the run has no signal ${inWords(missing)}`);
  const [from, to] = range ? await byChoice(() => windowBounds(range, steps)) : [0, steps];
  return found
    .filter(({ address }) => !signals || signals.some((choice) => fits(choice, address)))
    .map(({ address, rows, time, ...signal }): ChosenSignal => {
      const timed = { rows, time };
      const stepOf = (row: number) => stepOfRow({ steps }, timed, row);
      const first = rowsBefore(rows, stepOf, from);
      return {
        ...{ ...address, ...signal, stepOf },
        ...{ from: first, to: Math.max(first, rowsBefore(rows, stepOf, to)) },
        stepwise: rows === steps && time === undefined,
      };
    });
}

function inWords({ layer, level, direction, signal }: SignalChoice): string {
  return [layer, level, direction, signal].filter((part) => part !== undefined).join('.');
}

/** Whether a signal is one that a choice names. */
export function fits(choice: SignalChoice, address: SignalAddress): boolean {
  return (
    choice.layer === address.layer &&
    (choice.level ?? address.level) === address.level &&
    (choice.direction ?? address.direction) === address.direction &&
    (choice.signal ?? address.signal) === address.signal
  );
}

interface Found extends TimedRows, Pick<ChosenSignal, 'type' | 'units' | 'in'> {
  readonly address: SignalAddress;
}

async function signalsOf(
  kept: KeptRun,
): Promise<{ readonly steps: number; readonly found: readonly Found[] }> {
  if ('trace' in kept) {
    return { steps: kept.trace.steps, found: listed(kept.trace, (signal) => signal.rows) };
  }
  const { steps, summary } = kept.recording;
  const last = await kept.recording.stretch(steps - 1, steps);
  const rows = new Map(summary.signals.map((signal) => [addressKey(signal), signal.rows]));
  const outputRows = summary.top.unit.length;
  return {
    steps,
    found: listed(last, (_, address) => rows.get(addressKey(address)) ?? outputRows),
  };
}

function listed(trace: Trace, rowsOf: (signal: SignalTrace, address: SignalAddress) => number): Found[] {
  const ofLayers = trace.layers.flatMap(({ layer, type, level, direction, signals }, l) =>
    signals.map(({ signal }, s) => {
      const address = { layer, level, direction, signal };
      return found(address, type, (one) => one.layers[l].signals[s]);
    }),
  );
  const output = { layer: OUTPUT, level: 0, direction: 'forward', signal: OUTPUT } as const;
  return [...ofLayers, found(output, OUTPUT, (one) => one.output)];

  function found(address: SignalAddress, type: Found['type'], place: Found['in']): Found {
    const signal = place(trace);
    const { units, time } = signal;
    return { address, type, units, ...(time && { time }), rows: rowsOf(signal, address), in: place };
  }
}

/** Rows whose step is before `step`; steps grow with the rows. */
function rowsBefore(rows: number, stepOf: (row: number) => number, step: number): number {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stepOf(middle) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
