import * as vscode from 'vscode';
import type { Limits } from '../model/limits';

export function memoryLimits(scope: vscode.ConfigurationScope): Limits {
  const megabytes = vscode.workspace.getConfiguration('gatescope', scope).get<number>('memoryLimit', 1024);
  return { memory: megabytes * 2 ** 20, raisedBy: 'setting gatescope.memoryLimit' };
}

export function runOnOpen(scope: vscode.ConfigurationScope): boolean {
  return vscode.workspace.getConfiguration('gatescope', scope).get<boolean>('runOnOpen', true);
}
