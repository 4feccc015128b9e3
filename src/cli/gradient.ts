import type { Command } from '../cli';
import { gradient, gradientJson, type GradientOptions } from '../engine/gradient';
import { memoryFigures } from '../engine/memory';
import { traceBytes } from '../engine/run';
import { DEFAULT_LIMITS } from '../model/dialects/dialect';
import { EXIT, Failure, write } from './output';
import { demand, read } from './read';
import { chosenSequence } from './sequence';

/** How strongly one output depends on every state and input before it, and what that says of the memory. */
export const gradientCommand: Command = async (model, values) => {
  if (!values.json) throw new Failure(EXIT.usage, 'gradient prints JSON: say --json');
  const step = index('--step', values.step);
  const unit = index('--unit', values.unit);
  const reading = await read(model, values.weights as string | undefined);
  const network = demand(model, reading, ['structure', 'weights']);
  const { sequence } = await chosenSequence(model, network, reading, values);
  const bytes = traceBytes(network, sequence.steps) * GRADIENT_BYTES;
  if (bytes > DEFAULT_LIMITS.memory) {
    throw new Failure(
      EXIT.input,
      `the gradient would take ${bytes} bytes; the limit is ${DEFAULT_LIMITS.memory}`,
    );
  }
  const options: GradientOptions = { step, unit };
  const taken = await gradient(network, reading.weights!, sequence, options).catch((error: unknown) => {
    if (error instanceof RangeError) throw new Failure(EXIT.usage, error.message);
    throw error;
  });
  await write([`${gradientJson(taken, { memory: memoryFigures(network, taken) })}\n`]);
  return EXIT.ok;
};

/** A gradient holds the trace and, in double precision, as much again. */
const GRADIENT_BYTES = 3;

function index(option: string, value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(String(value)) || !Number.isSafeInteger(number)) {
    throw new Failure(EXIT.usage, `${option} takes a whole number from 0, found ${String(value)}`);
  }
  return number;
}
