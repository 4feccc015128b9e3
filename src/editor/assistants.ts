import * as vscode from 'vscode';
import { quote } from '../model/json/decode';
import { threads } from '../platform/platform';
import { record } from '../untrusted';
import { type PreparedTool, type ToolAsked, toolsOfVscode } from './languageModels';
import { memoryOptions } from './settings';
import { WorkspaceFiles } from './workspaceFiles';

/** Registers what the manifest has for language models, where VS Code has tools. */
export function registerAssistants({ packageJSON }: vscode.Extension<unknown>): vscode.Disposable {
  const vscodeTools = toolsOfVscode();
  const { languageModelTools = [] } = record(record(packageJSON).contributes);
  if (!vscodeTools || !Array.isArray(languageModelTools)) return vscode.Disposable.from();
  const registered = languageModelTools.map((tool) => {
    const name = String(record(tool).name);
    const own = name.replace(/^gatescope_/, '');
    return vscodeTools.register(name, {
      prepareInvocation: (asked) => prepared(own, asked),
      invoke: async (asked, token) => vscodeTools.result(await answered(own, asked, token)),
    });
  });
  return vscode.Disposable.from(...registered);
}

/** Rejects with what is wrong, for the language model to read. */
async function answered(
  name: string,
  { input }: ToolAsked,
  token: vscode.CancellationToken,
): Promise<readonly string[]> {
  const work = new AbortController();
  const cancelled = token.onCancellationRequested(() => work.abort());
  try {
    const { answer } = await import('../tools/answer');
    const { text, isError } = await answer(name, input, {
      files: new WorkspaceFiles(work.signal),
      running: { helper: threads(), signal: work.signal },
      values: memoryOptions(vscode.workspace.workspaceFolders?.[0] ?? vscode.Uri.file('/')),
    });
    if (isError) throw new Error(text.join('\n'));
    return text;
  } catch (error) {
    if (work.signal.aborted) throw new vscode.CancellationError();
    throw error;
  } finally {
    cancelled.dispose();
  }
}

/** What is asked of the user before anything is read. */
function prepared(name: string, { input }: ToolAsked): PreparedTool {
  const asked = record(input);
  const files = ['model', 'other', 'weights', 'input', 'expect'].flatMap((key) =>
    asked[key] === undefined ? [] : [quote(String(asked[key]))],
  );
  const { l10n } = vscode;
  const read = l10n.t('Files of this workspace that are read: {0}.', files.join(', '));
  const lines = [
    read,
    ...(name === 'info' ? [] : [l10n.t('The model runs on this machine, on {0}.', sequenceOf(asked))]),
    ...(asked.set === undefined ? [] : [l10n.t('What is held: {0}.', listed(asked.set))]),
    l10n.t('Nothing is written. The answer goes to the language model.'),
  ];
  const message = new vscode.MarkdownString();
  for (const line of lines) message.appendText(`${line}\n`);
  return {
    invocationMessage: new vscode.MarkdownString().appendText(l10n.t('Gatescope: {0}', read)),
    confirmationMessages: { title: titleOf(name), message },
  };
}

function titleOf(name: string): string {
  switch (name) {
    case 'run':
      return vscode.l10n.t('Run a Recurrent Network');
    case 'explain':
      return vscode.l10n.t('Explain a Value of a Recurrent Network');
    case 'verify':
      return vscode.l10n.t('Check a Recurrent Network');
    case 'compare':
      return vscode.l10n.t('Compare Two Runs of Recurrent Networks');
    default:
      return vscode.l10n.t('Look at a Recurrent Network');
  }
}

function sequenceOf({ text, input, sample, against }: Readonly<Record<string, unknown>>): string {
  const named = [text, input, sample, against].filter((one) => one !== undefined);
  return named.length > 0 ? named.map((one) => quote(String(one))).join(', ') : vscode.l10n.t('its samples');
}

function listed(value: unknown): string {
  return [value]
    .flat()
    .map((one) => quote(String(one)))
    .join(', ');
}
