import * as vscode from 'vscode';
import { command, targetUri } from './command';

/** "Open Source": the model's JSON text in the text editor. */
export function registerOpenSource(): vscode.Disposable {
  return command('gatescope.openSource', async (argument) => {
    const uri = targetUri(argument);
    if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
  });
}
