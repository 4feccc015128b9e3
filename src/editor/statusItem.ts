import * as vscode from 'vscode';
import { architecture } from '../words/summary';
import { Disposable } from './dispose';
import type { PanelSession } from './panelSession';
import type { UnrolledEditor } from './unrolledEditor';

/** In the status bar: what the model in front is, its parameters, and how long its last run took. */
export class StatusItem extends Disposable {
  private readonly item = this.register(
    vscode.window.createStatusBarItem('gatescope.model', vscode.StatusBarAlignment.Right, 90),
  );

  constructor(private readonly editor: UnrolledEditor) {
    super();
    this.item.name = vscode.l10n.t('Recurrent Network');
    this.item.command = 'gatescope.runSample';
    this.register(
      editor.onDidOpen((session) => {
        const { panel } = session;
        const listeners = [
          session.onDidSay(({ type }) => (type === 'ran' || type === 'scene') && this.show()),
          panel.onDidChangeViewState(() => this.show()),
        ];
        panel.onDidDispose(() => {
          vscode.Disposable.from(...listeners).dispose();
          this.show();
        });
        this.show();
      }),
    );
  }

  private show(): void {
    const session = this.editor.active;
    const scene = session?.panel.active ? session.scene : undefined;
    if (!scene) return this.item.hide();
    const { network, parameters } = scene;
    const kind = architecture(network) || network.name;
    const count = vscode.l10n.t('{0} parameters', parameters.toLocaleString(vscode.env.language));
    const took = this.lastRun(session!);
    this.item.text = `$(type-hierarchy-sub) ${[kind, count, ...(took ? [took] : [])].map(plain).join(' · ')}`;
    this.item.tooltip = [scene.fileName, ...network.conventions, vscode.l10n.t('Run a sample sequence')].join(
      '\n',
    );
    this.item.show();
  }

  private lastRun({ lastRun }: PanelSession): string | undefined {
    if (!lastRun) return undefined;
    const { milliseconds } = lastRun;
    return milliseconds < 1000
      ? vscode.l10n.t('{0} ms', milliseconds.toFixed(milliseconds < 10 ? 1 : 0))
      : vscode.l10n.t('{0} s', (milliseconds / 1000).toFixed(1));
  }
}

/** What a file says must not become an icon: `$(name)` is one in the status bar. */
function plain(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}
