import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { chosenWith, type Choice } from '../model/dialects/dialect';
import { command } from './command';
import { targetSession } from './targetSession';

interface Item extends vscode.QuickPickItem {
  readonly choice?: Choice;
}

/** "Choose How to Read the Model…": for files that can be read in several ways. */
export function registerChooseReading(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.chooseReading', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { document, fileName } = session;
    const { choices = [] } = await document.reading();
    if (choices.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} can be read in one way only.', fileName));
      return;
    }
    const picked = await vscode.window.showQuickPick(itemsOf(choices, document.choices), {
      placeHolder: vscode.l10n.t('Choose how to read {0}', fileName),
      // Nothing is shown before the answer: a click elsewhere is none.
      ignoreFocusOut: true,
    });
    if (picked?.choice) document.choose(chosenWith(picked.choice, document.choices, choices));
  });
}

/** Kind by kind, what was chosen already marked. */
function itemsOf(choices: readonly Choice[], chosen: readonly string[]): Item[] {
  const kinds = [...new Set(choices.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const items = choices
      .filter((choice) => choice.kind === kind)
      .map((choice): Item => ({
        label: choice.label,
        choice,
        ...(chosen.includes(choice.value) && { description: vscode.l10n.t('chosen') }),
      }));
    return kinds.length > 1 ? [separator(kind), ...items] : items;
  });
}

function separator(kind: Choice['kind']): Item {
  return { label: headingOf(kind), kind: vscode.QuickPickItemKind.Separator };
}

function headingOf(kind: Choice['kind']): string {
  switch (kind) {
    case 'dialect':
      return vscode.l10n.t('Kind of model');
    case 'state-dict':
      return vscode.l10n.t('State dict');
    case 'order':
      return vscode.l10n.t('Order of its modules');
    case 'concatenation':
      return vscode.l10n.t('Matrices over input and state');
    case 'reset':
      return vscode.l10n.t('Reset gate');
    case 'update':
      return vscode.l10n.t('Update gate');
    default:
      return headingOfNamed(kind);
  }
}

function headingOfNamed(kind: string): string {
  const name = kind.slice(kind.indexOf(' ') + 1);
  if (kind.startsWith('activation ')) return vscode.l10n.t('Activation after {0}', name);
  return kind.startsWith('argument ')
    ? vscode.l10n.t('Argument {0}', name)
    : vscode.l10n.t('Value of an input');
}
