import type { Command, Values } from './command';
import type { Explanation } from '../engine/explain/explain';
import { type Asked, type ExplainRun, explainingRecording, explainingTrace } from '../engine/explain/ofRun';
import { plan } from '../engine/plan';
import { plannedSignal } from '../engine/plannedSignal';
import { WHOLE_TRACE_BYTES, isRecorded, keptBytes } from '../engine/recording/plan';
import { record } from '../engine/recording/record';
import { run } from '../engine/run';
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import { signalText } from '../model/signalText';
import { parseAt } from './at';
import { explainText } from './explainText';
import { firstJson } from './first';
import { demandSteps, limitsOf } from './memory';
import { EXIT, Failure, oneLine } from './output';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { chosenSequence } from './sequence';
import { setsOf, whatIf } from './whatIf';

/** The sum of one unit at one step, term by term. */
export const explainCommand: Command = async (terminal, model, values) => {
  const text = atOf(values);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const asked = parseAt(network, text);
  const chosen = await chosenSequence(terminal, model, network, reading, values, (lengths) =>
    demandSteps(values, 'the run', network, lengths, { bytesOf: keptBytes }),
  );
  const { sequence, clamps } = whatIf(network, chosen.sequence, setsOf(values));
  const part = partThatRuns(terminal, network, sequence);
  try {
    check(network, sequence, asked);
    const options = { clamps, ...terminal.running };
    const most = Math.min(WHOLE_TRACE_BYTES, limitsOf(values).memory);
    const weights = reading.weights!;
    const ran = { network: part, weights, sequence, clamps };
    const explain: ExplainRun = isRecorded(network, sequence, most)
      ? explainingRecording(await record(network, weights, sequence, options))
      : explainingTrace(ran, await run(network, weights, sequence, options));
    const found = await explain(asked);
    await terminal.write(
      values.json
        ? [explanationJson(part, found, firstJson(chosen)), '\n']
        : explainText(part, found, chosen),
    );
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(EXIT.usage, `--at ${oneLine(`${text}: ${error.message}`)}`);
  }
};

function atOf({ at }: Values): string {
  if (typeof at === 'string') return at;
  throw new Failure(EXIT.usage, "explain needs --at LAYER.SIGNAL[UNIT]@STEP, such as --at 'lstm.f[12]@3'");
}

/** Fails for a signal or unit that there will not be. */
function check(network: Network, sequence: Sequence, asked: Asked): void {
  const planned = plan(network, sequence);
  const { where, signal } = plannedSignal(network, sequence, planned, asked, 'nothing to explain');
  const { unit = 0 } = asked;
  if (unit < signal.units) return;
  const expected = signal.units === 1 ? '0' : `0 to ${signal.units - 1}`;
  throw new RangeError(`${where}: unit: expected ${expected}, found ${unit}`);
}

/** As `gatescope explain --json` prints it. */
function explanationJson(network: Network, { at, terms, ...found }: Explanation, beside: object): string {
  const layer = network.layers.find(({ name }) => name === at.layer);
  const { value, activation, sum, ...more } = found;
  return JSON.stringify(
    {
      at: `${signalText(at, layer)}[${at.unit}]@${at.step}`,
      ...{ value, activation, sum },
      terms: terms.map(({ kind, from, weight, value: number, product }) => ({
        ...{ kind, from, weight },
        ...{ value: number, product },
      })),
      ...{ ...more, ...beside },
    },
    (_key, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? String(one) : one),
  );
}
