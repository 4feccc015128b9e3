import * as vscode from 'vscode';
import { memoryLimits } from '../editor/settings';
import { translate } from '../editor/translate';
import type { PanelSession } from '../editor/panelSession';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { writeFile } from '../editor/writeFile';
import type { Network } from '../model/network';
import { record } from '../untrusted';
import { ask, besideModel, type Wanted, wantedBy } from './askExport';
import { command } from './command';
import { targetSession } from './targetSession';

/** What was exported for NumPy last, of each panel. */
const exportedArrays = new WeakMap<PanelSession, Wanted>();

/**
 * "Export…": the run that a panel shows, or the model, as a file; "Copy as Python", which loads the arrays. With a second
 * argument `{ format, file, from?, steps?, signals? }`, as of another extension, nothing is asked.
 */
export function registerExport(extension: vscode.Uri, editor: UnrolledEditor): vscode.Disposable {
  return vscode.Disposable.from(
    command('gatescope.export', async (argument, given) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      const { network } = await session.readable();
      const wanted = 'format' in record(given) ? await wantedBy(given, network) : await ask(session, network);
      if (wanted) await write(extension, session, network, wanted);
    }),
    command('gatescope.copyPython', async (argument) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.hasRun();
      await copyPython(session, exportedArrays.get(session));
    }),
  );
}

async function write(
  extension: vscode.Uri,
  session: PanelSession,
  network: Network,
  wanted: Wanted,
): Promise<void> {
  const { format, options, file } = wanted;
  if (format.of !== 'model') await session.hasRun();
  const name = file.path.split('/').pop()!;
  const title = vscode.l10n.t('Exporting {0}', name);
  const location = vscode.ProgressLocation.Notification;
  const ended = await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (told, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let percent = 0;
      const onProgress = (done: number, total: number) => {
        const now = Math.floor((100 * done) / total);
        if (now > percent) told.report({ increment: now - percent });
        percent = now;
      };
      const own = async (path: string) =>
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', path));
      const how = { signal: stop.signal, translate, onProgress, own };
      const pieces =
        format.of === 'run'
          ? format.write(session.exported, options, how)
          : format.write({ network, fileName: session.fileName }, options, how);
      try {
        await writeFile(file, pieces, memoryLimits(session.uri).memory);
        return true;
      } catch (error) {
        if (stop.signal.aborted) return false;
        throw error;
      }
    },
  );
  if (!ended) return;
  if (format.name === 'npz') exportedArrays.set(session, wanted);
  void offer(session, wanted, name);
}

/** What may be done with the file, once it is there. */
async function offer(session: PanelSession, wanted: Wanted, name: string): Promise<void> {
  const [open, python] = [vscode.l10n.t('Open'), vscode.l10n.t('Copy as Python')];
  const next = wanted.format.name === 'npz' ? python : open;
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported {0}', name), next);
  if (chosen === python) await copyPython(session, wanted);
  else if (chosen === open) await vscode.commands.executeCommand('vscode.open', wanted.file);
}

/** The lines that load what was exported, or would be exported beside the model. */
async function copyPython(session: PanelSession, wanted: Wanted | undefined): Promise<void> {
  const { pythonOfRun } = await import('../export/python');
  const { file, options } = wanted ?? { file: await besideModel(session, 'npz'), options: {} };
  const path = file.scheme === 'file' ? file.fsPath : file.path;
  await vscode.env.clipboard.writeText(await pythonOfRun(session.exported, options, path));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Python copied that loads {0}', path), 3000);
}
