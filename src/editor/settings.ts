import * as vscode from 'vscode';
import type { Limits } from '../model/limits';
import { checkedSettings, type PanelSettings } from '../panelSettings';
import { say } from '../words/say';

export function memoryLimits(scope: vscode.ConfigurationScope): Limits {
  const megabytes = vscode.workspace.getConfiguration('gatescope', scope).get<number>('memoryLimit', 1024);
  return { memory: megabytes * 2 ** 20, raisedBy: say`setting gatescope.memoryLimit` };
}

/** The same as options of the command line. */
export function memoryOptions(scope: vscode.ConfigurationScope) {
  const { memory, raisedBy } = memoryLimits(scope);
  return { memory: String(Math.max(1, Math.floor(memory / 2 ** 20))), raisedBy };
}

export function runOnOpen(scope: vscode.ConfigurationScope): boolean {
  return vscode.workspace.getConfiguration('gatescope', scope).get<boolean>('runOnOpen', true);
}

/** Those of `panelSettings`, by their names. */
const PANEL_SETTINGS = ['columns', 'detail', 'colourMode', 'numberFormat', 'reducedMotion'];

export function affectsPanel(
  change: vscode.ConfigurationChangeEvent,
  scope: vscode.ConfigurationScope,
): boolean {
  return PANEL_SETTINGS.some((name) => change.affectsConfiguration(`gatescope.${name}`, scope));
}

export function panelSettings(scope: vscode.ConfigurationScope): PanelSettings {
  const settings = vscode.workspace.getConfiguration('gatescope', scope);
  return checkedSettings(Object.fromEntries(PANEL_SETTINGS.map((name) => [name, settings.get(name)])));
}
