/** Every command of the command line: its options, and what runs it. */
import type { Options } from './arguments';
import { attributeCommand } from './attribute';
import { check } from './check';
import type { Command } from './command';
import { compareCommand } from './compare';
import { convert } from './convert';
import { explainCommand } from './explain';
import { exportCommand } from './export';
import { generateCommand } from './generate';
import { gradientCommand } from './gradient';
import { info } from './info';
import { matchCommand } from './match';
import { mcpCommand } from './mcp';
import { runCommand } from './run';
import { unrollCommand } from './unroll';
import type { CommandName } from './usage';
import { verifyCommand } from './verify';

/** How to read a file that can be read in several ways, weights in place of its own, and the most memory to take. */
const reading: Options = {
  as: { type: 'string' },
  weights: { type: 'string' },
  memory: { type: 'string' },
};

const given: Options = {
  ...reading,
  sample: { type: 'string' },
  text: { type: 'string' },
  input: { type: 'string', multiple: true },
};

const json: Options = { json: { type: 'boolean' } };

const part: Options = { from: { type: 'string' }, steps: { type: 'string' } };

const sequence: Options = { ...given, ...json, ...part };

const held: Options = { set: { type: 'string', multiple: true } };

/** What is asked of an attribution: of which output, and how. */
const attributed: Options = {
  step: { type: 'string' },
  unit: { type: 'string' },
  method: { type: 'string' },
  baseline: { type: 'string' },
  points: { type: 'string' },
  logit: { type: 'boolean' },
};

interface CommandEntry {
  readonly options: Options;
  readonly run: Command;
  /** The most model files that it takes; one where absent. It needs one, unless it takes none. */
  readonly models?: 0 | 1 | 2;
}

export const COMMANDS: Record<CommandName, CommandEntry> = {
  check: { options: { ...reading, ...json, fix: { type: 'boolean' } }, run: check },
  info: { options: { ...reading, json: { type: 'boolean' } }, run: info },
  unroll: {
    options: { ...reading, steps: { type: 'string' }, detail: { type: 'string' } },
    run: unrollCommand,
  },
  run: { options: { ...sequence, ...held }, run: runCommand },
  explain: { options: { ...sequence, ...held, at: { type: 'string' } }, run: explainCommand },
  gradient: {
    options: { ...sequence, ...held, step: { type: 'string' }, unit: { type: 'string' } },
    run: gradientCommand,
  },
  attribute: {
    options: {
      ...sequence,
      ...held,
      ...attributed,
    },
    run: attributeCommand,
  },
  verify: {
    options: { ...given, ...json, expect: { type: 'string' }, tolerance: { type: 'string' } },
    run: verifyCommand,
  },
  compare: {
    options: {
      ...{ ...sequence, ...held, tolerance: { type: 'string' }, against: { type: 'string' } },
      ...{ 'against-weights': { type: 'string' }, 'against-as': { type: 'string' } },
    },
    run: compareCommand,
    models: 2,
  },
  match: {
    options: {
      ...{ ...sequence, ...held, signal: { type: 'string' }, range: { type: 'string' } },
      ...{ threshold: { type: 'string' }, in: { type: 'string' } },
      ...{ 'off-before': { type: 'string' }, 'off-after': { type: 'string' } },
    },
    run: matchCommand,
  },
  convert: {
    options: { ...reading, to: { type: 'string' }, out: { type: 'string', short: 'o' } },
    run: convert,
  },
  export: {
    options: {
      ...{
        ...given,
        ...json,
        ...part,
        ...held,
        format: { type: 'string' },
        out: { type: 'string', short: 'o' },
      },
      ...{
        ...attributed,
        signal: { type: 'string', multiple: true },
        at: { type: 'string' },
        detail: { type: 'string' },
        theme: { type: 'string' },
        scale: { type: 'string' },
        'no-values': { type: 'boolean' },
        view: { type: 'string' },
      },
    },
    run: exportCommand,
  },
  mcp: { options: { root: { type: 'string', multiple: true } }, run: mcpCommand, models: 0 },
  generate: {
    options: {
      ...reading,
      prompt: { type: 'string' },
      sample: { type: 'string' },
      length: { type: 'string' },
      temperature: { type: 'string' },
      greedy: { type: 'boolean' },
      'top-k': { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: generateCommand,
  },
};
