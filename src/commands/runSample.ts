import * as vscode from 'vscode';
import { sampleChoice, withTakenInputs, type ChosenSequence } from '../host/scene';
import type { PanelSession } from '../editor/panelSession';
import { chooseFile } from '../editor/chosenFile';
import { errorOf, openSequenceFile, partOfSample, typedChoice, typedReader } from '../editor/ownSequences';
import { memoryLimits } from '../editor/settings';
import { translate } from '../editor/translate';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { estimateMilliseconds, stepsWithin } from '../engine/plan';
import { keptBytes } from '../engine/recording/plan';
import { leastLengths } from '../model/furtherInputs';
import { readsIdsAlone, type Network } from '../model/network';
import type { Lengths } from '../model/partial';
import type { Sample } from '../model/samples';
import type { StepRange } from '../model/sequences/window';
import { command } from './command';
import { targetSession } from './targetSession';

/** Steps that are offered of a sequence that is too long to run whole. */
const OFFERED_STEPS = 2000;
/** Sequences that are estimated to take longer are offered in part, too. */
const LONG_MILLISECONDS = 10_000;

/** "Run Sample Sequence…", of the model in the file `uri` where one is given: one of the model's samples, typed text or numbers, or a file; of long ones a part. */
export function registerRunSample(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.runSample', async (argument, uri) => {
    const session = await targetSession(editor, uri, vscode.ViewColumn.Beside);
    if (!session) return;
    const { network, samples } = await session.readable();
    const named = samples.find(({ name }) => name === argument);
    const choice = named ? await ofSample(session, network, named) : await choose(session, network, samples);
    if (!choice) return;
    await session.run(withTakenInputs(network, choice, samples, translate));
  });
}

type Source = { readonly sample: Sample } | 'type' | 'file';

async function choose(
  session: PanelSession,
  network: Network,
  samples: readonly Sample[],
): Promise<ChosenSequence | undefined> {
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
      description: tokens ? vscode.l10n.t('text, JSON or CSV') : vscode.l10n.t('CSV, JSON or WAV'),
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
): Promise<ChosenSequence | undefined> {
  const { name, sequence } = sample;
  if (isShort(session, network, sequence)) return sampleChoice(sample);
  return ofPart(session, network, name, sequence, async (window) => partOfSample(network, sample, window));
}

function isShort(session: PanelSession, network: Network, lengths: Lengths): boolean {
  const fits = stepsWithin(network, lengths, memoryLimits(session.uri).memory, keptBytes) === lengths.steps;
  return fits && estimateMilliseconds(network, lengths) < LONG_MILLISECONDS;
}

/** Asks which part of a long sequence is to run. */
async function ofPart(
  session: PanelSession,
  network: Network,
  title: string,
  lengths: Lengths,
  read: (window: StepRange) => Promise<ChosenSequence | undefined>,
): Promise<ChosenSequence | undefined> {
  const { parseWindow } = await import('../model/sequences/window');
  const { steps } = lengths;
  const fit = stepsWithin(network, lengths, memoryLimits(session.uri).memory, keptBytes);
  const windowIn = (text: string) => {
    const window = parseWindow(text, steps);
    if (window.steps <= fit) return window;
    throw new RangeError(
      vscode.l10n.t(
        '{0} steps fit in the limit (setting gatescope.memoryLimit), not {1}.',
        fit,
        window.steps,
      ),
    );
  };
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run Sample Sequence'),
    prompt: vscode.l10n.t(
      '{0} has {1} steps. Which part is to run? Its first step and the number of its steps',
      title,
      steps,
    ),
    value: `0, ${Math.max(1, Math.min(fit, OFFERED_STEPS))}`,
    validateInput: (value) => refusal(() => windowIn(value)),
  });
  if (text === undefined) return undefined;
  return read(windowIn(text));
}

function refusal(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function typed(network: Network): Promise<ChosenSequence | undefined> {
  const read = await typedReader(network);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Run Sample Sequence'),
    prompt: prompt(network),
    validateInput: (value) => errorOf(read(value).problems),
  });
  if (text === undefined) return undefined;
  return typedChoice(text, read(text));
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

async function fromFile(session: PanelSession, network: Network): Promise<ChosenSequence | undefined> {
  const extensions = network.input.kind === 'token' ? ['txt', 'json', 'csv'] : ['csv', 'json', 'wav'];
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
  const { choice, ...whole } = await openSequenceFile(network, chosen, limits);
  const lengths = leastLengths(network, whole);
  const read = (window?: StepRange) => session.read(chosen.name, (signal) => choice(window, signal));
  return isShort(session, network, lengths) ? read() : ofPart(session, network, chosen.name, lengths, read);
}
