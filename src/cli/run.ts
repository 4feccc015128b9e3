import type { Command } from '../cli';
import { traceJson } from '../engine/json';
import { run, traceBytes } from '../engine/run';
import { DEFAULT_LIMITS } from '../model/dialects/dialect';
import { EXIT, Failure, write } from './output';
import { demand, read } from './read';
import { chosenSequence } from './sequence';

/** Every gate of every step as JSON. */
export const runCommand: Command = async (model, values) => {
  if (!values.json) throw new Failure(EXIT.usage, 'run prints JSON: say --json');
  const reading = await read(model, values.weights as string | undefined);
  const network = demand(model, reading, ['structure', 'weights']);
  const { sample, sequence } = await chosenSequence(model, network, reading, values);
  const bytes = traceBytes(network, sequence.steps);
  if (bytes > DEFAULT_LIMITS.memory) {
    throw new Failure(EXIT.input, `the run would take ${bytes} bytes; the limit is ${DEFAULT_LIMITS.memory}`);
  }
  const trace = await run(network, reading.weights!, sequence);
  await write(
    traceJson(trace, {
      model: network.name,
      dialect: network.dialect,
      trained: reading.trained,
      sample,
    }),
  );
  return EXIT.ok;
};
