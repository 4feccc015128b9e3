import * as vscode from 'vscode';

/** `gatescope.memoryLimit` in bytes. */
export function memoryLimit(scope: vscode.ConfigurationScope): number {
  return vscode.workspace.getConfiguration('gatescope', scope).get<number>('memoryLimit', 1024) * 2 ** 20;
}

export function runOnOpen(scope: vscode.ConfigurationScope): boolean {
  return vscode.workspace.getConfiguration('gatescope', scope).get<boolean>('runOnOpen', true);
}
