/** The runs that are explained: whole ones, and recordings, of which the steps that matter are computed again. */
import type { SignalAddress } from '../../model/network';
import type { UnitAddress } from '../../model/signalText';
import { addressKey } from '../../model/states';
import { stepOfRow } from '../../model/time';
import { say } from '../../words/say';
import { layerRuns } from '../edges';
import type { Ran } from '../gradient';
import type { Recording } from '../recording/record';
import { clampsWithin, segmentOf } from '../recording/segments';
import { type Work, inSlices } from '../slices';
import { signalAt } from '../statistics';
import type { Trace } from '../trace';
import { type Explanation, explain, rowAtStep, standingOut, summedLayer } from './explain';
import type { Explained } from './explained';

/** The unit that stands out where none is named, and the last step that there is. */
export type Asked = SignalAddress & { readonly unit?: number; readonly step?: number };

/** Answers questions about one run; they reject as `explain` throws. */
export type ExplainRun = (asked: Asked) => Promise<Explanation>;

/** Of a run of which every row is there: what its layers read is made once. */
export function explainingTrace(ran: Ran, trace: Trace): ExplainRun {
  let made: Promise<Explained> | undefined;
  return async (asked) => {
    made ??= inSlices(withReads(ran, trace), {}, (cost) => [cost, cost]);
    return answer(await made, asked);
  };
}

function* withReads(ran: Ran, trace: Trace): Work<Explained> {
  const { network, sequence, clamps } = ran;
  return { ...ran, trace, runs: yield* layerRuns(network, sequence, trace, clamps) };
}

/** Of a recording: each step is explained from its own stretch of two. */
export function explainingRecording(recording: Recording): ExplainRun {
  const { ran } = recording.stretches;
  return async (asked) => {
    const known = recording.summary.signals.find((one) => addressKey(one) === addressKey(asked));
    if (!known) throw new RangeError(say`the run has no signal ${asked.signal} of ${asked.layer}`);
    const step = asked.step ?? stepOfRow(recording, known, known.rows - 1);
    rowAtStep(ran.network, recording, known, { ...asked, step });
    const [from, to] = [Math.max(0, step - 1), step + 1];
    const part: Ran = {
      ...ran,
      sequence: segmentOf(ran.network, ran.sequence, from, to),
      clamps: clampsWithin(ran.clamps, from, to),
    };
    const trace = await recording.stretch(from, to);
    const explained = await inSlices(withReads(part, trace), {}, (cost) => [cost, cost]);
    return later(answer(explained, { ...asked, step: step - from }), from);
  };
}

function answer(explained: Explained, { unit, step, ...signal }: Asked): Explanation {
  summedLayer(explained.network, signal.layer);
  const rows = signalAt(explained.trace, signal);
  const at = { ...signal, step: step ?? stepOfRow(explained.trace, rows, rows.rows - 1) };
  return explain(explained, { ...at, unit: unit ?? standingOut(explained, at) });
}

/** With steps counted from another one. */
function later({ at, terms, ...found }: Explanation, by: number): Explanation {
  const moved = (address: UnitAddress) => ({ ...address, step: address.step + by });
  return {
    ...found,
    at: moved(at),
    terms: terms.map((term) => (term.at ? { ...term, at: moved(term.at) } : term)),
  };
}
