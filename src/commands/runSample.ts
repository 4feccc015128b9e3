import * as vscode from 'vscode';
import { sampleChoice, type Choice } from '../editor/scene';
import type { Session } from '../editor/session';
import { memoryLimit } from '../editor/settings';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { withFurtherInputs } from '../model/furtherInputs';
import type { Network } from '../model/network';
import type { Sample } from '../model/samples';
import type { SequenceReading } from '../model/sequences';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Run Sample Sequence…": one of the model's samples, typed text or numbers, or a file. */
export function registerRunSample(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.runSample', async (argument) => {
    const session = await targetSession(editor);
    if (!session) return;
    const { network, samples } = await session.readable();
    const named = samples.find(({ name }) => name === argument);
    const choice = named ? sampleChoice(named) : await choose(session, network, samples);
    if (!choice) return;
    await session.run({ ...choice, sequence: withFurtherInputs(network, choice.sequence, samples) });
  });
}

type Source = { readonly sample: Sample } | 'type' | 'file';

async function choose(
  session: Session,
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
      description: tokens ? vscode.l10n.t('text or JSON') : vscode.l10n.t('CSV or JSON'),
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
  return sampleChoice(picked.source.sample);
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
    validateInput: (value) => fault(read(value)),
  });
  if (text === undefined) return undefined;
  return toChoice(text, read(text));
}

function prompt({ input }: Network): string {
  if (input.kind === 'token') {
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

async function fromFile(session: Session, network: Network): Promise<Choice | undefined> {
  const extensions = network.input.kind === 'token' ? ['txt', 'json'] : ['csv', 'json'];
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose a sequence'),
      defaultUri: vscode.Uri.joinPath(session.uri, '..'),
      filters: { [vscode.l10n.t('Sequences')]: extensions },
    })) ?? [];
  if (!uri) return undefined;
  const name = uri.path.split('/').pop() ?? '';
  const { size } = await vscode.workspace.fs.stat(uri);
  const limit = memoryLimit(session.uri);
  if (size > limit) {
    throw new Error(
      vscode.l10n.t(
        '{0} has {1} bytes; the limit is {2} (setting gatescope.memoryLimit).',
        name,
        size,
        limit,
      ),
    );
  }
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  return toChoice(name, await sequenceFromFile(network, name, text));
}

async function sequenceFromFile(network: Network, name: string, text: string): Promise<SequenceReading> {
  const { sequenceFromCsv, sequenceFromJson, sequenceFromText } = await import('../model/sequences');
  if (/\.json$/i.test(name)) return sequenceFromJson(network, text);
  return network.input.kind === 'token' ? sequenceFromText(network, text) : sequenceFromCsv(network, text);
}

/** Throws what is wrong with a sequence, as one message. */
function toChoice(title: string, reading: SequenceReading): Choice {
  if (!reading.sequence) throw new Error(fault(reading) ?? vscode.l10n.t('The sequence cannot be read.'));
  return { sample: null, title, sequence: reading.sequence };
}

function fault({ problems }: SequenceReading): string | undefined {
  return problems.find(({ severity }) => severity === 'error')?.message;
}
