import * as vscode from 'vscode';
import type { PanelSession } from '../editor/panelSession';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { isCount, record } from '../untrusted';
import { addressText, changeText, splitChanges, type Changed } from '../whatIf/text';
import { command } from './command';
import { targetSession } from './targetSession';

/** "What If…": what a run has otherwise, from the palette and from the menu of a signal in the panel. */
export function registerWhatIf(editor: UnrolledEditor): vscode.Disposable {
  const on = (id: string, run: (session: PanelSession, at: Changed | undefined) => Promise<void> | void) =>
    command(id, async (argument) => {
      const session = await targetSession(editor);
      if (session) await run(session, changedIn(argument));
    });
  const held = (id: string, value: number, everyStep: boolean) =>
    on(id, (session, at) => {
      if (at) session.change({ type: 'change', sets: [changeText(everyStep ? atEveryStep(at) : at, value)] });
    });
  return vscode.Disposable.from(
    on('gatescope.whatIf', (session, at) => ask(session, at ? `${addressText(atEveryStep(at))}=` : '')),
    held('gatescope.whatIfOpen', 1, true),
    held('gatescope.whatIfShut', 0, true),
    held('gatescope.whatIfZero', 0, true),
    held('gatescope.whatIfZeroHere', 0, false),
    on('gatescope.whatIfInitial', (session, at) => {
      if (at) return ask(session, `${addressText(initial(at))}=`);
    }),
    on('gatescope.whatIfToken', (session, at) => {
      if (at) return replaceToken(session, at);
    }),
    on('gatescope.whatIfRestore', (session, at) => {
      if (!at) return;
      for (const one of [at, atEveryStep(at)]) session.change({ type: 'restore', address: addressText(one) });
    }),
    on('gatescope.undoWhatIf', (session) => session.change({ type: 'undoChange' })),
    on('gatescope.redoWhatIf', (session) => session.change({ type: 'redoChange' })),
    on('gatescope.clearWhatIf', (session) => session.change({ type: 'clearChanges' })),
  );
}

/** What the panel says lies under its menu; undefined from the palette. */
function changedIn(argument: unknown): Changed | undefined {
  const { layer, level, direction, signal, unit, step } = record(argument);
  if (typeof layer !== 'string' || typeof signal !== 'string' || !isCount(level)) return undefined;
  if (direction !== 'forward' && direction !== 'backward') return undefined;
  return {
    ...{ layer, level, direction, signal },
    ...(isCount(unit) && { unit }),
    ...(isCount(step) && { step }),
  };
}

function atEveryStep({ step: _, ...signal }: Changed): Changed {
  return signal;
}

/** The state before the first step. */
function initial(at: Changed): Changed {
  return { ...atEveryStep(at), signal: `${at.signal}0` };
}

/** Asks for changes as text, several a line or with semicolons between them. */
async function ask(session: PanelSession, value: string): Promise<void> {
  const { network, sequence } = await session.ran();
  const { refusedChanges } = await import('../host/whatIf');
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('What If'),
    prompt: vscode.l10n.t(
      'LAYER.SIGNAL[UNIT]@STEP=VALUE, such as lstm.f=1, lstm.f[12]@1..3=0, lstm.h0=0, input@3=0.5; more than one with “; ” between them',
    ),
    value,
    valueSelection: [value.length, value.length],
    validateInput(typed) {
      const [fault] = refusedChanges(network, sequence, splitChanges(typed));
      return fault && `${fault.set}: ${fault.reason}`;
    },
  });
  const sets = splitChanges(text ?? '');
  if (sets.length > 0) session.change({ type: 'change', sets });
}

async function replaceToken(session: PanelSession, at: Changed): Promise<void> {
  const { network } = await session.ran();
  if (network.input.kind !== 'token') return;
  const items = network.input.vocabulary.map((token) => ({ label: token === ' ' ? '␣' : token, token }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What If'),
    placeHolder: vscode.l10n.t('Token at step {0}', (at.step ?? 0) + 1),
  });
  if (picked) session.change({ type: 'change', sets: [changeText(at, picked.token)] });
}
