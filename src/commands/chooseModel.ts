import * as vscode from 'vscode';

/** Lets the user pick one of the workspace's model files; says so if there is none. */
export async function chooseModel(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles('**/*.rnn.json', '**/node_modules/**', 200);
  if (files.length === 0) {
    const example = vscode.l10n.t('Open Example Model…');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('There is no model file (*.rnn.json) in this workspace.'),
      example,
    );
    if (answer === example) await vscode.commands.executeCommand('gatescope.openExample');
    return undefined;
  }
  const items = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Choose a model file'),
  });
  return picked?.uri;
}
