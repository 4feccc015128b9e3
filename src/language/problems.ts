import * as vscode from 'vscode';
import { Disposable } from '../editor/dispose';
import { isNativeFile, type ModelDocuments } from '../editor/modelDocument';
import { problemRange } from '../editor/place';
import type { Problem } from '../model/problem';

/** Shows in the Problems view what is wrong with the models that are open, as text or as a picture. */
export class Problems extends Disposable {
  private readonly diagnostics = this.register(vscode.languages.createDiagnosticCollection('gatescope'));
  private readonly held = new Map<vscode.TextDocument, vscode.Disposable>();

  constructor(private readonly models: ModelDocuments) {
    super();
    this.register(
      models.onDidRead(({ document, reading }) => {
        this.diagnostics.set(document.uri, shown(document, reading.problems));
      }),
    );
    this.register(models.onDidRelease((document) => this.diagnostics.delete(document.uri)));
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.hold(document)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.release(document)));
    vscode.workspace.textDocuments.forEach((document) => this.hold(document));
  }

  override dispose(): void {
    for (const release of this.held.values()) release.dispose();
    super.dispose();
  }

  /** Native files are read while they are open; other JSON only while a panel shows it. */
  private hold(document: vscode.TextDocument): void {
    const ours = isNativeFile(document.uri) && !['git', 'output', 'vscode'].includes(document.uri.scheme);
    if (!ours || this.held.has(document)) return;
    const [, release] = this.models.acquire(document);
    this.held.set(document, release);
  }

  private release(document: vscode.TextDocument): void {
    this.held.get(document)?.dispose();
    this.held.delete(document);
  }
}

/** The schema already marks its share in native files; repeating it would show every fault twice. */
function shown(document: vscode.TextDocument, problems: readonly Problem[]): vscode.Diagnostic[] {
  const schemaApplies = isNativeFile(document.uri) && document.languageId.startsWith('json');
  return problems.filter((problem) => !(schemaApplies && problem.markedBySchema)).map(toDiagnostic(document));
}

function toDiagnostic(document: vscode.TextDocument): (problem: Problem) => vscode.Diagnostic {
  return (problem) => {
    const diagnostic = new vscode.Diagnostic(
      problemRange(document, problem.place),
      problem.message,
      problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = 'gatescope';
    diagnostic.code = problem.code;
    return diagnostic;
  };
}
