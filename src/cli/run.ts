import type { Command } from './command';
import { traceJson } from '../engine/json';
import { run } from '../engine/run';
import { nodeThreads } from '../platform/nodeThreads';
import { demandSteps } from './memory';
import { EXIT, write } from './output';
import { notRunJson, partThatRuns } from './partial';
import { demand, read } from './read';
import { runText } from './runText';
import { chosenSequence } from './sequence';
import { setsOf, whatIf } from './whatIf';

/** The output, step by step; as JSON every gate of every step. */
export const runCommand: Command = async (model, values) => {
  const reading = await read(model, values);
  const network = demand(model, reading, ['structure', 'weights']);
  const chosen = await chosenSequence(model, network, reading, values, (lengths) =>
    demandSteps(values, 'the run', network, lengths),
  );
  const set = setsOf(values);
  const { sequence, clamps } = whatIf(network, chosen.sequence, set);
  const part = partThatRuns(network, sequence);
  const trace = await run(network, reading.weights!, sequence, { clamps, helper: nodeThreads() });
  if (!values.json) {
    await write(runText(part, sequence, trace, chosen.from));
    return EXIT.ok;
  }
  await write(
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
        ...(set.length > 0 && { set }),
        ...notRunJson(network, part),
      },
    ),
  );
  return EXIT.ok;
};
