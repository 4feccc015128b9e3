import * as vscode from 'vscode';
import { ownChoice, sampleChoice, withTakenInputs, type Choice } from '../host/scene';
import type { PanelSession } from '../editor/panelSession';
import { memoryLimits } from '../editor/settings';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { estimateMilliseconds, stepsWithin } from '../engine/plan';
import { readsIdsAlone, type Network } from '../model/network';
import type { Lengths } from '../model/partial';
import type { Problem } from '../model/problem';
import type { Sample, Sequence } from '../model/samples';
import type { SequenceReading } from '../model/sequences';
import type { Window } from '../model/sequences/window';
import { chooseFile } from './chosenFile';
import { command } from './command';
import { targetSession } from './targetSession';

/** Steps that are offered of a sequence that is too long to run whole. */
const OFFERED_STEPS = 2000;
/** Sequences that are estimated to take longer are offered in part, too. */
const LONG_MILLISECONDS = 10_000;

/** "Run Sample Sequence…": one of the model's samples, typed text or numbers, or a file; of long ones a part. */
export function registerRunSample(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.runSample', async (argument) => {
    const session = await targetSession(editor);
    if (!session) return;
    const { network, samples } = await session.readable();
    const named = samples.find(({ name }) => name === argument);
    const choice = named ? await ofSample(session, network, named) : await choose(session, network, samples);
    if (!choice) return;
    await session.run(withTakenInputs(network, choice, samples));
  });
}

type Source = { readonly sample: Sample } | 'type' | 'file';

async function choose(
  session: PanelSession,
  network: Network,
  samples: readonly Sample[],
): Promise<Choice | undefined> {
  const tokens = network.input.kind === 'token';
  const items: (vscode.QuickPickItem & { readonly source?: Source })[] = [
    ...samples.map((sample) => ({
      label: sample.name,
      description: vscode.l10n.t('{0} steps', sample.sequence.steps),
      source: { sample },
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: tokens ? vscode.l10n.t('$(edit) Type text…') : vscode.l10n.t('$(edit) Type numbers…'),
      source: 'type',
    },
    {
      label: vscode.l10n.t('$(file) Choose a file…'),
      description: tokens ? vscode.l10n.t('text or JSON') : vscode.l10n.t('CSV, JSON or WAV'),
      source: 'file',
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Run Sample Sequence'),
    placeHolder: vscode.l10n.t('Choose a sequence for {0}', network.name),
  });
  if (!picked?.source) return undefined;
  if (picked.source === 'type') return typed(network);
  if (picked.source === 'file') return fromFile(session, network);
  return ofSample(session, network, picked.source.sample);
}

async function ofSample(
  session: PanelSession,
  network: Network,
  sample: Sample,
): Promise<Choice | undefined> {
  const { name, sequence } = sample;
  if (isShort(session, network, sequence)) return sampleChoice(sample);
  const { cutSequence } = await import('../model/sequences/window');
  return ofPart(session, network, name, sequence, async (window) => cutSequence(network, sequence, window));
}

function isShort(session: PanelSession, network: Network, lengths: Lengths): boolean {
  const fits = stepsWithin(network, lengths, memoryLimits(session.uri).memory) === lengths.steps;
  return fits && estimateMilliseconds(network, lengths) < LONG_MILLISECONDS;
}

/** Asks which part of a long sequence is to run. */
async function ofPart(
  session: PanelSession,
  network: Network,
  title: string,
  lengths: Lengths,
  read: (window: Window) => Promise<Sequence>,
  problems: readonly Problem[] = [],
): Promise<Choice | undefined> {
  const { parseWindow } = await import('../model/sequences/window');
  const { steps } = lengths;
  const offered = { ...lengths, steps: Math.min(steps, OFFERED_STEPS) };
  const fit = stepsWithin(network, offered, memoryLimits(session.uri).memory);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run Sample Sequence'),
    prompt: vscode.l10n.t(
      '{0} has {1} steps. Which part is to run? Its first step and the number of its steps',
      title,
      steps,
    ),
    value: `0, ${Math.max(1, fit)}`,
    validateInput: (value) => refusal(() => parseWindow(value, steps)),
  });
  if (text === undefined) return undefined;
  const window = parseWindow(text, steps);
  const name = vscode.l10n.t('{0} from step {1}', title, window.from);
  return ownChoice(name, await read(window), problems);
}

function refusal(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function typed(network: Network): Promise<Choice | undefined> {
  const { sequenceFromJson, sequenceFromText } = await import('../model/sequences');
  const read = (text: string) =>
    network.input.kind === 'token'
      ? sequenceFromText(network, text)
      : sequenceFromJson(network, stepsAsJson(text));
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run Sample Sequence'),
    prompt: prompt(network),
    validateInput: (value) => errorOf(read(value).problems),
  });
  if (text === undefined) return undefined;
  return toChoice(text, read(text));
}

function prompt({ input }: Network): string {
  if (input.kind === 'token') {
    if (readsIdsAlone(input)) {
      const last = input.vocabulary.length - 1;
      return vscode.l10n.t('Ids from 0 to {0} separated by spaces; every id is a step', last);
    }
    return input.split === 'char'
      ? vscode.l10n.t('Text; every character is a step')
      : vscode.l10n.t('Words separated by spaces; every word is a step');
  }
  return input.size === 1
    ? vscode.l10n.t('Numbers separated by commas; every number is a step')
    : vscode.l10n.t('{0} numbers a step, separated by commas; steps separated by semicolons', input.size);
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

async function fromFile(session: PanelSession, network: Network): Promise<Choice | undefined> {
  const extensions = network.input.kind === 'token' ? ['txt', 'json'] : ['csv', 'json', 'wav'];
  const limits = memoryLimits(session.uri);
  const chosen = await chooseFile(
    {
      title: vscode.l10n.t('Choose a sequence'),
      defaultUri: vscode.Uri.joinPath(session.uri, '..'),
      filters: { [vscode.l10n.t('Sequences')]: extensions },
    },
    limits,
  );
  if (!chosen) return undefined;
  const { name, bytes } = chosen;
  const { openSequence } = await import('../model/sequences/file');
  const { file, problems } = await openSequence(network, name, bytes, limits);
  if (!file) throw new Error(fault(problems));
  if (isShort(session, network, file)) return ownChoice(name, await file.read(), problems);
  return ofPart(session, network, name, file, (window) => file.read(window), problems);
}

/** Throws what is wrong with a sequence, as one message. */
function toChoice(title: string, { sequence, problems }: SequenceReading): Choice {
  if (!sequence) throw new Error(fault(problems));
  return ownChoice(title, sequence, problems);
}

function fault(problems: readonly Problem[]): string {
  return errorOf(problems) ?? vscode.l10n.t('The sequence cannot be read.');
}

function errorOf(problems: readonly Problem[]): string | undefined {
  return problems.find(({ severity }) => severity === 'error')?.message;
}
