import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';

/** "Next Step" and "Previous Step". */
export function registerSteps(editor: UnrolledEditor): vscode.Disposable {
  return vscode.Disposable.from(
    command('gatescope.nextStep', () => editor.active?.navigate('next')),
    command('gatescope.previousStep', () => editor.active?.navigate('previous')),
  );
}
