import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { record } from '../untrusted';
import { command } from './command';

/** Commands about what the panel shows. */
export function registerNavigation(editor: UnrolledEditor): vscode.Disposable {
  return vscode.Disposable.from(
    command('gatescope.nextStep', () => editor.active?.navigate('next')),
    command('gatescope.previousStep', () => editor.active?.navigate('previous')),
    command('gatescope.showMemory', () => editor.active?.showView('memory')),
    command('gatescope.showAttribution', () => editor.active?.showView('attribution')),
    command('gatescope.showWhy', () => editor.active?.showView('why')),
    command('gatescope.goToLayer', (argument) => {
      const { layer } = record(argument);
      if (typeof layer === 'string') return editor.active?.revealLayer(layer, true);
    }),
    command('gatescope.showMatches', () => editor.active?.showView('matches')),
  );
}
