import type { Command } from './command';
import { traceJson } from '../engine/json';
import { WHOLE_TRACE_BYTES, isRecorded, keptBytes } from '../engine/recording/plan';
import { record } from '../engine/recording/record';
import { traceBytes } from '../engine/plan';
import { run } from '../engine/run';
import { firstJson } from './first';
import { demandSteps, limitsOf } from './memory';
import { EXIT } from './output';
import { notRunJson } from '../export/notRun';
import { partThatRuns } from './partial';
import { demand, read } from './read';
import { rowsOfRecording, rowsOfTrace, runText } from './runText';
import { chosenSequence } from './sequence';
import { setsOf, whatIf } from './whatIf';

/** The output, step by step; as JSON every gate of every step. */
export const runCommand: Command = async (terminal, model, values) => {
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  const bytesOf = values.json ? traceBytes : keptBytes;
  const chosen = await chosenSequence(terminal, model, network, reading, values, (lengths) =>
    demandSteps(values, 'the run', network, lengths, { bytesOf }),
  );
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(terminal, network, sequence);
  const options = { clamps, ...terminal.running };
  if (!values.json) {
    const output = isRecorded(network, sequence, Math.min(WHOLE_TRACE_BYTES, limitsOf(values).memory))
      ? await rowsOfRecording(await record(network, reading.weights!, sequence, options))
      : rowsOfTrace(await run(network, reading.weights!, sequence, options));
    await terminal.write(runText(part, sequence, output, { ...chosen, set }));
    return EXIT.ok;
  }
  const trace = await run(network, reading.weights!, sequence, options);
  await terminal.write(
    traceJson(
      trace,
      {
        model: network.name,
        dialect: network.dialect,
        trained: reading.trained,
        sample: chosen.sample,
      },
      {
        ...(chosen.from !== undefined && { from: chosen.from }),
        ...firstJson(chosen),
        ...(set.length > 0 && { set }),
        ...notRunJson(network, part),
      },
      sequence,
    ),
  );
  return EXIT.ok;
};
