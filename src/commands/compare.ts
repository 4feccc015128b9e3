import * as vscode from 'vscode';
import { gitVersions, hasGit } from '../editor/git';
import { readOther } from '../editor/otherModel';
import type { PanelSession } from '../editor/panelSession';
import { nameOf } from '../editor/readModel';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { sampleChoice } from '../host/scene';
import type { OtherRun } from '../host/otherRun';
import { record } from '../untrusted';
import { command } from './command';
import { chooseExample } from './openExample';
import { targetSession } from './targetSession';

/** The same task, learnt by three cells. */
const TRIO = ['recall-rnn', 'recall-lstm', 'recall-gru'];

interface Item extends vscode.QuickPickItem {
  readonly other?: () => Promise<OtherRun | undefined>;
}

/** "Compare With…": another model on the same sequence, the same model on another, or as it is in a commit. */
export function registerCompare(extension: vscode.Uri, editor: UnrolledEditor): vscode.Disposable {
  const examples = vscode.Uri.joinPath(extension, 'media', 'examples');
  return vscode.Disposable.from(
    command('gatescope.compareWith', async (argument) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.ran();
      const picked = await vscode.window.showQuickPick(await itemsFor(session, examples), {
        title: vscode.l10n.t('Compare With'),
        placeHolder: vscode.l10n.t('Choose what to compare the run of {0} with', session.fileName),
      });
      const other = await picked?.other?.();
      if (other) await session.compare(other);
    }),
    command('gatescope.compareRuns', async () => {
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      if (!(input instanceof vscode.TabInputTextDiff)) return;
      const { original, modified } = input;
      const before = await otherSide(original, nameOf(modified));
      // A commit's side is no file that could be opened to be edited: what is saved stands for it.
      const saved = modified.scheme === 'git' ? modified.with({ scheme: 'file', query: '' }) : modified;
      const session = await editor.open(saved);
      await session.hasRun();
      await session.compare(before);
    }),
    command('gatescope.compareCells', async () => {
      for (const [k, name] of TRIO.entries()) {
        const session = await editor.open(vscode.Uri.joinPath(examples, `${name}.rnn.json`), k + 1);
        session.showView('memory');
      }
    }),
  );
}

async function itemsFor(session: PanelSession, examples: vscode.Uri): Promise<Item[]> {
  const { uri, document } = session;
  const { samples } = await session.readable();
  const { sequence } = await session.ran();
  const at = await gitVersions(uri);
  const items: Item[] = [
    { label: vscode.l10n.t('$(file) Another model file…'), other: () => anotherFile(session) },
    { label: vscode.l10n.t('$(book) An example…'), other: () => anExample(examples) },
  ];
  if (document.text?.isDirty) {
    const name = vscode.l10n.t('{0} as it is saved', session.fileName);
    items.push({ label: `$(save) ${name}`, other: () => readOther({ name, uri }) });
  }
  if (at) {
    const inCommit = (ref: string) =>
      readOther({ name: fileNameAt(session.fileName, ref), uri, at: at(ref) });
    items.push(
      { label: vscode.l10n.t('$(git-commit) This file at git HEAD'), other: () => inCommit('HEAD') },
      {
        label: vscode.l10n.t('$(git-commit) This file at another commit…'),
        other: async () => {
          const ref = await askCommit();
          return ref === undefined ? undefined : inCommit(ref);
        },
      },
    );
  }
  if (!hasGit()) {
    const description = vscode.l10n.t('not here: the Git extension does not run');
    items.push({
      ...{ label: vscode.l10n.t('$(git-commit) This file at a commit'), description },
      other: async () => {
        throw new Error(
          vscode.l10n.t(
            'Commits are known to the Git extension, which runs in trusted folders, and not in a browser.',
          ),
        );
      },
    });
  }
  const others = samples.filter((sample) => sample.sequence !== sequence);
  if (others.length > 0) {
    items.push({ label: vscode.l10n.t('on another sequence'), kind: vscode.QuickPickItemKind.Separator });
  }
  return [
    ...items,
    ...others.map((sample) => ({
      label: sample.name,
      description: vscode.l10n.t('{0} steps', sample.sequence.steps),
      other: async () => ({ name: sample.name, choice: sampleChoice(sample) }),
    })),
  ];
}

/** The model on the left of a text difference: a file, or a file in a commit. */
async function otherSide(uri: vscode.Uri, beside: string): Promise<OtherRun> {
  const fileName = nameOf(uri);
  if (uri.scheme !== 'git') return readOther({ name: nameBeside(uri, beside), uri });
  const file = uri.with({ scheme: 'file', query: '' });
  const { ref } = record(JSON.parse(uri.query));
  const at = await gitVersions(file);
  if (!at || typeof ref !== 'string') throw new Error(vscode.l10n.t('{0} is in no repository.', fileName));
  const name =
    ref === '~' || ref === '' ? vscode.l10n.t('{0} as it is staged', fileName) : fileNameAt(fileName, ref);
  return readOther({ name, uri: file, at: at(ref) });
}

function fileNameAt(fileName: string, ref: string): string {
  return vscode.l10n.t('{0} at {1}', fileName, ref);
}

async function anotherFile({ document, fileName }: PanelSession): Promise<OtherRun | undefined> {
  const title = vscode.l10n.t('Compare With');
  const [uri] = (await vscode.window.showOpenDialog({ title, defaultUri: document.folderUri })) ?? [];
  if (!uri) return undefined;
  return readOther({ name: nameBeside(uri, fileName), uri });
}

/** The name of a file, told apart from that of another one. */
function nameBeside(uri: vscode.Uri, other: string): string {
  const name = nameOf(uri);
  return name === other ? vscode.workspace.asRelativePath(uri) : name;
}

async function anExample(examples: vscode.Uri): Promise<OtherRun | undefined> {
  const example = await chooseExample(examples);
  return example && readOther({ name: example.label, uri: vscode.Uri.joinPath(examples, example.file) });
}

async function askCommit(): Promise<string | undefined> {
  const ref = await vscode.window.showInputBox({
    title: vscode.l10n.t('Compare With'),
    prompt: vscode.l10n.t('A commit, a branch or a tag'),
    value: 'HEAD~1',
  });
  return ref?.trim() || undefined;
}
