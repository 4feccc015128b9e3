import * as vscode from 'vscode';
import { threads } from '../platform/platform';
import { confirmation } from '../tools/confirmation';
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
  const { title, progress, lines } = confirmation(name, input);
  return {
    invocationMessage: new vscode.MarkdownString().appendText(progress),
    confirmationMessages: { title, message: new vscode.MarkdownString().appendText(lines.join('\n')) },
  };
}
