import * as vscode from 'vscode';
import { Disposable } from './dispose';
import { isNativeFile, type ModelDocuments } from './modelDocument';
import { page, panelRoot } from './page';
import { Session } from './session';

export const NATIVE_VIEW = 'gatescope.unrolled';
export const JSON_VIEW = 'gatescope.unrolledJson';

/** The custom editor that shows a model as its unrolled graph: one session per panel, any number per document. */
export class UnrolledEditor extends Disposable implements vscode.CustomTextEditorProvider {
  private readonly sessions = new Set<Session>();
  private readonly opened = this.register(new vscode.EventEmitter<Session>());

  constructor(
    private readonly extension: vscode.Uri,
    private readonly models: ModelDocuments,
  ) {
    super();
    for (const view of [NATIVE_VIEW, JSON_VIEW]) {
      this.register(
        vscode.window.registerCustomEditorProvider(view, this, { supportsMultipleEditorsPerDocument: true }),
      );
    }
  }

  /** The session whose panel has the focus, or had it last and is still visible. */
  get active(): Session | undefined {
    const all = [...this.sessions];
    return all.find((session) => session.panel.active) ?? all.findLast((session) => session.panel.visible);
  }

  /** A session that shows this document, a visible one first. */
  showing(uri: vscode.Uri): Session | undefined {
    const same = [...this.sessions].filter((session) => session.uri.toString() === uri.toString());
    return same.find((session) => session.panel.visible) ?? same[0];
  }

  /** Opens a model as its unrolled graph and waits for its session. */
  async open(uri: vscode.Uri, column: vscode.ViewColumn = vscode.ViewColumn.Active): Promise<Session> {
    const view = isNativeFile(uri) ? NATIVE_VIEW : JSON_VIEW;
    const session = new Promise<Session>((resolve) => {
      const waiting = this.opened.event((opened) => {
        if (opened.uri.toString() !== uri.toString()) return;
        waiting.dispose();
        resolve(opened);
      });
      const before = this.showing(uri);
      if (before && column === vscode.ViewColumn.Active) {
        waiting.dispose();
        resolve(before);
      }
    });
    await vscode.commands.executeCommand('vscode.openWith', uri, view, column);
    return session;
  }

  resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [panelRoot(this.extension)] };
    const [model, release] = this.models.acquire(document);
    const session = new Session(panel, model);
    this.sessions.add(session);
    panel.onDidDispose(() => {
      this.sessions.delete(session);
      session.dispose();
      release.dispose();
    });
    panel.webview.html = page(panel.webview, this.extension);
    this.opened.fire(session);
  }
}
