import * as vscode from 'vscode';
import { Disposable } from './dispose';
import { isNativeFile, type ModelDocuments } from './modelDocument';
import { page, panelRoot } from './page';
import { PanelSession } from './panelSession';
import { affectsPanel, panelSettings } from './settings';
import { BINARY_VIEW, JSON_VIEW, LARGE_VIEW, NATIVE_VIEW } from './views';

/** VS Code gives no text document of more to extensions. */
const MAX_TEXT_BYTES = 50 * 2 ** 20;

/** Endings of text that no dialect has for its own. */
const OTHER_TEXT = /\.(jsonc|txt)$/i;

/** The view that shows a file: binary files and very large ones as they are on disk, others through their text document. */
async function viewOf(uri: vscode.Uri): Promise<string> {
  // The readers are not loaded before a model is opened.
  const { isTextName } = await import('../model/dialects/all');
  if (!isTextName(uri.path) && !OTHER_TEXT.test(uri.path)) return BINARY_VIEW;
  const view = isNativeFile(uri) ? NATIVE_VIEW : JSON_VIEW;
  if (uri.scheme === 'untitled') return view;
  const { size } = await vscode.workspace.fs.stat(uri);
  return size > MAX_TEXT_BYTES ? LARGE_VIEW : view;
}

/** The custom editor that shows a model as its unrolled graph: one session per panel, any number per document. */
export class UnrolledEditor extends Disposable implements vscode.CustomTextEditorProvider {
  private readonly sessions = new Set<PanelSession>();
  private readonly opened = this.register(new vscode.EventEmitter<PanelSession>());
  readonly onDidOpen = this.opened.event;

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
  get active(): PanelSession | undefined {
    const all = [...this.sessions];
    return all.find((session) => session.panel.active) ?? all.findLast((session) => session.panel.visible);
  }

  /** A session that shows this document, a visible one first. */
  showing(uri: vscode.Uri): PanelSession | undefined {
    const same = [...this.sessions].filter((session) => session.uri.toString() === uri.toString());
    return same.find((session) => session.panel.visible) ?? same[0];
  }

  /** Opens a model as its unrolled graph and waits for its session. */
  async open(uri: vscode.Uri, column: vscode.ViewColumn = vscode.ViewColumn.Active): Promise<PanelSession> {
    const view = await viewOf(uri);
    const session = new Promise<PanelSession>((resolve) => {
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
    this.show(document.uri, panel, document);
  }

  /** Fills a panel with the model in a file, or in its text document. */
  show(uri: vscode.Uri, panel: vscode.WebviewPanel, text?: vscode.TextDocument): void {
    panel.webview.options = { enableScripts: true, localResourceRoots: [panelRoot(this.extension)] };
    const [model, release] = this.models.acquire(uri, text);
    const session = new PanelSession(panel, model);
    this.sessions.add(session);
    const fill = () => (panel.webview.html = page(panel.webview, this.extension, panelSettings(uri)));
    // The page keeps what was chosen in it, and starts anew.
    const changed = vscode.workspace.onDidChangeConfiguration((event) => affectsPanel(event, uri) && fill());
    panel.onDidDispose(() => {
      changed.dispose();
      this.sessions.delete(session);
      session.dispose();
      release.dispose();
    });
    fill();
    this.opened.fire(session);
  }
}
