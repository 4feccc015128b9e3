/** The run that an export takes along, and the part of it that is asked for. */
import type { Ran } from '../engine/gradient';
import { attributionBytes } from '../engine/attribution/memory';
import { WHOLE_TRACE_BYTES, isRecorded, keptBytes } from '../engine/recording/plan';
import { record } from '../engine/recording/record';
import { run, type RunOptions } from '../engine/run';
import { withInput } from '../engine/trace';
import { signalChoice } from '../export/choice';
import type { ExportedRun, KeptRun, SignalChoice } from '../export/exported';
import type { ExportOptions, WriteOptions } from '../export/format';
import { notRunJson } from '../export/notRun';
import type { Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { type StepRange, windowBounds } from '../model/sequences/window';
import { parseAt } from './at';
import { demandSteps, limitsOf } from './memory';
import { EXIT, Failure, oneLine } from './output';
import { outputUnit } from './outputUnit';
import { partThatRuns } from './partial';
import { demand } from './read';
import { chosenSequence } from './sequence';
import type { Terminal } from './terminal';
import { wholeNumber, type Values } from './values';
import { setsOf, whatIf } from './whatIf';

export interface ExportAsked {
  readonly terminal: Terminal;
  readonly model: string;
  readonly values: Values;
  readonly reading: Reading;
}

interface ToExport {
  readonly ran: ExportedRun;
  readonly options: Pick<ExportOptions, 'range' | 'signals' | 'unit' | 'at'>;
}

/** Fails for a range that is not within the run, and signals that it has not. */
export async function exportedRun(asked: ExportAsked, how: Pick<WriteOptions, 'signal'>): Promise<ToExport> {
  const { terminal, model, values, reading } = asked;
  const range = rangeOf(values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const signals = signalsOf(network, values);
  const unit = outputUnit(values, network);
  const at = typeof values.at === 'string' ? parseAt(network, values.at) : undefined;
  const ran = await runOf(asked, network, range, how);
  const options = {
    ...{ ...(range && { range }), ...(signals && { signals }) },
    ...{ ...(unit !== undefined && { unit }), ...(at && { at }) },
  };
  return { ran, options };
}

export function rangeOf(values: Values): StepRange | undefined {
  const from = wholeNumber(values, 'from');
  const steps = wholeNumber(values, 'steps', 1);
  if (from === undefined && steps === undefined) return undefined;
  return { from: from ?? 0, ...(steps !== undefined && { steps }) };
}

function signalsOf(network: Network, { signal }: Values): SignalChoice[] | undefined {
  if (!Array.isArray(signal)) return undefined;
  return signal.map((text: string) => {
    const { choice, fault } = signalChoice(network, text);
    if (choice) return choice;
    throw new Failure(EXIT.usage, oneLine(`--signal ${text}: ${fault}`));
  });
}

async function runOf(
  { terminal, model, values, reading }: ExportAsked,
  network: Network,
  range: StepRange | undefined,
  { signal }: Pick<WriteOptions, 'signal'>,
): Promise<ExportedRun> {
  const whole = { ...values, from: undefined, steps: undefined };
  const chosen = await chosenSequence(terminal, model, network, reading, whole, (lengths) => {
    if (range) inRun(() => windowBounds(range, lengths.steps));
    demandSteps(values, 'the run', network, lengths, { bytesOf: keptBytes });
    if (values.view === 'attribution') {
      demandSteps(values, 'the attribution', network, lengths, { bytesOf: attributionBytes });
    }
  });
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(terminal, network, sequence);
  const ran = { network, weights: reading.weights!, sequence, clamps };
  return {
    ...{ network, fileName: terminal.files.nameOf(model), ran },
    kept: await keptRun(ran, limitsOf(values).memory, { ...terminal.running, ...(signal && { signal }) }),
    origin: {
      model: network.name,
      dialect: network.dialect,
      trained: reading.trained,
      sample: chosen.sample,
    },
    sets: set,
    beside: { ...(set.length > 0 && { set }), ...notRunJson(network, part) },
    unchanged: chosen.sequence,
    samples: reading.samples,
  };
}

/** A range that is not within the run is wrong usage. */
function inRun<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof RangeError ? new Failure(EXIT.usage, error.message) : error;
  }
}

async function keptRun(
  { network, weights, sequence, clamps }: Ran,
  memory: number,
  running: RunOptions,
): Promise<KeptRun> {
  const options = { clamps, ...running };
  if (isRecorded(network, sequence, Math.min(WHOLE_TRACE_BYTES, memory))) {
    return { recording: await record(network, weights, sequence, options) };
  }
  return { trace: withInput(await run(network, weights, sequence, options), sequence) };
}
