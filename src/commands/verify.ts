import * as vscode from 'vscode';
import type { PanelSession } from '../editor/panelSession';
import { memoryLimits } from '../editor/settings';
import { translate } from '../editor/translate';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { traceBytes } from '../engine/plan';
import { leastLengths, withFurtherInputs } from '../model/furtherInputs';
import type { Limits } from '../model/limits';
import { type Network } from '../model/network';
import type { Problem } from '../model/problem';
import type { Sample } from '../model/samples';
import type { Check, Verdict } from '../verify';
import { type ChosenFile, chooseFile, openFile } from '../editor/chosenFile';
import { command } from './command';
import { targetSession } from './targetSession';

/** The scheme of read-only texts that hold the details of a check: the query is the text. */
const DETAILS = 'gatescope-check';

/** "Check Against Expected Output…": what the samples bring, what stands beside the model, or two files that the user picks. */
export function registerVerify(editor: UnrolledEditor): vscode.Disposable {
  const verify = command('gatescope.verify', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { network, weights, samples } = await session.readable();
    const reading = await session.document.reading();
    if (!weights) throw new Error(vscode.l10n.t('The weights could not be read.'));
    const found = [...checksOf(samples), ...(await checksBeside(session, network, samples))];
    const checks = found.length > 0 ? found : await chosenCheck(session, network, samples);
    if (checks.length === 0) return;
    for (const { sequence } of checks) demandMemory(traceBytes(network, sequence), memoryLimits(session.uri));
    const verdict = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Checking {0}', session.fileName),
        cancellable: true,
      },
      async (_, token) => {
        const work = new AbortController();
        token.onCancellationRequested(() => work.abort());
        const { computesInEightBits, doubtOf, verify } = await import('../verify');
        const doubt = doubtOf(reading, checks);
        const options = { signal: work.signal, doubt, eightBits: computesInEightBits(reading) };
        return verify({ network, weights }, checks, options).catch((error: unknown) => {
          if (work.signal.aborted) return undefined;
          throw error;
        });
      },
    );
    if (verdict) await tell(verdict, session.fileName);
  });
  const details = vscode.workspace.registerTextDocumentContentProvider(DETAILS, {
    provideTextDocumentContent: ({ query }) => query,
  });
  return vscode.Disposable.from(verify, details);
}

async function tell(verdict: Verdict, fileName: string): Promise<void> {
  const { VerdictWords } = await import('../words/verdict');
  const words = new VerdictWords(translate);
  const show = verdict.matches ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const details = vscode.l10n.t('Show Details');
  if ((await show(words.verdict(verdict), details)) !== details) return;
  const cause = verdict.matches ? undefined : words.cause(verdict);
  const lines = [
    ...verdict.checks.map((check) => words.check(check)),
    ...(cause === undefined ? [] : [cause]),
  ];
  const path = `/${vscode.l10n.t('Check of {0}', fileName)}`;
  const uri = vscode.Uri.from({ scheme: DETAILS, path, query: `${lines.join('\n')}\n` });
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
}

function checksOf(samples: readonly Sample[]): Check[] {
  return samples.flatMap(({ name, sequence, expected }) => (expected ? [{ name, sequence, expected }] : []));
}

async function checksBeside(
  session: PanelSession,
  network: Network,
  samples: readonly Sample[],
): Promise<Check[]> {
  const { document, fileName } = session;
  const [{ pairsFor }, { stemOf }] = await Promise.all([import('../verify'), import('../model/convert')]);
  const found = await vscode.workspace.fs.readDirectory(document.folderUri).then(
    (entries) => entries,
    () => [], // not every file system lists its folders
  );
  const names = found.map(([name]) => name);
  const open = (name: string) =>
    openFile(vscode.Uri.joinPath(document.folderUri, name), memoryLimits(session.uri));
  const checks: Check[] = [];
  for (const { input, expected } of pairsFor(stemOf(fileName), names)) {
    checks.push(await checkOf(session, network, samples, await open(input), await open(expected)));
  }
  return checks;
}

async function chosenCheck(
  session: PanelSession,
  network: Network,
  samples: readonly Sample[],
): Promise<Check[]> {
  const choose = (title: string) =>
    chooseFile(
      {
        title,
        openLabel: title,
        defaultUri: session.document.folderUri,
        filters: { [vscode.l10n.t('Sequences')]: ['csv', 'json', 'wav', 'txt'] },
      },
      memoryLimits(session.uri),
    );
  const input = await choose(vscode.l10n.t('Choose the Input'));
  const expected = input && (await choose(vscode.l10n.t('Choose the Expected Output')));
  return expected ? [await checkOf(session, network, samples, input, expected)] : [];
}

async function checkOf(
  session: PanelSession,
  network: Network,
  samples: readonly Sample[],
  input: ChosenFile,
  output: ChosenFile,
): Promise<Check> {
  const { openSequence } = await import('../model/sequences/file');
  const { expectedOfFile } = await import('../model/sequences/expected');
  const limits = memoryLimits(session.uri);
  const { file, problems } = await openSequence(network, input.name, input.bytes, limits);
  if (!file) throw new Error(`${input.name}: ${messageOf(problems)}`);
  demandMemory(traceBytes(network, leastLengths(network, file)), limits);
  const found = await file.read();
  if (!found.sequence) throw new Error(`${input.name}: ${messageOf(found.problems)}`);
  const { expectedOutput } = await import('../verify');
  const sequence = withFurtherInputs(network, found.sequence, samples);
  const wanted = expectedOutput(network, sequence);
  const known = await expectedOfFile(wanted, output.name, output.bytes, limits);
  if (!known.expected) throw new Error(`${output.name}: ${messageOf(known.problems)}`);
  return {
    name: vscode.l10n.t('{0} against {1}', input.name, output.name),
    sequence,
    expected: known.expected,
  };
}

function messageOf(problems: readonly Problem[]): string {
  return problems.find(({ severity }) => severity === 'error')?.message ?? '';
}

function demandMemory(bytes: number, { memory }: Limits): void {
  if (bytes <= memory) return;
  throw new Error(
    vscode.l10n.t(
      'The run would take {0} MB; the limit is {1} MB (setting gatescope.memoryLimit).',
      Math.ceil(bytes / 2 ** 20),
      Math.floor(memory / 2 ** 20),
    ),
  );
}
