import * as vscode from 'vscode';
import { Disposable } from '../editor/dispose';
import { isNativeFile, type ModelDocument, type ModelDocuments } from '../editor/modelDocument';
import { problemRange } from '../editor/place';
import type { Problem } from '../model/problem';

/** Shows in the Problems view what is wrong with the models that are open, as text or as a picture. */
export class Problems extends Disposable {
  private readonly diagnostics = this.register(vscode.languages.createDiagnosticCollection('gatescope'));
  private readonly held = new Map<vscode.TextDocument, vscode.Disposable>();

  constructor(private readonly models: ModelDocuments) {
    super();
    this.register(models.onDidRead(({ model }) => this.show(model)));
    this.register(models.onDidFind((model) => this.show(model)));
    this.register(models.onDidRelease(({ uri }) => this.diagnostics.delete(uri)));
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.hold(document)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.release(document)));
    vscode.workspace.textDocuments.forEach((document) => this.hold(document));
  }

  private show({ uri, text, current, findings }: ModelDocument): void {
    this.diagnostics.set(uri, shown(uri, text, [...(current?.problems ?? []), ...findings]));
  }

  override dispose(): void {
    for (const release of this.held.values()) release.dispose();
    super.dispose();
  }

  /** Native files are read while they are open; other JSON only while a panel shows it. */
  private hold(document: vscode.TextDocument): void {
    const ours = isNativeFile(document.uri) && !['git', 'output', 'vscode'].includes(document.uri.scheme);
    if (!ours || this.held.has(document)) return;
    const [, release] = this.models.acquire(document.uri, document);
    this.held.set(document, release);
  }

  private release(document: vscode.TextDocument): void {
    this.held.get(document)?.dispose();
    this.held.delete(document);
  }
}

/** The schema already marks its share in native files; repeating it would show every fault twice. */
function shown(
  uri: vscode.Uri,
  text: vscode.TextDocument | undefined,
  problems: readonly Problem[],
): vscode.Diagnostic[] {
  const schemaApplies = isNativeFile(uri) && text?.languageId.startsWith('json');
  return problems.filter((problem) => !(schemaApplies && problem.markedBySchema)).map(toDiagnostic(text));
}

/** A file that is no text has its problems at its start. */
function toDiagnostic(text: vscode.TextDocument | undefined): (problem: Problem) => vscode.Diagnostic {
  return (problem) => {
    const diagnostic = new vscode.Diagnostic(
      text ? problemRange(text, problem.place) : new vscode.Range(0, 0, 0, 0),
      problem.message,
      problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = 'gatescope';
    diagnostic.code = problem.code;
    return diagnostic;
  };
}
