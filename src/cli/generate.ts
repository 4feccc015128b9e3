import type { Command, Values } from './command';
import {
  type GenerateOptions,
  type Generated,
  checkGenerateOptions,
  generate,
  generatorHead,
} from '../engine/generate';
import { traceJson } from '../engine/json';
import type { Reading } from '../model/dialects/dialect';
import { counted, quote } from '../model/json/decode';
import type { Network, TokenInput } from '../model/network';
import type { TokenSequence } from '../model/samples';
import { joinTokens, sequenceFromText } from '../model/sequences';
import { demandSteps } from './memory';
import { EXIT, Failure, oneLine, printable } from './output';
import { demand, read } from './read';
import { accept, sampleNamed } from './sequence';
import type { Terminal } from './terminal';

const LENGTH = 40;

/** A prompt and what the network goes on with: as text, or with every gate of every step as JSON. */
export const generateCommand: Command = async (terminal, model, values) => {
  const options = generateOptions(values);
  const reading = await read(terminal, model, values);
  const network = demand(terminal, model, reading, ['structure', 'weights']);
  orUsage(() => generatorHead(network));
  const { sample, sequence: prompt } = promptOf(terminal, model, network, reading, values);
  const steps = prompt.steps + options.length;
  demandSteps(values, 'the run', network, { steps }, { advice: 'take a smaller --length' });
  if (sample !== null && values.sample === undefined) {
    terminal.say(oneLine(`no --prompt is given: it is the sample ${quote(sample)}`));
  }
  const generated = await generate(network, reading.weights!, prompt, options);
  const input = network.input as TokenInput;
  if (!values.json) {
    const text = quote(joinTokens(input, prompt.tokens));
    terminal.say(
      oneLine(
        `prompt: ${text}, ${counted(prompt.steps, 'token')}; ${counted(options.length, 'token')} follow`,
      ),
    );
    await terminal.write([printable(joinTokens(input, generated.sequence.tokens)), '\n']);
    return EXIT.ok;
  }
  const origin = { model: network.name, dialect: network.dialect, trained: reading.trained, sample };
  await terminal.write(
    traceJson(generated.trace, origin, { generated: generatedJson(input, generated, prompt, options) }),
  );
  return EXIT.ok;
};

function generatedJson(
  input: TokenInput,
  { sequence, from }: Generated,
  prompt: TokenSequence,
  { temperature, topK, seed }: GenerateOptions,
) {
  const tokens = sequence.tokens.slice(from);
  const ids = Array.from(sequence.ids.subarray(from));
  return {
    prompt: prompt.tokens,
    from,
    tokens,
    ids,
    text: joinTokens(input, tokens),
    temperature,
    topK: topK ?? null,
    seed,
  };
}

function promptOf(
  terminal: Terminal,
  model: string,
  network: Network,
  reading: Reading,
  { prompt, sample }: Values,
) {
  if (prompt !== undefined && sample !== undefined) {
    throw new Failure(EXIT.usage, 'take one of --prompt and --sample');
  }
  const found =
    typeof prompt === 'string'
      ? { sample: null, sequence: accept(terminal, '--prompt', sequenceFromText(network, prompt)) }
      : sampleNamed(terminal, model, reading, sample as string | undefined);
  return { sample: found.sample, sequence: found.sequence as TokenSequence };
}

function generateOptions(values: Values): GenerateOptions {
  if (values.greedy && values.temperature !== undefined) {
    throw new Failure(EXIT.usage, 'take one of --greedy and --temperature');
  }
  const options = {
    length: number(values, 'length', LENGTH),
    temperature: values.greedy ? 0 : number(values, 'temperature', 1),
    topK: values['top-k'] === undefined ? undefined : number(values, 'top-k', 1),
    seed: number(values, 'seed', 0),
  };
  orUsage(() => checkGenerateOptions(options));
  return options;
}

function number(values: Values, name: string, otherwise: number): number {
  const value = values[name];
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) {
    throw new Failure(EXIT.usage, `--${name} takes a number from 0, found ${oneLine(String(value))}`);
  }
  return Number(value);
}

/** The engine's refusals, before any work, of what the command line asked for. */
function orUsage(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw new Failure(EXIT.usage, error instanceof Error ? error.message : String(error));
  }
}
