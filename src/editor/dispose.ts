import type * as vscode from 'vscode';

/** Owns what it registers, and lets go of it once. */
export abstract class Disposable implements vscode.Disposable {
  private readonly owned: vscode.Disposable[] = [];
  private gone = false;

  /** True once disposed: to be checked after every `await`. */
  protected get isDisposed(): boolean {
    return this.gone;
  }

  protected register<T extends vscode.Disposable>(disposable: T): T {
    if (this.gone) disposable.dispose();
    else this.owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    for (const disposable of this.owned.reverse()) disposable.dispose();
  }
}
