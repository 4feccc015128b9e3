/** Sequences of the user's own: typed, from a file, a part of a sample, generated. Read when they are chosen, and after a reload. */
import * as vscode from 'vscode';
import type { Origin } from '../host/origin';
import type { Runnable } from '../host/runsAlike';
import { ownChoice, withTakenInputs, type ChosenSequence } from '../host/scene';
import type { Limits } from '../model/limits';
import type { Network } from '../model/network';
import type { Lengths } from '../model/partial';
import type { Problem } from '../model/problem';
import type { Sample } from '../model/samples';
import type { SequenceReading } from '../model/sequences';
import type { StepRange } from '../model/sequences/window';
import { openFile, type ChosenFile } from './chosenFile';
import { generatedChoice } from './generatedSequence';
import { translate } from './translate';

/** The same sequence again. Rejects with an Error for people where it is gone or does not fit the model any more. */
export async function recall(
  origin: Origin,
  model: Runnable,
  limits: Limits,
  signal: AbortSignal,
): Promise<ChosenSequence> {
  const choice = await read(origin, model, limits, signal);
  return withTakenInputs(model.network, choice, model.samples, translate);
}

async function read(
  origin: Origin,
  model: Runnable,
  limits: Limits,
  signal: AbortSignal,
): Promise<ChosenSequence> {
  const { network, samples } = model;
  switch (origin.kind) {
    case 'typed':
      return typedChoice(origin.text, (await typedReader(network))(origin.text));
    case 'file':
      return fileAgain(origin, network, limits, signal);
    case 'part': {
      const sample = samples.find(({ name }) => name === origin.sample);
      if (!sample) throw new Error(vscode.l10n.t('the model has no such sample any more'));
      return partOfSample(network, sample, origin.window);
    }
    case 'generated':
      return generatedChoice(model, origin, limits, signal);
  }
}

async function fileAgain(
  origin: Extract<Origin, { kind: 'file' }>,
  network: Network,
  limits: Limits,
  signal: AbortSignal,
): Promise<ChosenSequence> {
  const { window } = origin;
  const chosen = await openFile(vscode.Uri.parse(origin.uri, true), limits).catch((error: unknown) => {
    if (error instanceof vscode.FileSystemError) throw new Error(vscode.l10n.t('there is no such file'));
    throw error;
  });
  return (await openSequenceFile(network, chosen, limits)).choice(window, signal);
}

/** Its lengths are known before it is read. */
interface SequenceFile extends Lengths {
  /** The whole, or a part. Throws what is wrong with it; of tables also if `signal` is aborted. */
  choice(window?: StepRange, signal?: AbortSignal): Promise<ChosenSequence>;
}

/** Throws what is wrong with it. */
export async function openSequenceFile(
  network: Network,
  { name, uri, bytes }: ChosenFile,
  limits: Limits,
): Promise<SequenceFile> {
  const { openSequence } = await import('../model/sequences/file');
  const { file, problems } = await openSequence(network, name, bytes, limits);
  if (!file) throw new Error(fault(problems));
  return {
    steps: file.steps,
    more: file.more,
    async choice(window, signal) {
      const found = await file.read(window, signal);
      if (!found.sequence) throw new Error(fault(found.problems));
      const title = window ? partTitle(name, window) : name;
      const origin = { kind: 'file', uri: uri.toString(), ...(window && { window }) } as const;
      return ownChoice(title, found.sequence, [...problems, ...found.problems], origin);
    },
  };
}

export async function partOfSample(
  network: Network,
  { name, sequence }: Sample,
  window: StepRange,
): Promise<ChosenSequence> {
  const { cutSequence } = await import('../model/sequences/window');
  const origin = { kind: 'part', sample: name, window } as const;
  return ownChoice(partTitle(name, window), cutSequence(network, sequence, window), [], origin);
}

function partTitle(title: string, { from }: StepRange): string {
  return vscode.l10n.t('{0} from step {1}', title, from);
}

/** How a model reads what is typed. */
export async function typedReader(network: Network): Promise<(text: string) => SequenceReading> {
  const { sequenceFromJson, sequenceFromText } = await import('../model/sequences');
  return (text) =>
    network.input.kind === 'token'
      ? sequenceFromText(network, text)
      : sequenceFromJson(network, stepsAsJson(text));
}

/** Throws what is wrong with it. */
export function typedChoice(text: string, { sequence, problems }: SequenceReading): ChosenSequence {
  if (!sequence) throw new Error(fault(problems));
  return ownChoice(text, sequence, problems, { kind: 'typed', text });
}

/** `1, 2; 3, 4` as `[[1,2],[3,4]]`; with neither brackets nor semicolons every number is a step of one feature. */
function stepsAsJson(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return trimmed;
  const steps = trimmed.includes(';') ? trimmed.split(';') : trimmed.split(/[,\s]+/);
  return `[${steps
    .filter((step) => step.trim() !== '')
    .map((step) => `[${step}]`)
    .join(',')}]`;
}

function fault(problems: readonly Problem[]): string {
  return errorOf(problems) ?? vscode.l10n.t('The sequence cannot be read.');
}

export function errorOf(problems: readonly Problem[]): string | undefined {
  return problems.find(({ severity }) => severity === 'error')?.message;
}
